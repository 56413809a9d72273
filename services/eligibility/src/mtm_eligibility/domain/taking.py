"""What a member takes, drug by drug: the facts that the drug and cost tests read.

A drug is its ingredient set, so two NDCs, two strengths, or a brand and its generic are one drug, and a combination
product is one drug of its own. Only events with drug coverage status `C` are covered Part D drugs; enhanced
alternative (`E`) and over-the-counter (`O`) events count for nothing (CMS PDE record layout, DRUG_CVRG_STUS_CD).
A covered event whose drug could not be understood is kept apart: its cost is known, what it is is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mtm_shared.values.drug import Drug, Ingredient

from mtm_eligibility.domain.determination import NotChecked, NotCounted
from mtm_eligibility.domain.facts import CoverageStatus, Fill
from mtm_eligibility.domain.periods import Periods
from mtm_eligibility.domain.program import DrugUniverse

NOTHING = Decimal(0)


class Taken:
    """One drug, or one identifier that could not be understood (`drug` is None), with its covered fills.

    Read-only once its fills are totalled; a plain class, since building it is most of the work of a determination.
    `first_of_twelve_months` and `supply_through` are proleptic day numbers (`date.toordinal`).
    """

    __slots__ = (
        "cost_three_months", "cost_to_date", "cost_twelve_months", "drug", "fills", "fills_to_date",
        "first_of_twelve_months", "given", "in_window", "is_part_d", "last", "maintenance", "supply_through",
    )  # fmt: skip

    def __init__(self, fill: Fill) -> None:
        drug = fill.drug
        self.drug = drug
        self.given = fill.given
        self.maintenance = drug is not None and drug.maintenance
        self.is_part_d = drug is not None and is_part_d_drug(drug)
        self.fills: list[Fill] = []
        self.last = fill

    def total(self, periods: Periods) -> None:
        """Sum the fills over the periods."""
        to_date = twelve_months = three_months = NOTHING
        fills_to_date = through = 0
        last = self.last
        first: date | None = None
        for fill in self.fills:
            day = fill.fill_date
            if day >= last.fill_date and (day, fill.claim_id) > (last.fill_date, last.claim_id):
                last = fill
            if day >= periods.year_start:
                to_date += fill.cost
                fills_to_date += 1
            if day >= periods.twelve_months_from:
                twelve_months += fill.cost
                if first is None or day < first:
                    first = day
                if day >= periods.three_months_from:
                    three_months += fill.cost
                through = max(through, day.toordinal() + (fill.days_supply or 1) - 1)
        self.last = last
        self.cost_to_date, self.cost_twelve_months, self.cost_three_months = to_date, twelve_months, three_months
        self.fills_to_date = fills_to_date
        self.first_of_twelve_months = None if first is None else first.toordinal()
        self.supply_through = through
        self.in_window = last.fill_date >= periods.drugs_from

    @property
    def name(self) -> str:
        """The drug's name, or the identifier as given where it was not understood."""
        return self.given if self.drug is None else name_of(self.drug)

    @property
    def ingredients(self) -> tuple[Ingredient, ...]:
        """The drug's ingredients; none when it was not understood."""
        return () if self.drug is None else self.drug.ingredients


def name_of(drug: Drug) -> str:
    """The ingredients' names, as a pharmacist says a combination: `amlodipine / benazepril`."""
    if len(drug.ingredients) == 1:
        return drug.ingredients[0].name
    return " / ".join(sorted(ingredient.name for ingredient in drug.ingredients)) or drug.name


def is_part_d_drug(drug: Drug) -> bool:
    """Whether any ingredient can be a Part D drug; a supplement or a device alone is not one."""
    return any(
        ingredient.part_d and not ingredient.supplement and not ingredient.device for ingredient in drug.ingredients
    )


def counts_in(universe: DrugUniverse, taken: Taken) -> bool:
    """Whether an understood drug belongs to the universe."""
    return taken.is_part_d and (universe is DrugUniverse.PART_D or taken.maintenance)


@dataclass(frozen=True, slots=True)
class Takings:
    """The covered drugs of a member, those not understood, and the first day of the year with a covered fill."""

    understood: tuple[Taken, ...]
    unknown: tuple[Taken, ...]
    first_fill_of_year: date | None
    first_fill: date | None


def takings_of(fills: Sequence[Fill], periods: Periods, not_counted: list[NotCounted]) -> Takings:
    """Group netted fills by drug; what does not count goes to `not_counted`."""
    by_product: dict[int, Taken] = {}  # the vocabulary gives one object per product: identity saves hashing it
    by_key: dict[str, Taken] = {}
    unknown: dict[str, Taken] = {}
    early = late = 0
    as_of, earliest, year_start = periods.as_of, periods.fills_from, periods.year_start
    first = first_of_year = date.max
    for fill in fills:
        day = fill.fill_date
        if fill.coverage_status is not CoverageStatus.COVERED:
            not_counted.append(_not_covered(fill))
        elif day > as_of:
            late += 1
        elif day < earliest:
            early += 1
        else:
            if day < first:
                first = day
            if year_start <= day < first_of_year:
                first_of_year = day
            drug = fill.drug
            taken = unknown.get(fill.given) if drug is None else by_product.get(id(drug))
            if taken is None:
                taken = _new(fill, by_product, by_key, unknown)
            taken.fills.append(fill)
    for taken in (*by_key.values(), *unknown.values()):
        taken.total(periods)
    _report_outside(early, late, periods, not_counted)
    return Takings(tuple(by_key.values()), tuple(unknown.values()), _or_none(first_of_year), _or_none(first))


def _or_none(day: date) -> date | None:
    return None if day == date.max else day


def _new(fill: Fill, by_product: dict[int, Taken], by_key: dict[str, Taken], unknown: dict[str, Taken]) -> Taken:
    drug = fill.drug
    if drug is None:
        return unknown.setdefault(fill.given, Taken(fill))
    taken = by_key.get(drug.key)
    if taken is None:
        taken = by_key[drug.key] = Taken(fill)
    by_product[id(drug)] = taken
    return taken


def _not_covered(fill: Fill) -> NotCounted:
    if fill.coverage_status is CoverageStatus.OVER_THE_COUNTER:
        return NotCounted(
            "fill", fill.claim_id, "over_the_counter",
            f"{fill.given} of {fill.fill_date} has coverage status O: an over-the-counter drug counts for no test.",
        )  # fmt: skip
    return NotCounted(
        "fill", fill.claim_id, "supplemental",
        f"{fill.given} of {fill.fill_date} has coverage status E: a supplemental drug counts for no test.",
    )  # fmt: skip


def _report_outside(early: int, late: int, periods: Periods, not_counted: list[NotCounted]) -> None:
    if early:
        detail = f"{_fills(early)} before {periods.fills_from}, the first day that any test looks at."
        not_counted.append(NotCounted("fills", str(early), "before_every_period", detail))
    if late:
        detail = f"{_fills(late)} after {periods.as_of}, the day of the determination."
        not_counted.append(NotCounted("fills", str(late), "after_as_of", detail))


def _fills(count: int) -> str:
    return "1 fill is" if count == 1 else f"{count} fills are"


def left_out_of(
    takings: Takings, universe: DrugUniverse, periods: Periods, not_counted: list[NotCounted]
) -> tuple[NotChecked, ...]:
    """Name the drugs that do not count as drugs, and return the identifiers that could not be understood."""
    for taken in takings.understood:
        if any(ingredient.device for ingredient in taken.ingredients):
            detail = f"{taken.name} is a device or supply, no drug: it is not counted as one."
            not_counted.append(NotCounted("drug", taken.name, "device", detail))
        elif not taken.is_part_d:
            detail = f"{taken.name} is a supplement or not a Part D drug: it is not counted as a drug."
            not_counted.append(NotCounted("drug", taken.name, "not_a_part_d_drug", detail))
        elif not counts_in(universe, taken):
            detail = f"{taken.name} is not a maintenance drug: it is not counted as one."
            not_counted.append(NotCounted("drug", taken.name, "not_maintenance", detail))
        elif not taken.in_window:
            detail = f"{taken.name} was last filled {taken.last.fill_date}: drugs count from {periods.drugs_from}."
            not_counted.append(NotCounted("drug", taken.name, "before_counting_window", detail))
    return tuple(
        NotChecked(
            "fill",
            taken.given,
            taken.last.problem or "unknown_drug",
            f"{taken.given}, last filled {taken.last.fill_date}, could not be understood as a drug.",
        )
        for taken in sorted(takings.unknown, key=_by_given)
    )


def _by_given(taken: Taken) -> str:
    return taken.given
