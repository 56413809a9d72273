"""Kept reviews: what is written comes back, the same each time, and rows of earlier versions are read."""

from dataclasses import replace
from datetime import date

from mtm_review.domain.patient import Condition, Patient
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
