"""Days covered by the published method, against a reading that walks the calendar day by day."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mtm_review.domain.covered_days import Covered, Dispensed, covered_days, may_miss

FIRST = 739_000
Span = tuple[int, int]


def walked(fills: Sequence[Dispensed], last: int, stays: Sequence[Span]) -> tuple[int, int]:
    """Days and days covered, by marking every day of every fill on a calendar."""
    first = fills[0].day
    out = {day for start, end in stays for day in range(start, end + 1)}
    taken: dict[str, set[int]] = {}
    covered: set[int] = set()
    for fill in fills:
        day = max([fill.day, *[max(taken[target]) + 1 for target in fill.targets if target in taken]])
        given_out: list[int] = []
        while len(given_out) < fill.days:
            if day not in out:
                given_out.append(day)
            day += 1
        for target in fill.targets:
            taken.setdefault(target, set()).update(given_out)
        covered.update(given_out)
    period = [day for day in range(first, last + 1) if day not in out]
    return len(period), len(covered.intersection(period))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Dispensed], int, list[Span]]:
    days = sorted(draw(st.lists(st.integers(0, 300), min_size=2, max_size=10)))
    fills = [
        Dispensed(
            FIRST + day,
            draw(st.sampled_from([1, 7, 30, 90])),
            tuple(draw(st.sampled_from([("a",), ("b",), ("a", "b")]))),
        )
        for day in days
    ]
    starts = draw(st.lists(st.integers(0, 360), max_size=3))
    stays = [(FIRST + start, FIRST + start + draw(st.integers(0, 40))) for start in starts]
    return sorted(fills), FIRST + 364, sorted(stays)


@given(histories())
@example(([Dispensed(FIRST, 30, ("a",)), Dispensed(FIRST + 3, 30, ("a",))], FIRST + 364, [(FIRST + 1, FIRST + 20)]))
def test_days_covered_are_those_of_the_calendar(history: tuple[list[Dispensed], int, list[Span]]) -> None:
    fills, last, stays = history
    found = covered_days(fills, last, stays)
    if found is not None:
        assert (found.days, found.covered) == walked(fills, last, stays)


@given(histories())
def test_covered_days_never_exceed_the_period_and_another_fill_never_lowers_them(
    history: tuple[list[Dispensed], int, list[Span]],
) -> None:
    fills, last, stays = history
    found = covered_days(fills, last, stays)
    more = covered_days([*fills, Dispensed(fills[-1].day + 1, 30, ("c",))], last, stays)
    if found is not None and more is not None:
        assert 0 <= found.covered <= found.days
        assert more.covered >= found.covered


@pytest.mark.parametrize(
    ("second", "last", "measured"),
    [(50, 90, True), (50, 89, False), (0, 90, False)],
    ids=["91 days", "90 days", "two fills on one day"],
)
def test_two_fills_on_different_days_and_91_days_are_needed(second: int, last: int, measured: bool) -> None:
    fills = [Dispensed(FIRST, 30, ("a",)), Dispensed(FIRST + second, 30, ("a",))]
    assert (covered_days(fills, FIRST + last) is not None) is measured


@given(st.integers(91, 365), st.integers(0, 365), st.integers(0, 300))
def test_the_days_that_may_be_missed_are_as_many_as_the_threshold_leaves(days: int, missed: int, rest: int) -> None:
    covered = Covered(FIRST, FIRST + days - 1, days, days - min(missed, days), 2)
    left = may_miss(covered, covered.last + rest, 80)
    whole = days + rest

    def reaches(more: int) -> bool:
        return (covered.covered + rest - more) * 100 >= 80 * whole

    assert reaches(left)
    assert not reaches(left + 1)


def test_what_is_below_a_threshold_never_reads_as_having_reached_it() -> None:
    covered = Covered(FIRST, FIRST + 9999, 10000, 7999, 2)
    assert covered.below(80)
    assert covered.tenths == 799
