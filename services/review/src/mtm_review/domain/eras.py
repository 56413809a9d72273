"""Eras: unbroken stretches of days on which a drug was on hand, built from fills.

An early refill carries its days forward (at most 90, because a cupboard is not endless). A gap no longer than seven
days or half the last supply is bridged, and so are days in a hospital or skilled nursing facility, which supplies the
drugs itself. These are the conventions of drug utilisation research (persistence with a permissible gap); no
regulation fixes them, so they are stated here as parameters.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mtm_review.domain.patient import Stay

CARRY_FORWARD_CAP = 90
LEAST_GRACE = 7
FACILITY_KINDS = frozenset({"inpatient", "snf"})
OPEN_END = date.max.toordinal()


class Era(NamedTuple):
    """From the first to the last day on hand, both included, as day ordinals; `fills` is how many made it."""

    first: int
    last: int
    fills: int

    @property
    def start(self) -> date:
        """The first day on hand."""
        return date.fromordinal(self.first)

    @property
    def end(self) -> date | None:
        """The last day on hand; None when nothing says that it ends."""
        return None if self.last >= OPEN_END else date.fromordinal(self.last)


def grace_of(days_supply: int) -> int:
    """Days that a refill may be late and the drug still counts as taken."""
    return max(LEAST_GRACE, days_supply // 2)


def stay_spans(stays: Iterable[Stay], until: int) -> tuple[tuple[int, int], ...]:
    """First and last day of the stays that supply drugs; a stay without an end lasts until the given day."""
    return tuple(
        sorted(
            (stay.start.toordinal(), until if stay.end is None else stay.end.toordinal())
            for stay in stays
            if stay.kind in FACILITY_KINDS
        )
    )


def days_inside(spans: Sequence[tuple[int, int]], first: int, last: int) -> int:
    """How many days from first to last lie in a stay; overlapping stays count once."""
    counted, reached = 0, first - 1
    for start, end in spans:
        low, high = max(start, reached + 1), min(end, last)
        if high >= low:
            counted += high - low + 1
            reached = high
    return counted


def build_eras(
    supplies: Sequence[tuple[int, int, *tuple[object, ...]]],
    stays: Sequence[tuple[int, int]] = (),
    limit: int = OPEN_END,
) -> tuple[Era, ...]:
    """Eras from supplies in order of day; a supply starts with its fill day and its days. None reaches past `limit`."""
    eras: list[Era] = []
    first = last = grace = fills = 0
    for supply in supplies:
        day, days = supply[0], supply[1]
        if day > limit:
            break
        gap = day - last - 1
        if stays and fills and gap > grace:
            gap -= days_inside(stays, last + 1, day - 1)
        if fills and gap <= grace:
            left = last - day + 1
            if left <= 0:
                last = day + days - 1
            elif left <= CARRY_FORWARD_CAP:
                last += days
            else:
                last = max(last, day + CARRY_FORWARD_CAP + days - 1)
            fills += 1
        else:
            if fills:
                eras.append(Era(first, last, fills))
            first, last, fills = day, day + days - 1, 1
        grace = days // 2 if days > 2 * LEAST_GRACE else LEAST_GRACE  # grace_of(days), spelled out in the hot loop
    if fills:
        eras.append(Era(first, min(last, limit), fills))
    return tuple(eras)


def union(eras: Iterable[Era], grace: int) -> tuple[Era, ...]:
    """Eras of several products as one: stretches that touch, overlap or lie within the grace become one."""
    joined: list[Era] = []
    for era in sorted(eras, key=lambda e: (e.first, e.last)):
        if joined and era.first - joined[-1].last - 1 <= grace:
            before = joined[-1]
            joined[-1] = Era(before.first, max(before.last, era.last), before.fills + era.fills)
        else:
            joined.append(era)
    return tuple(joined)


def overlaps(left: Sequence[Era], right: Sequence[Era], horizon: int, ignore: int = 0) -> tuple[int, int]:
    """Cumulative days both were on hand, in stretches longer than `ignore`, and the first such day (0: none)."""
    total, since = 0, 0
    for one in left:
        for other in right:
            low, high = max(one.first, other.first), min(one.last, other.last, horizon)
            if high - low + 1 > ignore:
                total += high - low + 1
                since = low if not since else min(since, low)
    return total, since
