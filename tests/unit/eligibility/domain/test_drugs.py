"""The drug test: drugs, not claims; what is unknown matters only where it could decide."""

from datetime import timedelta

import pytest
from mtm_eligibility.domain.determination import CriterionName
from mtm_eligibility.domain.facts import CoverageStatus
from mtm_eligibility.domain.program import DrugUniverse, Program, WindowKind
from mtm_shared.values.drug import Drug
from mtm_shared.values.outcome import Outcome
from unit.eligibility.domain.example import AS_OF, MAINTENANCE, Example, a_member, changed, drug, program

DRUGS = CriterionName.PART_D_DRUGS


def rules(**values: object) -> Program:
    from dataclasses import replace

    base = program()
    return replace(base, part_d_drugs=changed(base.part_d_drugs, **values))


def count(example: Example, under: Program | str = "cms-2026") -> int:
    return int(example.criterion(DRUGS, under).observed)


@pytest.mark.parametrize(
    "second",
    [drug("drug a"), drug("drug a", brand="Adrug")],
    ids=["another NDC or strength", "the brand"],
)
def test_one_drug_however_it_is_packed(second: Drug) -> None:
    assert count(a_member().filling("drug a").filling(second)) == 1


def test_a_combination_is_a_drug_of_its_own() -> None:
    assert count(a_member().filling("drug a").filling("drug b").filling(drug("drug a", "drug b"))) == 3


@pytest.mark.parametrize("status", [CoverageStatus.OVER_THE_COUNTER, CoverageStatus.SUPPLEMENTAL])
def test_only_covered_events_count(status: CoverageStatus) -> None:
    assert count(a_member().filling("drug a", coverage_status=status)) == 0


def test_a_supplement_is_named_and_not_counted() -> None:
    determination = a_member().filling(drug("fish oil", supplement=True)).under()
    assert [each.code for each in determination.not_counted] == ["not_a_part_d_drug"]


def test_a_drug_for_a_short_course_counts_where_all_part_d_drugs_count() -> None:
    course = a_member().filling(drug("antibiotic", maintenance=False))
    assert (count(course), count(course, rules(universe=DrugUniverse.PART_D))) == (0, 1)


@pytest.mark.parametrize(("days_ago", "counted"), [(119, 1), (120, 0)])
def test_the_first_day_of_the_window(days_ago: int, counted: int) -> None:
    assert count(a_member().filling("drug a", at=AS_OF - timedelta(days=days_ago))) == counted


def test_a_window_of_the_plan_year_begins_on_the_first_of_january() -> None:
    year = rules(window=WindowKind.PLAN_YEAR)
    first = AS_OF.replace(month=1, day=1)
    assert count(a_member().filling("drug a", at=first).filling("drug b", at=first - timedelta(days=1)), year) == 1


def test_an_unknown_drug_that_could_be_the_eighth_is_named() -> None:
    criterion = a_member().filling_each(MAINTENANCE[:7]).filling(None, given="12345678901").criterion(DRUGS)
    assert criterion.outcome is Outcome.CANNOT_TELL
    assert "12345678901" in criterion.because


@pytest.mark.parametrize(("certain", "outcome"), [(6, Outcome.NOT_MET), (8, Outcome.MET)])
def test_an_unknown_drug_that_decides_nothing(certain: int, outcome: Outcome) -> None:
    assert a_member().filling_each(MAINTENANCE[:certain]).filling(None).criterion(DRUGS).outcome is outcome


def test_one_unknown_ndc_filled_twice_is_at_most_one_drug() -> None:
    criterion = a_member().filling_each(MAINTENANCE[:6]).filling(None).filling(None).criterion(DRUGS)
    assert criterion.outcome is Outcome.NOT_MET


def test_evidence_names_the_last_fill() -> None:
    member = a_member().filling("drug a", claim_id="2").filling("drug a", at=AS_OF - timedelta(days=30), claim_id="9")
    assert member.criterion(DRUGS).evidence == (f"drug a: last filled {AS_OF} (claim 2)",)


def test_a_drug_filled_before_the_window_is_named() -> None:
    determination = a_member().filling("drug a", at=AS_OF - timedelta(days=150)).under()
    assert [(each.value, each.code) for each in determination.not_counted] == [("drug a", "before_counting_window")]


def test_many_unknown_drugs_are_named_in_part_in_the_sentence_and_in_full_beside_it() -> None:
    member = a_member()
    for number in range(10):
        member = member.filling(None, given=f"{number:011d}")
    assert "00000000007 and 2 more could not be understood" in member.criterion(DRUGS).because
    assert len(member.under().not_checked) == 10
