"""Records of synthetic seniors as clinics send them: conditions in SNOMED CT, medications in RxNorm or by name."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from mtm_review.domain.finding import Screening
from mtm_review.domain.medication import Medication, Source
from mtm_review.domain.patient import Patient, Sex
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.reference import load_knowledge
from mtm_review.usecases.understanding import condition_by_snomed, understand
from mtm_shared.vocabulary import load_vocabulary
from support import cases

pytestmark = pytest.mark.realcases


@cache
def screenings() -> tuple[Screening, ...]:
    """Each senior on the first day of 2020 with what is then active on record."""
    paths = sorted((cases() / "synthea-seniors" / "bundles").glob("*.json"))
    return tuple(_screened(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


def _screened(bundle: Mapping[str, Any]) -> Screening:
    records = [entry["resource"] for entry in bundle["entry"]]
    (person,) = (record for record in records if record["resourceType"] == "Patient")
    patient = Patient(
        date.fromisoformat(person["birthDate"]),
        Sex(person["gender"]),
        tuple(
            condition_by_snomed(load_vocabulary(), record["code"]["coding"][0]["code"], None, None, "reported")
            for record in records
            if record["resourceType"] == "Condition" and "abatementDateTime" not in record
        ),
    )
    return screen(patient, list(_medications(records)), date(2020, 1, 1), load_knowledge(), ScreeningOptions(200))


def _medications(records: list[Mapping[str, Any]]) -> Iterator[Medication]:
    for place, record in enumerate(records):
        if record["resourceType"] == "MedicationRequest" and record["status"] == "active":
            (coding,) = record["medicationCodeableConcept"]["coding"]
            drug, problem, _ = understand(load_vocabulary(), None, coding["code"], coding["display"])
            yield Medication(f"m{place}", drug, coding["display"], source=Source.REPORTED, problem=problem)


def test_every_condition_on_record_is_understood() -> None:
    gaps = Counter(gap.code for one in screenings() for gap in one.not_checked if gap.what == "condition")

    assert set(gaps) == {"no_rule"}


def found_rules() -> Counter[str]:
    """In how many seniors each rule is found, with no limit on what is shown."""
    return Counter(rule for one in screenings() for rule in {finding.rule_id for finding in one.findings})


def test_known_patterns_are_found_in_snomed_records() -> None:
    """Naproxen and verapamil in heart failure, verapamil with simvastatin: seen in these records by reading them."""
    found = found_rules()
    assert found["drug_disease.nsaids_heart_failure"] == 7
    assert found["drug_disease.nondihydropyridines_heart_failure"] >= 1
    assert found["drug_drug.simvastatin_over_10_verapamil_diltiazem_dronedarone"] >= 1


def test_furosemide_under_two_names_is_one_drug_twice() -> None:
    twice = [
        finding
        for one in screenings()
        for finding in one.findings
        if finding.screen == "duplicate_therapy"
        and any("urosemide" in medication.name for medication in finding.medications)
    ]
    assert twice


def test_a_list_stays_short_enough_to_be_read() -> None:
    counts = sorted(len(one.findings) for one in screenings())
    print(f"findings a senior: median {counts[len(counts) // 2]}, at most {counts[-1]}")
    assert counts[len(counts) // 2] <= 6
