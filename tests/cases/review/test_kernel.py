"""The labelled cases against the kernel, with the real vocabulary and the real knowledge."""

import pytest
from cases.review.cases import Case, load_cases
from cases.review.running import as_answer, run

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_case(case: Case) -> None:
    case.check(as_answer(run(case)))


def test_enough_cases_and_a_third_of_them_nuisance_negatives() -> None:
    assert len(CASES) >= 400
    assert sum(case.is_nuisance for case in CASES) * 3 >= len(CASES)
