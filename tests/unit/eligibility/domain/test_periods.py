"""Covered days and the coverage of a day: gaps, overlaps, ends, and fills outside every known span."""

from datetime import date, timedelta

import pytest
from mtm_eligibility.domain.facts import Coverage, PlanType
from mtm_eligibility.domain.periods import coverage_on, covered_days, periods_of, plan_type_on
from unit.eligibility.domain.example import program

NEW_YEAR, AS_OF = date(2026, 1, 1), date(2026, 1, 31)


def span(first: date, last: date | None = None, plan_type: PlanType = PlanType.MA_PD, contract: str = "H1") -> Coverage:
    return Coverage(contract, "001", plan_type, first, last)


def day(number: int) -> date:
    return date(2026, 1, number)


@pytest.mark.parametrize(
    ("spans", "first_fill", "days"),
    [
        ([span(date(2020, 1, 1))], None, 31),
        ([span(date(2020, 1, 1), date(2030, 12, 31))], None, 31),
        ([span(day(22))], None, 10),
        ([span(day(1), day(10))], None, 10),
        ([span(day(1), day(10)), span(day(22))], None, 20),
        ([span(day(1), day(10)), span(day(11))], None, 31),
        ([span(day(1), day(20)), span(day(11))], None, 31),
        ([span(day(1), day(20)), span(day(5), day(10))], None, 20),
        ([span(day(1), day(1))], None, 1),
        ([span(AS_OF + timedelta(days=1))], None, 0),
        ([span(AS_OF + timedelta(days=1))], day(22), 10),
        ([span(AS_OF + timedelta(days=30))], day(22), 10),
        ([span(day(22))], day(12), 20),
        ([span(day(22))], day(25), 10),
        ([], None, 0),
        ([], day(22), 10),
        ([span(date(2025, 1, 1), date(2025, 12, 31)), span(day(22))], day(12), 20),
        ([span(date(2025, 1, 1), date(2025, 12, 31))], day(22), 10),
    ],
    ids=[
        "since long ago", "to a day to come", "a late joiner", "ended", "a gap", "one after the other", "overlapping",
        "one within the other", "a single day", "from tomorrow", "from tomorrow, with a fill", "from next month",
        "a fill before coverage", "a fill within", "nothing known", "a fill alone",
        "a year that ended before says nothing of this one",
        "a year that ended before and only a fill",
    ],
)  # fmt: skip
def test_covered_days(spans: list[Coverage], first_fill: date | None, days: int) -> None:
    assert covered_days(spans, first_fill, NEW_YEAR, AS_OF) == days


def test_the_span_that_began_last_is_the_coverage_of_the_day() -> None:
    old, new = span(date(2020, 1, 1), contract="H1"), span(day(1), contract="H2")
    assert coverage_on([new, old], AS_OF) is coverage_on([old, new], AS_OF) is new


def test_the_plan_type_of_a_member_who_left_is_that_of_the_last_span() -> None:
    spans = [span(date(2024, 1, 1), date(2024, 12, 31), PlanType.PDP), span(date(2020, 1, 1), date(2023, 12, 31))]
    assert plan_type_on(spans, AS_OF) is PlanType.PDP


def test_the_plan_type_of_nobody_is_not_known() -> None:
    assert plan_type_on([], AS_OF) is None


def test_a_leap_year_has_366_days() -> None:
    assert periods_of(program(), date(2024, 2, 29)).year_days == 366
