"""When a review must be offered, and when a member has left: early, on the day, late."""

from datetime import date
from typing import Any

import pytest
from mtm_eligibility.domain.enrollment import (
    Departure,
    Happened,
    Held,
    Place,
    Span,
    covered_since,
    departure,
    offer_due,
    place,
    stands_on,
)

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


def test_an_offer_that_last_year_still_owed_stays_owed_by_its_day() -> None:
    new_year = date(2026, 1, 1)
    assert offer_due(new_year, 2026, None, 60, 365, owed_by=date(2026, 2, 13)) == date(2026, 2, 13)
    assert offer_due(new_year, 2026, None, 60, 365, owed_by=date(2025, 8, 29)) == new_year


def test_what_happens_after_the_plan_year_is_no_departure_from_it() -> None:
    assert left(date(2027, 1, 1), [OPEN], date(2027, 1, 1)) is None
    assert left(None, [Span("H1234", date(2025, 1, 1), date(2026, 12, 31))], date(2027, 1, 2)) is None
    assert left(date(2026, 12, 31), [OPEN], date(2027, 3, 1)) == Departure("01", date(2026, 12, 31))


def test_who_was_never_under_the_contract_left_at_once() -> None:
    assert left(None, [ELSEWHERE], date(2026, 9, 1)) == Departure("02", ENROLLED)


@pytest.mark.parametrize(
    ("spans", "since"),
    [
        ([OPEN], date(2025, 1, 1)),
        ([ENDS_IN_MAY, Span("H1234", date(2026, 6, 1), None)], date(2025, 1, 1)),
        ([ENDS_IN_MAY, Span("H1234", date(2026, 6, 2), None)], date(2026, 6, 2)),
        ([ENDS_IN_MAY, ELSEWHERE], date(2026, 7, 1)),
    ],
    ids=["one span", "a package follows another", "a day between", "another contract"],
)
def test_since_when_a_member_is_covered_without_a_break(spans: list[Span], since: date) -> None:
    assert covered_since("H1234", spans, date(2026, 7, 1)) == since


def held(status: str = "enrolled", program_id: str = "p-2026", contract_id: str = "H1234", **more: Any) -> Held:
    return Held(f"{program_id}/{contract_id}", program_id, contract_id, status, **{**EMPTY, **more})


EMPTY: dict[str, Any] = {"reason": None, "left_on": None, "permanent": False}
MOVED = held("disenrolled", reason="02", left_on=date(2026, 6, 1))
DEAD = held("disenrolled", reason="01", left_on=date(2026, 6, 1))
OUT = held("opted_out", reason="03", left_on=date(2026, 6, 1))
LAST_YEAR = held(program_id="p-2025")
NEVER_AGAIN = held("opted_out", program_id="p-2025", reason="03", left_on=date(2025, 6, 1), permanent=True)


@pytest.mark.parametrize(
    ("rows", "contract_id", "expected"),
    [
        ([], "H1234", Place.NEW),
        ([LAST_YEAR], "H1234", Place.NEW),
        ([held()], "H1234", Place.STANDS),
        ([held()], "H9999", Place.STANDS),
        ([OUT], "H1234", Place.LEFT),
        ([OUT], "H9999", Place.LEFT),
        ([DEAD], "H9999", Place.LEFT),
        ([MOVED], "H9999", Place.NEW),
        ([MOVED], "H1234", Place.AGAIN),
        ([MOVED, held("opted_out", contract_id="H9999", reason="03")], "H1234", Place.LEFT),
        ([NEVER_AGAIN], "H1234", Place.LEFT),
        ([held("opted_out", program_id="p-2025", reason="03")], "H1234", Place.NEW),
    ],
    ids=[
        "new", "new in this year", "enrolled", "enrolled, and the move is not seen yet", "opted out",
        "opted out, then moved", "dead", "moved", "moved and came back", "moved, opted out there, came back",
        "left for good in an earlier year", "left an earlier year only",
    ],
)  # fmt: skip
def test_what_becomes_of_a_targeted_member(rows: list[Held], contract_id: str, expected: Place) -> None:
    assert place(rows, "p-2026", contract_id, date(2026, 7, 1), honours_permanent=True)[0] is expected


def test_nobody_comes_back_before_having_left() -> None:
    days = [date(2026, 5, 31), date(2026, 6, 1)]
    found = [place([MOVED], "p-2026", "H1234", day, honours_permanent=True)[0] for day in days]
    assert found == [Place.LEFT, Place.AGAIN]


def test_a_programme_that_does_not_honour_it_enrols_who_left_for_good() -> None:
    assert place([NEVER_AGAIN], "p-2026", "H1234", ENROLLED, honours_permanent=False)[0] is Place.NEW


@pytest.mark.parametrize(
    ("as_of", "stands"),
    [
        (date(2026, 2, 28), False),
        (ENROLLED, True),
        (date(2026, 5, 31), True),
        (date(2026, 6, 1), False),
        (date(2026, 6, 30), False),
        (date(2026, 7, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_an_enrolment_stands_by_what_had_happened_until_the_day(as_of: date, stands: bool) -> None:
    history = [
        Happened("enrolled", ENROLLED),
        Happened("opted_out", date(2026, 4, 1), "cmr_only"),
        Happened("opted_out", date(2026, 6, 1), "program"),
        Happened("cmr_offered", date(2026, 6, 10)),
        Happened("opted_in", date(2026, 7, 1)),
    ]
    assert stands_on(history, 2026, as_of) is stands
