"""From what was spent so far to the likely cost of a year: one function a method, named by the programme's file.

42 CFR 423.153(d)(2)(i)(C) asks who is *likely* to incur an annual cost and leaves the projection to the sponsor,
which documents it. Every method says what it saw and what it assumed. Amounts are rounded to the cent, half up, before
they are compared. Not modelled: price changes, benefit phases, drugs that will start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from mtm_shared.values.money import CENT, in_words

from mtm_eligibility.domain.criteria.counting import counted
from mtm_eligibility.domain.periods import TWELVE_MONTHS, Periods
from mtm_eligibility.domain.program import CostMethod
from mtm_eligibility.domain.taking import NOTHING, Taken

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Spending:
    """Covered costs of the drugs that count. Days are covered days, in the year and in the last twelve months.

    `unknown_may_run` takes drugs that could not be understood for maintenance drugs, to see what they could change.
    """

    drugs: Sequence[Taken]
    year_to_date: Decimal
    fills_to_date: int
    days_of_year: int
    days_of_twelve_months: int
    grace_days: int
    periods: Periods
    unknown_may_run: bool = False


@dataclass(frozen=True, slots=True)
class Projection:
    """The likely cost of a year. `days_seen` is the coverage that it rests on."""

    amount: Decimal
    days_seen: int
    saw: str
    assumed: str


def annualised_to_date(spending: Spending) -> Projection:
    """Costs of the year to date, scaled from the covered days of the year to a whole year."""
    days = spending.days_of_year
    year_days = spending.periods.year_days
    amount = _cents(spending.year_to_date * year_days / days) if days else spending.year_to_date
    return Projection(
        amount,
        days,
        f"{in_words(spending.year_to_date)} over {counted(days, 'covered day')} from {spending.periods.year_start}",
        f"a whole year of {year_days} days costs as much a day as the covered days so far",
    )


def quarter_run_rate(spending: Spending) -> Projection:
    """Four times the costs of the last 91 days: met when a quarter of the threshold was spent in a quarter."""
    quarter = sum((taken.cost_three_months for taken in spending.drugs), NOTHING)
    return Projection(
        _cents(quarter * QUARTERS),
        spending.days_of_twelve_months,
        f"{in_words(quarter)} over the last 91 days from {spending.periods.three_months_from}",
        "each quarter of the year costs as much as the last one",
    )


def trailing_twelve_months(spending: Spending) -> Projection:
    """The costs of the last 365 days."""
    amount = sum((taken.cost_twelve_months for taken in spending.drugs), NOTHING)
    return Projection(
        _cents(amount),
        spending.days_of_twelve_months,
        f"{in_words(amount)} over the last {TWELVE_MONTHS} days from {spending.periods.twelve_months_from}",
        "the year costs as much as the last twelve months",
    )


def supply_run_rate(spending: Spending) -> Projection:
    """Costs of the year to date, and each running maintenance drug going on to the end of the year.

    A drug runs while its supply with the grace reaches the day. Its cost a day is what it cost in the last twelve
    months over the days from its first fill in them to the end of its supply; supply on hand is already paid for.
    Days of the year before the member was covered are taken to cost as much a day as the others.
    """
    periods = spending.periods
    as_of, year_end = periods.as_of.toordinal(), periods.year_end.toordinal()
    to_come = NOTHING
    running = 0
    for taken in spending.drugs:
        first = taken.first_of_twelve_months
        runs = taken.maintenance or (taken.drug is None and spending.unknown_may_run)
        if not runs or first is None or taken.supply_through + spending.grace_days < as_of:
            continue
        running += 1
        days_left = year_end - max(taken.supply_through, as_of)
        if days_left > 0:
            to_come += taken.cost_twelve_months * days_left / (taken.supply_through - first + 1)
    amount = spending.year_to_date + to_come
    assumed = f"no other drug is filled by {periods.year_end}"
    if running:
        go_on = "it goes on at its" if running == 1 else "they go on at their"
        assumed = f"{go_on} cost a day to {periods.year_end}, {in_words(to_come)} more, and no other is filled"
    covered = spending.days_of_year + year_end - as_of
    if 0 < covered < periods.year_days:
        amount = amount * periods.year_days / covered
        assumed += f"; {_before_coverage(periods.year_days - covered)} as much a day"
    return Projection(
        _cents(amount),
        spending.days_of_twelve_months,
        f"{in_words(spending.year_to_date)} from {periods.year_start} "
        f"and {counted(running, 'running maintenance drug')}",
        assumed,
    )


METHODS: Mapping[CostMethod, Callable[[Spending], Projection]] = MappingProxyType(
    {
        CostMethod.ANNUALISED_TO_DATE: annualised_to_date,
        CostMethod.QUARTER_RUN_RATE: quarter_run_rate,
        CostMethod.TRAILING_TWELVE_MONTHS: trailing_twelve_months,
        CostMethod.SUPPLY_RUN_RATE: supply_run_rate,
    }
)


def _before_coverage(days: int) -> str:
    return "the day before coverage costs" if days == 1 else f"the {days} days before coverage cost"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
