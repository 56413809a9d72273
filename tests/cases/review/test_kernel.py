"""The labelled cases against the kernel, with the real vocabulary and the real knowledge."""

from datetime import date
from typing import Any

import pytest
from cases.review.cases import Case, load_cases
from mtm_review.domain.finding import Screening
from mtm_review.domain.medication import Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Condition, Patient, Sex, Stay
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.reference import load_knowledge
from mtm_review.usecases.understanding import condition_by_icd10, condition_by_id, condition_by_snomed
from mtm_shared.vocabulary import NotUnderstood, load_vocabulary

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_case(case: Case) -> None:
    case.check(as_answer(run(case)))


def test_enough_cases_and_a_third_of_them_nuisance_negatives() -> None:
    assert len(CASES) >= 120
    assert sum(case.is_nuisance for case in CASES) * 3 >= len(CASES)


def run(case: Case) -> Screening:
    patient, medications = domain_of(case)
    options = ScreeningOptions(case.body["options"]["max_findings"])
    return screen(patient, medications, date.fromisoformat(case.body["as_of"]), load_knowledge(), options)


def domain_of(case: Case) -> tuple[Patient, list[Medication]]:
    member = case.body["member"]
    patient = Patient(
        birth_date=date.fromisoformat(member["birth_date"]),
        sex=Sex(member["sex"]),
        conditions=tuple(_condition(item) for item in case.body["conditions"]),
        stays=tuple(Stay(stay["kind"], _day(stay["from"]), _day(stay["to"])) for stay in case.stays),
    )
    return patient, [_medication(item) for item in case.body["medications"]]


def _condition(item: dict[str, Any]) -> Condition:
    read = {"icd10": condition_by_icd10, "snomed": condition_by_snomed, "code": condition_by_id}
    (kind,) = read.keys() & item.keys()
    return read[kind](load_vocabulary(), item[kind], _day(item.get("since")), _day(item.get("until")), "claim")


def _medication(item: dict[str, Any]) -> Medication:
    drug = load_vocabulary().understand(name=item["name"])
    return Medication(
        medication_id=item["medication_id"],
        drug=None if isinstance(drug, NotUnderstood) else drug,
        given=item["name"],
        status=MedicationStatus(item.get("status", "active")),
        start=_day(item.get("start")),
        end=_day(item.get("end")),
        fills=tuple(
            Supply(_day(fill["fill_date"]), fill["days_supply"], fill.get("prescriber_npi", ""))
            for fill in item["fills"]
        ),
        route=item.get("route", ""),
        as_needed=item.get("as_needed", False),
        prescriber_npi=item.get("prescriber_npi", ""),
        source=Source(item["source"]),
        problem=drug.code if isinstance(drug, NotUnderstood) else "",
        problem_detail=drug.detail if isinstance(drug, NotUnderstood) else "",
    )


def _day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)


def as_answer(screening: Screening) -> dict[str, Any]:
    """The screening in the wire's shape, as far as cases look at it."""
    return {
        "findings": [
            {
                "rule_id": f.rule_id, "dur_code": f.dur_code, "tier": f.tier, "severity": f.severity.value,
                "condition": f.condition, "because": f.because,
                "medications": [{"medication_id": m.medication_id, "name": m.name} for m in f.medications],
            }
            for f in screening.findings
        ],
        "suppressed": [
            {"rule_id": s.rule_id, "reason": s.reason.value, "because": s.because} for s in screening.suppressed
        ],
        "not_checked": [
            {"what": n.what, "code": n.code, "value": n.value, "detail": n.detail} for n in screening.not_checked
        ],
        "coverage": {
            "medications": screening.coverage.medications,
            "medications_checked": screening.coverage.medications_checked,
            "conditions": screening.coverage.conditions,
            "conditions_checked": screening.coverage.conditions_checked,
        },
    }  # fmt: skip
