"""The cost test: methods of projection, thresholds to the cent, and what is not known."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from mtm_eligibility.domain.determination import CriterionName
from mtm_eligibility.domain.program import Comparison, CostMethod, DrugUniverse, Program
from mtm_shared.values.outcome import Outcome
from unit.eligibility.domain.example import AS_OF, Example, a_member, changed, drug, program

COST = CriterionName.ANNUAL_COST
NEW_YEARS_EVE = date(2026, 12, 31)


def rules(method: CostMethod = CostMethod.ANNUALISED_TO_DATE, **values: Any) -> Program:
    base = program()
    return replace(base, annual_cost=changed(base.annual_cost, method=method, **values))


def projected(example: Example, under: Program, as_of: date = AS_OF) -> Decimal:
    return Decimal(example.criterion(COST, under, as_of).observed)


def test_annualised_to_date_scales_covered_days_to_the_year() -> None:
    member = a_member().filling("drug a", "181.00", at=date(2026, 3, 1))
    assert projected(member, rules()) == Decimal("365.00")


def test_annualised_to_date_of_a_late_joiner_counts_the_days_since() -> None:
    member = a_member().covered(date(2026, 6, 1)).filling("drug a", "30.00")
    assert projected(member, rules()) == Decimal("365.00")


def test_a_fill_before_the_first_known_coverage_shows_coverage() -> None:
    member = a_member().covered(date(2026, 6, 1)).filling("drug a", "60.00", at=AS_OF - timedelta(days=59))
    assert projected(member, rules()) == Decimal("365.00")


def test_quarter_run_rate_is_four_times_the_last_91_days() -> None:
    inside, outside = AS_OF - timedelta(days=90), AS_OF - timedelta(days=91)
    member = a_member().filling("drug a", "100.00", at=inside).filling("drug a", "999.00", at=outside)
    assert projected(member, rules(CostMethod.QUARTER_RUN_RATE)) == Decimal("400.00")


def test_trailing_twelve_months_is_the_last_365_days() -> None:
    inside, outside = AS_OF - timedelta(days=364), AS_OF - timedelta(days=365)
    member = a_member().filling("drug a", "100.00", at=inside).filling("drug a", "999.00", at=outside)
    assert projected(member, rules(CostMethod.TRAILING_TWELVE_MONTHS)) == Decimal("100.00")


def test_supply_run_rate_adds_running_maintenance_drugs_to_the_end_of_the_year() -> None:
    member = a_member().filling("drug a", "30.00", at=AS_OF)  # paid for 30 days, then $1.00 a day
    left = (NEW_YEARS_EVE - AS_OF).days - 29
    assert projected(member, rules(CostMethod.SUPPLY_RUN_RATE)) == Decimal(30 + left)


@pytest.mark.parametrize(
    "member",
    [
        a_member().filling(drug("antibiotic", maintenance=False), "30.00"),
        a_member().filling("drug a", "30.00", at=AS_OF - timedelta(days=45)),
    ],
    ids=["a short course", "a drug that ran out"],
)
def test_supply_run_rate_does_not_carry_on_what_does_not_run(member: Example) -> None:
    assert projected(member, rules(CostMethod.SUPPLY_RUN_RATE)) == Decimal("30.00")


def test_a_drug_within_its_grace_still_runs() -> None:
    member = a_member().filling("drug a", "30.00", at=AS_OF - timedelta(days=44))
    assert projected(member, rules(CostMethod.SUPPLY_RUN_RATE)) > Decimal("30.00")


@pytest.mark.parametrize("method", CostMethod)
def test_every_method_says_what_it_saw_and_assumed(method: CostMethod) -> None:
    evidence = a_member().filling("drug a").criterion(COST, rules(method)).evidence
    assert [line.split(":")[0] for line in evidence[1:]] == ["seen", "assumed"]


@pytest.mark.parametrize(
    ("comparison", "cost", "outcome"),
    [
        (Comparison.MORE_THAN, "4376.00", Outcome.NOT_MET),
        (Comparison.MORE_THAN, "4376.01", Outcome.MET),
        (Comparison.AT_LEAST, "4375.99", Outcome.NOT_MET),
        (Comparison.AT_LEAST, "4376.00", Outcome.MET),
    ],
)
@pytest.mark.parametrize("method", [CostMethod.ANNUALISED_TO_DATE, CostMethod.TRAILING_TWELVE_MONTHS])
def test_to_the_cent(method: CostMethod, comparison: Comparison, cost: str, outcome: Outcome) -> None:
    under = rules(method, threshold=Decimal("4376.00"), comparison=comparison)
    member = a_member().filling("drug a", cost, at=date(2026, 3, 1))
    assert member.criterion(COST, under, NEW_YEARS_EVE).outcome is outcome


def test_what_is_spent_is_spent_whatever_the_quarter_says() -> None:
    member = a_member().filling("drug a", "1276.00", at=date(2026, 1, 2))
    criterion = member.criterion(COST, rules(CostMethod.QUARTER_RUN_RATE))
    assert (criterion.outcome, criterion.observed) == (Outcome.MET, "1276.00")


@pytest.mark.parametrize(("days", "outcome"), [(27, Outcome.CANNOT_TELL), (28, Outcome.NOT_MET)])
@pytest.mark.parametrize("method", CostMethod)
def test_too_few_covered_days_cannot_tell(method: CostMethod, days: int, outcome: Outcome) -> None:
    member = a_member().covered(AS_OF - timedelta(days=days - 1)).filling("drug a", "1.00")
    assert member.criterion(COST, rules(method)).outcome is outcome


def test_an_unknown_drug_is_a_covered_cost_where_all_part_d_drugs_count() -> None:
    criterion = a_member().filling(None, "1276.00").criterion(COST, rules())
    assert criterion.outcome is Outcome.MET
    assert "coverage status C is a covered cost all the same" in criterion.evidence[-1]


@pytest.mark.parametrize(
    ("known", "unknown", "outcome"),
    [
        ("1276.00", "1.00", Outcome.MET),
        ("600.00", "676.00", Outcome.CANNOT_TELL),
        ("600.00", "675.99", Outcome.NOT_MET),
    ],
)
def test_an_unknown_drug_decides_where_maintenance_drugs_alone_count(
    known: str, unknown: str, outcome: Outcome
) -> None:
    under = rules(universe=DrugUniverse.PART_D_MAINTENANCE)
    member = a_member().filling("drug a", known, at=date(2026, 3, 1)).filling(None, unknown, at=date(2026, 3, 1))
    assert member.criterion(COST, under, NEW_YEARS_EVE).outcome is outcome


def test_an_unknown_drug_that_may_go_on_cannot_tell_where_running_drugs_are_projected() -> None:
    criterion = (
        a_member().filling(None, "300.00", given="12345678901").criterion(COST, rules(CostMethod.SUPPLY_RUN_RATE))
    )
    assert (criterion.outcome, criterion.observed) == (Outcome.CANNOT_TELL, "300.00")
    assert "12345678901" in criterion.because


def test_supply_run_rate_of_a_late_joiner_is_scaled_to_the_year() -> None:
    # Covered for June: $30.00 paid to 29 July and $155.00 to come make $185.00 for 214 days; 365 days cost $315.54.
    member = a_member().covered(date(2026, 6, 1)).filling("drug a", "30.00")
    assert projected(member, rules(CostMethod.SUPPLY_RUN_RATE)) == Decimal("315.54")


def test_a_fill_of_the_first_of_january_is_of_the_year() -> None:
    member = a_member().filling("drug a", "1.00", at=date(2026, 1, 1)).filling("drug a", "9.00", at=date(2025, 12, 31))
    assert projected(member, rules(), NEW_YEARS_EVE) == Decimal("1.00")


def test_a_fill_of_new_years_day_shows_coverage_from_it() -> None:
    member = a_member().covered(date(2026, 6, 1)).filling("drug a", "181.00", at=date(2026, 1, 1))
    assert projected(member, rules()) == Decimal("365.00")


def test_too_few_covered_days_are_said_with_what_was_spent() -> None:
    member = a_member().covered(AS_OF - timedelta(days=26)).filling("drug a", "5.00")
    criterion = member.criterion(COST, rules())
    assert criterion.observed == "5.00"
    assert criterion.because.startswith("27 covered days are too few to project a year from (at least 28 are needed)")


def test_the_shortest_coverage_that_is_projected_is_projected() -> None:
    member = a_member().covered(AS_OF - timedelta(days=27)).filling("drug a", "28.00")
    assert projected(member, rules()) == Decimal("365.00")


@pytest.mark.parametrize(
    ("method", "sentences"),
    [
        (
            CostMethod.SUPPLY_RUN_RATE,
            ("1 covered fill since", "and 1 running maintenance drug", "it goes on at its cost"),
        ),
        (CostMethod.ANNUALISED_TO_DATE, ("1 covered fill since", "over 1 covered day from")),
    ],
)
def test_one_of_a_thing_is_said_in_the_singular(method: CostMethod, sentences: tuple[str, ...]) -> None:
    member = a_member().covered(AS_OF).filling("drug a", "30.00", at=AS_OF)
    criterion = member.criterion(COST, rules(method), AS_OF)
    said = "\n".join((criterion.because, *criterion.evidence)) + "\n"
    for sentence in sentences:
        assert sentence in said
    assert "1 covered day is too few" in criterion.because


def test_nothing_running_is_not_said_to_go_on() -> None:
    evidence = a_member().criterion(COST, rules(CostMethod.SUPPLY_RUN_RATE), AS_OF).evidence
    assert evidence[-1] == "assumed: no other drug is filled by 2026-12-31"


def test_more_refunded_than_spent_is_a_negative_amount() -> None:
    criterion = (
        a_member().filling("drug a", "-1234.50", at=AS_OF).criterion(COST, rules(CostMethod.SUPPLY_RUN_RATE), AS_OF)
    )
    assert "1 covered fill since 2026-01-01: -$1,234.50" in criterion.evidence
    assert criterion.outcome is Outcome.NOT_MET
