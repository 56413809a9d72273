"""When the yearly comprehensive and the quarterly targeted review are due."""

from datetime import date, timedelta

import pytest
from mtm_review.domain.clocks import Enrolled, Met, cmr_window, tmr_windows

NEW_YEAR = Enrolled(date(2026, 1, 1), 2026)
SUMMER = Enrolled(date(2026, 6, 10), 2026)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("enrolled", "earlier", "opened_on", "due_on"),
    [
        (NEW_YEAR, [], "2026-01-01", "2026-12-31"),  # 365 days later is 1 January: the plan year ends first
        (SUMMER, [], "2026-06-10", "2026-12-31"),
        (NEW_YEAR, ["2025-03-01", "2025-10-01"], "2025-10-01", "2026-10-01"),  # a year after the last one
        (NEW_YEAR, ["2025-01-01"], "2025-01-01", "2026-01-01"),  # due on the day of enrolment
        (NEW_YEAR, ["2024-12-31"], "2026-01-01", "2026-12-31"),  # too long ago to count from
    ],
)
def test_the_comprehensive_review_is_due_within_a_year_and_within_the_plan_year(
    enrolled: Enrolled, earlier: list[str], opened_on: str, due_on: str
) -> None:
    window = cmr_window(enrolled, 365, [], [day(one) for one in earlier])
    assert (window.opened_on, window.due_on, window.met) == (day(opened_on), day(due_on), None)


def test_the_first_comprehensive_review_of_the_year_meets_its_clock() -> None:
    later, first = Met("b", day("2026-09-01")), Met("a", day("2026-03-01"))
    assert cmr_window(NEW_YEAR, 365, [later, first], []).met == first


def test_each_targeted_review_begins_the_next_window() -> None:
    done = [Met("second", day("2026-06-01")), Met("first", day("2026-04-02"))]
    first, second, third = tmr_windows(NEW_YEAR, 91, done)
    assert (first.due_on, first.met) == (day("2026-04-02"), done[1])
    assert (second.opened_on, second.due_on, second.met) == (day("2026-04-02"), day("2026-07-02"), done[0])
    assert (third.opened_on, third.due_on, third.met) == (day("2026-06-01"), day("2026-08-31"), None)


@pytest.mark.parametrize(("last", "open_windows"), [("2026-10-01", 1), ("2026-10-02", 0)])
def test_a_window_that_ends_after_the_plan_year_is_left_to_the_next(last: str, open_windows: int) -> None:
    windows = tmr_windows(NEW_YEAR, 91, [Met("only", day(last))])
    assert len([window for window in windows if window.met is None]) == open_windows
    assert day("2026-10-01") + timedelta(days=91) == NEW_YEAR.last_day
