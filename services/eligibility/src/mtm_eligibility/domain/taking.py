"""What a member takes, drug by drug: the facts that the drug and cost tests read.

A drug is its ingredient set, so two NDCs, two strengths, or a brand and its generic are one drug, and a combination
product is one drug of its own. Only events with drug coverage status `C` are covered Part D drugs; enhanced
alternative (`E`) and over-the-counter (`O`) events count for nothing (CMS PDE record layout, DRUG_CVRG_STUS_CD).
A covered event whose drug could not be understood is kept apart: its cost is known, what it is is not.
"""

from collections.abc import Iterable, Sequence
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

    Filled in one pass over the claims and read-only after it; a plain class, since building it is most of the work.
    """

    __slots__ = (
        "cost_three_months", "cost_to_date", "cost_twelve_months", "drug", "fills_to_date", "first_twelve_months",
        "given", "in_window", "is_part_d", "last_claim", "last_fill", "maintenance", "name", "prescribers", "problem",
        "supply_through",
    )  # fmt: skip

    def __init__(self, fill: Fill) -> None:
        drug = fill.drug
        self.drug = drug
        self.given = fill.given
        self.problem = fill.problem
        self.name = name_of(drug) if drug is not None else fill.given
        self.maintenance = drug is not None and drug.maintenance
        self.is_part_d = drug is not None and is_part_d_drug(drug)
        self.cost_to_date = self.cost_twelve_months = self.cost_three_months = NOTHING
        self.fills_to_date = 0
        self.in_window = False
        self.first_twelve_months: int | None = None
        self.supply_through = 0
        self.last_fill = date.min
        self.last_claim = ""
        self.prescribers: set[str] = set()

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
    as_of, earliest = periods.as_of, periods.fills_from
    first: date | None = None
    first_of_year: date | None = None
    for fill in fills:
        day = fill.fill_date
        if fill.coverage_status is not CoverageStatus.COVERED:
            not_counted.append(_not_covered(fill))
            continue
        if day > as_of:
            late += 1
            continue
        if day < earliest:
            early += 1
            continue
        if first is None or day < first:
            first = day
        if day >= periods.year_start and (first_of_year is None or day < first_of_year):
            first_of_year = day
        taken = _taken(fill, by_product, by_key, unknown)
        _add(taken, fill, day, periods)
    _report_outside(early, late, periods, not_counted)
    return Takings(tuple(by_key.values()), tuple(unknown.values()), first_of_year, first)


def _taken(fill: Fill, by_product: dict[int, Taken], by_key: dict[str, Taken], unknown: dict[str, Taken]) -> Taken:
    drug = fill.drug
    if drug is None:
        return unknown.get(fill.given) or unknown.setdefault(fill.given, Taken(fill))
    taken = by_product.get(id(drug))
    if taken is None:
        taken = by_key.get(drug.key) or by_key.setdefault(drug.key, Taken(fill))
        by_product[id(drug)] = taken
    return taken


def _add(taken: Taken, fill: Fill, day: date, periods: Periods) -> None:
    if day >= periods.drugs_from:
        taken.in_window = True
    if day > taken.last_fill or (day == taken.last_fill and fill.claim_id > taken.last_claim):
        taken.last_fill, taken.last_claim = day, fill.claim_id
    if fill.prescriber_npi:
        taken.prescribers.add(fill.prescriber_npi)
    if day >= periods.year_start:
        taken.cost_to_date += fill.cost
        taken.fills_to_date += 1
    if day >= periods.twelve_months_from:
        taken.cost_twelve_months += fill.cost
        ordinal = day.toordinal()
        if taken.first_twelve_months is None or ordinal < taken.first_twelve_months:
            taken.first_twelve_months = ordinal
        through = ordinal + (fill.days_supply or 1) - 1
        if through > taken.supply_through:
            taken.supply_through = through
        if day >= periods.three_months_from:
            taken.cost_three_months += fill.cost


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


def left_out_of(takings: Takings, universe: DrugUniverse, not_counted: list[NotCounted]) -> tuple[NotChecked, ...]:
    """Name the drugs that do not count as drugs, and return the identifiers that could not be understood."""
    for taken in takings.understood:
        if not taken.is_part_d:
            detail = f"{taken.name} is a supplement, a device or not a Part D drug: it is not counted as a drug."
            not_counted.append(NotCounted("drug", taken.name, "not_a_part_d_drug", detail))
        elif not counts_in(universe, taken):
            detail = f"{taken.name} is not a maintenance drug: it is not counted as one."
            not_counted.append(NotCounted("drug", taken.name, "not_maintenance", detail))
    return tuple(
        NotChecked(
            "fill",
            taken.given,
            taken.problem or "unknown_drug",
            f"{taken.given}, last filled {taken.last_fill}, could not be understood as a drug.",
        )
        for taken in sorted(takings.unknown, key=_by_given)
    )


def _by_given(taken: Taken) -> str:
    return taken.given


def names(taken: Iterable[Taken]) -> str:
    """Identifiers as given, in order, for a sentence."""
    return ", ".join(sorted(each.given for each in taken))
