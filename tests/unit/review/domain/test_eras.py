"""Eras: which days a drug was on hand."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.eras import Era, build_eras, days_inside, overlaps, stay_spans, union
from mtm_review.domain.patient import Stay


def test_refills_on_time_are_one_era() -> None:
    assert build_eras([(0, 30), (30, 30), (60, 30)]) == (Era(0, 89, 3),)


def test_an_early_refill_carries_its_days_forward() -> None:
    assert build_eras([(0, 30), (20, 30)]) == (Era(0, 59, 2),)


def test_no_more_than_ninety_days_are_carried() -> None:
    assert build_eras([(0, 90), (1, 90), (2, 90)])[0].last == 2 + 90 + 90 - 1


def test_a_gap_of_half_the_supply_is_bridged_and_a_longer_one_is_not() -> None:
    assert len(build_eras([(0, 30), (45, 30)])) == 1
    assert len(build_eras([(0, 30), (46, 30)])) == 2


def test_a_week_is_always_bridged() -> None:
    assert len(build_eras([(0, 5), (12, 5)])) == 1
    assert len(build_eras([(0, 5), (13, 5)])) == 2


def test_days_in_hospital_do_not_count_as_a_gap() -> None:
    stays = stay_spans([Stay("inpatient", date.fromordinal(40), date.fromordinal(59))], until=100)
    assert len(build_eras([(1, 30), (65, 30)])) == 2
    assert len(build_eras([(1, 30), (65, 30)], stays)) == 1


def test_hospice_supplies_no_drugs_for_other_conditions_and_bridges_nothing() -> None:
    assert stay_spans([Stay("hospice", date(2026, 1, 1), None)], until=10) == ()


def test_overlapping_stays_count_once() -> None:
    assert days_inside([(10, 20), (15, 25)], 0, 100) == 16


def test_no_era_reaches_past_the_end() -> None:
    assert build_eras([(0, 30), (30, 30)], limit=40) == (Era(0, 40, 2),)


def test_union_joins_what_lies_within_the_grace() -> None:
    assert union([Era(20, 29, 1), Era(0, 9, 1)], grace=10) == (Era(0, 29, 2),)
    assert len(union([Era(21, 29, 1), Era(0, 9, 1)], grace=10)) == 2


def test_overlaps_add_up_and_short_ones_can_be_ignored() -> None:
    left = (Era(0, 29, 1), Era(60, 89, 1))
    right = (Era(25, 70, 1),)
    assert overlaps(left, right, 1000) == (5 + 11, 25)
    assert overlaps(left, right, 1000, ignore=7) == (11, 60)


fills = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 120)), min_size=1, max_size=12).map(sorted)


@given(fills)
def test_every_supplied_day_of_a_fill_lies_in_an_era(supplies: list[tuple[int, int]]) -> None:
    eras = build_eras(supplies)
    for day, days in supplies:
        assert any(era.first <= day and day + days - 1 <= era.last for era in eras)


@given(fills, st.integers(0, 11), st.integers(1, 60))
def test_a_longer_supply_never_shortens_an_era(supplies: list[tuple[int, int]], place: int, more: int) -> None:
    place %= len(supplies)
    day, days = supplies[place]
    longer = sorted([*supplies[:place], (day, days + more), *supplies[place + 1 :]])
    after = build_eras(longer)
    for era in build_eras(supplies):
        assert any(other.first <= era.first and era.last <= other.last for other in after)


@given(fills)
def test_eras_are_in_order_and_apart(supplies: list[tuple[int, int]]) -> None:
    eras = build_eras(supplies)
    assert all(a.last < b.first for a, b in pairwise(eras))
    assert sum(era.fills for era in eras) == len(supplies)
