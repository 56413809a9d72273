"""The days that a determination looks at, and how much coverage lies in them.

Costs are those of the calendar year of the day, drugs those of the programme's counting window. A member who joined
in October has been seen since October: the days before are not days without cost but days of which we know nothing,
so a yearly cost is projected from the covered days alone (42 CFR 423.153(d)(2)(i)(C) asks for the likely annual
cost). Whole days only, no month arithmetic, so that a population run in SQL counts the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mtm_eligibility.domain.facts import Coverage, PlanType
from mtm_eligibility.domain.program import Program, WindowKind

TWELVE_MONTHS = 365
THREE_MONTHS = 91


@dataclass(frozen=True, slots=True)
class Periods:
    """First days of every period that ends on `as_of`; both ends are inside."""

    as_of: date
    year_start: date
    year_end: date
    drugs_from: date
    twelve_months_from: date
    three_months_from: date
    diagnoses_from: date

    @property
    def year_days(self) -> int:
        """Days of the calendar year: 365 or 366."""
        return (self.year_end - self.year_start).days + 1

    @property
    def fills_from(self) -> date:
        """No fill before this day counts for anything."""
        return min(self.year_start, self.drugs_from, self.twelve_months_from)


def periods_of(program: Program, as_of: date) -> Periods:
    """The periods of a programme as of a day."""
    year_start = date(as_of.year, 1, 1)
    drugs = program.part_d_drugs
    trailing = drugs.window.value is WindowKind.TRAILING_DAYS
    return Periods(
        as_of=as_of,
        year_start=year_start,
        year_end=date(as_of.year, 12, 31),
        drugs_from=_back(as_of, drugs.window_days.value) if trailing else year_start,
        twelve_months_from=_back(as_of, TWELVE_MONTHS),
        three_months_from=_back(as_of, THREE_MONTHS),
        diagnoses_from=_back(as_of, program.chronic_conditions.evidence.look_back_days.value),
    )


def _back(as_of: date, days: int) -> date:
    """The first of so many days that end with `as_of`."""
    return date.fromordinal(max(1, as_of.toordinal() - days + 1))


def covered_days(coverage: Sequence[Coverage], first_fill: date | None, since: date, as_of: date) -> int:
    """Days from `since` to `as_of` on which the member was covered; a fill shows coverage from its day on.

    A fill before every known span is stronger evidence than a missing span, so the days are counted from it.
    """
    clipped = [(max(span.effective_from, since), min(span.effective_to or as_of, as_of)) for span in coverage]
    # A span that lies wholly before or after says nothing of the days in between.
    spans = sorted(span for span in clipped if span[0] <= span[1])
    if first_fill is not None and (not spans or first_fill < spans[0][0]):
        until = min(as_of, spans[0][0] - timedelta(days=1)) if spans else as_of
        spans.insert(0, (first_fill, until))
    days = 0
    counted_to = since - timedelta(days=1)
    for start, end in spans:
        start = max(start, counted_to + timedelta(days=1))
        if end >= start:
            days += (end - start).days + 1
            counted_to = end
    return days


def coverage_on(coverage: Sequence[Coverage], as_of: date) -> Coverage | None:
    """The span that is active on the day; the one that began last where several are."""
    active = [span for span in coverage if span.active_on(as_of)]
    return max(active, key=lambda span: (span.effective_from, span.contract_id, span.pbp_id), default=None)


def plan_type_on(coverage: Sequence[Coverage], as_of: date) -> PlanType | None:
    """The plan type on the day, or of the last span that began before it; None when no span is known."""
    current = coverage_on(coverage, as_of)
    if current is None:
        current = max(coverage, key=lambda span: (span.effective_from, span.contract_id), default=None)
    return None if current is None else current.plan_type
