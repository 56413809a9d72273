"""When a review must be offered, and when a member has left: early, on the day, late."""

from datetime import date

import pytest
from mtm_eligibility.domain.enrollment import Departure, Span, departure, offer_due

ENROLLED = date(2026, 3, 1)


def test_the_newly_targeted_are_offered_within_60_days_of_enrolment() -> None:
    assert offer_due(ENROLLED, 2026, None, 60, 365) == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("last_offer", "due"),
    [
        (date(2025, 6, 1), date(2026, 6, 1)),
        (date(2025, 2, 1), ENROLLED),
        (date(2025, 12, 31), date(2026, 12, 31)),
        (date(2026, 2, 28), date(2026, 12, 31)),
    ],
    ids=["a year after the last", "a year after is over", "a year after to the day", "by the year's end"],
)
def test_a_continuing_member_is_offered_within_a_year_of_the_last_offer(last_offer: date, due: date) -> None:
    assert offer_due(ENROLLED, 2026, last_offer, 60, 365) == due


def left(died_on: date | None, spans: list[Span], as_of: date) -> Departure | None:
    return departure("H1234", ENROLLED, 2026, died_on, spans, as_of)


ELSEWHERE = Span("H9999", date(2026, 6, 1), None)
OPEN = Span("H1234", date(2025, 1, 1), None)
ENDS_IN_MAY = Span("H1234", date(2025, 1, 1), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("died_on", "spans", "as_of", "expected"),
    [
        (None, [OPEN], date(2026, 6, 30), None),
        (None, [ENDS_IN_MAY], date(2026, 5, 31), None),
        (None, [ENDS_IN_MAY], date(2026, 6, 1), Departure("02", date(2026, 6, 1))),
        (None, [ENDS_IN_MAY], date(2026, 9, 1), Departure("02", date(2026, 6, 1))),
        (None, [ENDS_IN_MAY, ELSEWHERE], date(2026, 6, 1), Departure("02", date(2026, 6, 1))),
        (None, [ENDS_IN_MAY, Span("H1234", date(2026, 6, 1), None)], date(2026, 6, 1), None),
        (None, [], date(2026, 6, 1), None),
        (date(2026, 6, 10), [OPEN], date(2026, 6, 9), None),
        (date(2026, 6, 10), [OPEN], date(2026, 6, 10), Departure("01", date(2026, 6, 10))),
        (date(2026, 6, 10), [ENDS_IN_MAY], date(2026, 7, 1), Departure("01", date(2026, 6, 10))),
        (date(2026, 2, 1), [OPEN], date(2026, 6, 10), Departure("01", ENROLLED)),
    ],
    ids=[
        "covered", "on the last covered day", "on the day after", "seen late", "another contract", "another package",
        "nothing told", "the day before death", "on the day of death", "death goes before leaving", "death told late",
    ],
)  # fmt: skip
def test_who_has_left(died_on: date | None, spans: list[Span], as_of: date, expected: Departure | None) -> None:
    assert left(died_on, spans, as_of) == expected
