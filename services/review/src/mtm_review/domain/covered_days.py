"""The proportion of days covered (PDC), by the method that the Pharmacy Quality Alliance (PQA) publishes.

The treatment period runs from the first fill of the class in the calendar year to the day of the review, or to death
or disenrolment where that comes first. A fill of a drug that is still on hand is shifted to begin when the one before
ends; a combination is shifted by each of its ingredients of the class. Different drugs of the class on one day count
once, and what reaches past the period is cut.

CMS adjusts the Star measures for inpatient and SNF stays. Our reading of that adjustment: the days of a stay are taken
out of the period, and what was on hand is not used up in it, so that it covers the days after the stay.
Everything is in whole days.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mtm_review.domain.eras import days_inside

MIN_FILLS = 2
MIN_PERIOD = 91


class Dispensed(NamedTuple):
    """A fill of the class: its day, its days' supply and the ingredients of the class in it."""

    day: int
    days: int
    targets: tuple[str, ...]


class Covered(NamedTuple):
    """The days covered of the days from the first to the last, both included; `fills` are on different days."""

    first: int
    last: int
    days: int
    covered: int
    fills: int

    @property
    def tenths(self) -> int:
        """Tenths of a percent, rounded down, so that what is below a threshold never reads as having reached it."""
        return self.covered * 1000 // self.days if self.days else 0

    def below(self, percent: int) -> bool:
        """True when fewer than so many percent of the days are covered."""
        return self.covered * 100 < percent * self.days


def covered_days(fills: Sequence[Dispensed], last: int, stays: Sequence[tuple[int, int]] = ()) -> Covered | None:
    """The days covered from the first of the fills to the last day; None where fills or days are too few.

    `fills` are in order of day and inside the period.
    """
    fill_days = {fill.day for fill in fills}
    if len(fill_days) < MIN_FILLS or last - fills[0].day + 1 < MIN_PERIOD:
        return None
    first = fills[0].day
    if not stays and len({fill.targets for fill in fills}) == 1:
        return Covered(first, last, last - first + 1, _in_a_row(fills, last), len(fill_days))
    total = last - first + 1 - (days_inside(stays, first, last) if stays else 0)
    ends: dict[str, int] = {}
    supplied: list[tuple[int, int]] = []
    for fill in fills:
        # Days are counted without those in a stay, so that a supply goes on after the stay by itself.
        start = fill.day - first - (days_inside(stays, first, fill.day - 1) if stays else 0)
        for target in fill.targets:
            start = max(start, ends.get(target, 0))
        for target in fill.targets:
            ends[target] = start + fill.days
        supplied.append((start, min(start + fill.days, total)))
    return Covered(first, last, total, _once(supplied), len(fill_days))


def _in_a_row(fills: Sequence[Dispensed], last: int) -> int:
    """Days covered by fills of one drug: each begins when the one before ends, so that only the last can be cut."""
    end = covered = 0
    for day, days, _ in fills:
        end = (day if day > end else end) + days
        covered += days
    return covered - max(0, end - last - 1)


def _once(spans: Iterable[tuple[int, int]]) -> int:
    """Days in any of the spans, each counted once; the end of a span is not in it."""
    counted = reached = 0
    for start, end in sorted(spans):
        start = max(start, reached)
        if end > start:
            counted += end - start
            reached = end
    return counted


def may_miss(covered: Covered, year_end: int, percent: int) -> int:
    """Days of the rest of the year that may still be missed to end it at the percentage; negative: out of reach."""
    days = covered.days + max(0, year_end - covered.last)
    return days - (percent * days + 99) // 100 - (covered.days - covered.covered)
