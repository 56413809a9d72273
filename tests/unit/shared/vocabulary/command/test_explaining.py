"""`mtm-vocabulary explain`: which conditions a code shows, and why it does not show others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from mtm_shared.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from ..conftest import SmallDictionary  # noqa: TID252 - the fixture of the folder above
    from .conftest import Run

HIGH_CHOLESTEROL = """\
E78.5
  ICD-10-CM     below E78 Disorders of lipoprotein metabolism and other
                lipidemias; whether the code exists is told by a vocabulary
                built from the official files

It shows dyslipidemia: Dyslipidemia
  because       E78 and all below it are in: a list
  core disease  dyslipidemia
  evidence      1 inpatient claim, or 2 other claims at least 1 day apart,
                within 730 days
                a rule (unverified); a programme's file sets its own
  RxHCC         V08 RXHCC47 Disorders of Lipoid Metabolism (within)
"""
LIPOPROTEIN_DEFICIENCY = """\
It is not dyslipidemia: Dyslipidemia
  because       E78.6 and all below it are left out, though codes around it are
                in: a list
"""


@pytest.mark.usefixtures("no_services")
def test_a_code_is_explained_by_its_prefix(run: Run, small: SmallDictionary) -> None:
    code, text = run("explain", "E78.5", "--vocabulary", small.folder)

    assert text == f"{HIGH_CHOLESTEROL}\nvocabulary 2026.11.0 {load_vocabulary(small.folder).sha256}\n"
    assert code == 0


@pytest.mark.usefixtures("no_services")
def test_a_code_that_is_left_out_says_why(run: Run, small: SmallDictionary) -> None:
    _, text = run("explain", "e786", "--vocabulary", small.folder)

    assert "It shows no condition of this vocabulary." in text
    assert LIPOPROTEIN_DEFICIENCY in text


def test_still_disease_is_not_rheumatoid_arthritis(run: Run) -> None:
    _, text = run("explain", "M06.1")

    assert "It is not rheumatoid_arthritis" in text
    assert "adult-onset Still's disease is not rheumatoid arthritis" in " ".join(text.split())


def test_programmes_that_count_the_condition_are_named(run: Run) -> None:
    assert "cms-2026" in run("explain", "E11.22")[1]


@pytest.mark.parametrize(
    ("given", "condition"), [("E11.22", "diabetes"), ("44054006", "diabetes"), ("RxHCC30", "diabetes")]
)
def test_every_code_system_leads_to_the_condition(run_json: Callable[..., Any], given: str, condition: str) -> None:
    (answer,) = run_json("explain", given)["answers"]

    assert condition in [each["id"] for each in answer["conditions"]]
    assert all(each["because"] for each in answer["conditions"])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("250.00", "invalid_icd10"),
        ("Z00000000", "invalid_icd10"),
        ("44054007", "invalid_snomed"),
        ("RXHCC999", "unknown_rxhcc"),
    ],
)
def test_what_is_no_code_is_refused(run_json: Callable[..., Any], given: str, code: str) -> None:
    assert run_json("explain", given)["not_understood"]["code"] == code


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("250.00", "it is written as a code of ICD-9-CM"),
        ("44054007", "its check digit is not that of a SNOMED CT concept"),
        ("U99.9", "ICD-10-CM has no category that begins so"),
        ("neurosis", "no condition has this id or name"),
    ],
)
def test_the_refusal_says_what_is_wrong_with_the_code(run: Run, given: str, told: str) -> None:
    assert told in " ".join(run("explain", given)[1].split())


@pytest.mark.parametrize("given", ["diabetes", "type_2_diabetes", "High blood pressure"])
def test_a_condition_is_shown_with_its_codes(run: Run, given: str) -> None:
    code, text = run("explain", given)

    assert "codes in" in text
    assert code == 0
