"""Every worked case against the kernel, with the real vocabulary and the programmes that ship."""

from collections import Counter
from dataclasses import asdict

import pytest
from cases.eligibility.cases import Case, as_table, load_cases, mismatches
from cases.eligibility.facts import facts_of
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.reference import load_programs
from mtm_shared.vocabulary import load_vocabulary

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_case(case: Case) -> None:
    facts = facts_of(case.record, load_vocabulary())
    determination = asdict(determine(facts, load_programs()[case.program_id], case.as_of))
    assert mismatches(case, determination) == [], as_table(case)


def test_every_programme_has_cases_for_both_sides_of_its_tests() -> None:
    outcomes = Counter((case.program_id, case.expect["outcome"]) for case in CASES)
    for program_id in load_programs():
        assert outcomes[program_id, "eligible"] >= 2, program_id
        assert outcomes[program_id, "not_eligible"] >= 2, program_id
        assert outcomes[program_id, "cannot_tell"] >= 1, program_id
