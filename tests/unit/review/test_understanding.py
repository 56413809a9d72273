"""Codes of conditions, as the vocabulary reads them for a review."""

from dataclasses import replace
from datetime import date

import pytest
from mtm_review.domain.patient import Condition, Patient
from mtm_review.usecases.understanding import (
    condition_by_icd10,
    condition_by_id,
    condition_by_snomed,
    patient_understood_again,
)
from mtm_shared.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def read(**code: str) -> Condition:
    ((kind, given),) = code.items()
    reader = {"icd10": condition_by_icd10, "snomed": condition_by_snomed, "code": condition_by_id}[kind]
    return reader(VOCABULARY, given, None, None, "reported")


@pytest.mark.parametrize(
    ("kind", "given"), [("icd10", "I50.22"), ("snomed", "417996009"), ("code", "systolic_heart_failure")]
)
def test_the_same_disease_is_the_same_conditions_by_every_code(kind: str, given: str) -> None:
    condition = read(**{kind: given})
    assert condition.conditions == {"chronic_heart_failure", "systolic_heart_failure"}
    assert (condition.given, condition.problem) == (given, "")


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        ("icd10", "428.0", "invalid_icd10"),
        ("icd10", "Q46.9", "unknown_icd10"),
        ("snomed", "84114008", "invalid_snomed"),
        ("snomed", "138875005", "no_mapping"),
        ("code", "heart_trouble", "unknown_condition"),
    ],
)
def test_a_code_that_cannot_be_used_shows_nothing_and_says_why(kind: str, given: str, problem: str) -> None:
    condition = read(**{kind: given})
    assert (condition.problem, condition.conditions) == (problem, frozenset())
    assert condition.problem_detail.startswith(f"{given} is ")


def test_a_kept_condition_is_read_again_and_what_was_said_of_it_stays() -> None:
    earlier = Condition("I50.22", icd10="I5022", since=date(2025, 1, 1), source="claim", denied=True)
    by_id = Condition("gout", code="gout", problem="unknown_condition", problem_detail="gout is not known.")
    patient = Patient(date(1950, 3, 15), conditions=(earlier, by_id))
    again, gout = patient_understood_again(patient, VOCABULARY).conditions
    assert again == replace(earlier, conditions=frozenset({"chronic_heart_failure", "systolic_heart_failure"}))
    assert (gout.conditions, gout.problem, gout.problem_detail) == (frozenset({"gout"}), "", "")
