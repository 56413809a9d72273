"""Kept reviews: what is written comes back, the same each time, and rows of earlier versions are read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mtm_review.domain.patient import Allergy, Condition, Lab, Patient
from mtm_review.storage.codec import PATIENT

SHOWN = frozenset({"hypertension", "esrd", "chronic_kidney_disease", "ckd_stage_5", "ckd_stage_4_or_5"})
THE_PATIENT = Patient(date(1950, 3, 15), conditions=(Condition("I12.0", icd10="I120", conditions=SHOWN),))


def test_a_patient_comes_back_and_is_written_in_one_order() -> None:
    written = PATIENT.write(THE_PATIENT)
    assert written["conditions"][0]["conditions"] == sorted(SHOWN)
    assert PATIENT.read(written) == THE_PATIENT


def test_a_row_of_an_earlier_version_has_no_conditions_yet() -> None:
    written = PATIENT.write(THE_PATIENT)
    del written["conditions"][0]["conditions"]
    (condition,) = THE_PATIENT.conditions
    assert PATIENT.read(written).conditions == (replace(condition, conditions=frozenset()),)


def test_allergies_and_results_come_back_and_a_row_without_families_is_read() -> None:
    allergy = Allergy("co-trimoxazole", frozenset({"10180", "10829"}), frozenset({"b", "a"}), "rash", families=SHOWN)
    patient = replace(
        THE_PATIENT, allergies=(allergy,), labs=(Lab("egfr", Decimal("44.5"), "mL/min", date(2026, 6, 1)),)
    )
    written = PATIENT.write(patient)
    assert written["allergies"][0]["rxcuis"] == ["10180", "10829"]
    assert PATIENT.read(written) == patient
    del written["allergies"][0]["families"], written["allergies"][0]["rxcui"]
    assert PATIENT.read(written).allergies == (replace(allergy, families=frozenset()),)
