"""The published test cases of CMS156: the expected numerators, or a difference that `docs/cms156.md` explains."""

from functools import cache
from pathlib import Path

import pytest
from cases.review.cms156 import MeasureCase, load_measure_cases, medications_of, numerators
from support import cases

pytestmark = pytest.mark.realcases

PAGE = Path(__file__).parents[3] / "docs" / "cms156.md"
DIFFERENCES = {"505a88e3": (False, False, False)}


@cache
def measure_cases() -> list[MeasureCase]:
    return load_measure_cases(cases() / "cms156-2023" / "cases.jsonl")


def test_the_numerators_are_those_expected_but_for_what_is_explained() -> None:
    answers = {case.case_id: (case.expected, numerators(case)) for case in measure_cases()}

    assert len(answers) == 22
    assert {case_id: ours for case_id, (expected, ours) in answers.items() if ours != expected} == DIFFERENCES


def test_every_drug_of_the_cases_is_understood() -> None:
    orders = [order for case in measure_cases() for order in medications_of(case)]

    assert sum(case.has_drugs for case in measure_cases()) == 14
    assert [order.given for order in orders if order.drug is None] == []


def test_the_page_tells_every_case_and_its_answer() -> None:
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]

    told = {row[0].strip("`"): (row[2], row[3]) for row in rows}
    assert told == {case.case_id: (_said(case.expected), _said(numerators(case))) for case in measure_cases()}
    assert all(row[4] for row in rows if row[2] != row[3])


def _said(found: tuple[bool, bool, bool]) -> str:
    return " ".join("yes" if one else "no" for one in found)
