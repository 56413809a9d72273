"""Reads the published test cases of CMS156, use of high-risk medications in older adults, as reviews.

A review is not the measure: it looks at what is taken on a day, the measure counts orders of a year. What is the
measure's own is therefore done here, and nothing else: a review is made on the day of each order and on the last day of
its directions; a finding counts when its medications were ordered on two different days of the year; and the diagnoses
that except a member are those that overlap the time from a year before the period to that day, whether or not they have
ended since. Which drugs are high-risk, at what dose and for how long, and what excepts a member is the review's. Only
facts of the criteria's list of drugs to avoid (Table 2) are asked, because the measure has no others, and of those that
are too long only nitrofurantoin.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.patient import Condition, Patient, Sex
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.reference import load_knowledge
from mtm_review.usecases.understanding import condition_by_snomed, understand
from mtm_shared.vocabulary import load_vocabulary

DIAGNOSIS_DECIDES = ("antipsychotic", "brexpiprazole", "quetiapine", "clozapine", "pimavanserin", "benzodiazepines")
OPTIONS = ScreeningOptions(max_findings=100, screens=frozenset({Screen.OLDER_ADULT, Screen.DURATION}))
LOOK_BACK = timedelta(days=365)


@dataclass(frozen=True)
class MeasureCase:
    """One published case: the record as it came, what it is about, and the expected numerators 1, 2 and 3."""

    case_id: str
    about: str
    expected: tuple[bool, bool, bool]
    record: Mapping[str, Any]

    @property
    def has_drugs(self) -> bool:
        """True when the case is about drugs, not about age, encounters or hospice alone."""
        return bool(self.record["medications"])


def load_measure_cases(path: Path) -> list[MeasureCase]:
    """Every published case, by the first eight characters of its id."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        one, two, three = (group["numerator"] == 1 for group in record["expected_groups"])
        case_id = record["case_id"].partition(":")[2][:8]
        found.append(MeasureCase(case_id, record["description"], (one, two, three), record))
    return found


def numerators(case: MeasureCase) -> tuple[bool, bool, bool]:
    """High-risk drug found; antipsychotic or benzodiazepine without the excepting diagnosis found; either."""
    found = {finding.rule_id for day in _review_days(case) for finding in _counted(case, day)}
    by_diagnosis = {rule_id for rule_id in found if any(name in rule_id for name in DIAGNOSIS_DECIDES)}
    return (bool(found - by_diagnosis), bool(by_diagnosis), bool(found))


def _review_days(case: MeasureCase) -> list[date]:
    """The days of the orders and the last days of their directions, within the measurement period."""
    start, end = (_day(case.record["measurement_period"][side]) for side in ("start", "end"))
    days = {_day(order["authoredOn"]) for order in case.record["medications"]}
    days |= {_day(bounds["end"]) for order in case.record["medications"] if (bounds := _bounds(order))}
    return sorted(day for day in days if start <= day <= end)


def _bounds(order: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The first and last day of the directions, where they are told."""
    directions = order["dosage"]
    return directions[0]["timing"]["repeat"]["boundsPeriod"] if directions else None


def _counted(case: MeasureCase, as_of: date) -> Iterator[Finding]:
    """Findings of the day on drugs to avoid that were ordered on two different days."""
    ordered = {f"m{place}": _day(order["authoredOn"]) for place, order in enumerate(case.record["medications"])}
    patient = Patient(
        _day(case.record["birthDate"]), Sex(case.record["gender"]), tuple(_conditions(case.record, as_of))
    )
    answer = screen(patient, list(medications_of(case)), as_of, load_knowledge(), OPTIONS)
    for finding in answer.findings:
        days = {ordered[medication.medication_id] for medication in finding.medications}
        if _is_high_risk(finding) and len(days) >= 2:
            yield finding


def _is_high_risk(finding: Finding) -> bool:
    """A drug to avoid; nitrofurantoin for months is told by the screen of duration, at any age."""
    if finding.screen is Screen.DURATION:
        return "nitrofurantoin" in finding.rule_id
    return "Table 2" in finding.citation.source


def medications_of(case: MeasureCase) -> Iterator[Medication]:
    """An order with a supply is a fill from the first day of its directions; one without is a drug being taken."""
    for place, order in enumerate(case.record["medications"]):
        (coding,) = order["codes"]
        drug, problem, _ = understand(load_vocabulary(), None, coding["code"], coding["display"])
        yield Medication(
            f"m{place}",
            drug,
            coding["display"],
            start=_day(order["authoredOn"]),
            fills=tuple(_supplies(order)),
            source=Source.CLAIM if order["dispenseRequest"] else Source.REPORTED,
            problem=problem,
        )


def _supplies(order: Mapping[str, Any]) -> Iterator[Supply]:
    told = order["dispenseRequest"]
    if told:
        quantity = told.get("quantity", {}).get("value", 0)
        days = told["expectedSupplyDuration"]["value"]
        bounds = _bounds(order)
        yield Supply(_day(bounds["start"] if bounds else order["authoredOn"]), days, quantity=Decimal(quantity))


def _conditions(record: Mapping[str, Any], as_of: date) -> Iterator[Condition]:
    """Diagnoses that overlap the measure's window, told as such, without the day on which they ended."""
    opens = _day(record["measurement_period"]["start"]) - LOOK_BACK
    for told in record["conditions"]:
        since, until = _day(told["onset"]), _day(told["abatement"]) if told["abatement"] else None
        if since <= as_of and (until is None or until >= opens):
            code = told["codes"][0]["code"]
            yield condition_by_snomed(load_vocabulary(), code, since, None, "reported")


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
