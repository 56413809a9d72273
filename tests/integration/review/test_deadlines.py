"""Which reviews are owed by when: early, on the day, late; met, waived; the breach list before the breach."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from enrolled import FakePopulation, an_enrollment, declined
from reviewing import a_profile, review_service, telling

LEFT: dict[str, Any] = {"status": "opted_out", "opt_out_reason": "03"}
ENROLLED = [
    an_enrollment("K1"),
    declined(an_enrollment("K2"), date(2026, 2, 1)),
    an_enrollment("K3", **LEFT, opted_out_on=date(2026, 3, 1)),
    an_enrollment("K4", date(2026, 6, 10), contract_id="H9999"),
]
CALL = {
    "held_on": "2026-04-02",
    "method": "telephone",
    "recipient": "beneficiary",
    "provider_name": "Pat Lee",
    "provider_title": "PharmD",
    "provider_type": "09",
    "minutes": 30,
    "author": "pat",
}


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    profiles = [a_profile(f"K{number}").enrolled_in("cms-2026") for number in (1, 2, 3, 4)]
    eligibility = telling(*profiles, population=FakePopulation.of(ENROLLED, page_size=3))
    async with review_service(database_url, eligibility, datetime(2026, 4, 2, 12, tzinfo=UTC)) as client:
        yield client


async def owed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get("/v1/deadlines", params={"limit": 2, **query, **cursor})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return found
        cursor = {"cursor": answer.json()["next_cursor"]}


async def review(client: httpx.AsyncClient, kind: str, member_id: str = "K1") -> str:
    body = {"member_id": member_id, "kind": kind, "as_of": "2026-04-02"}
    review_id = str((await client.post("/v1/reviews", json=body)).json()["review_id"])
    if kind == "cmr":
        assert (await client.post(f"/v1/reviews/{review_id}/consultation", json=CALL)).status_code == 200
    done = await client.post(f"/v1/reviews/{review_id}/complete", json={"author": "pat"})
    assert done.status_code == 200, done.text
    return review_id


@pytest.mark.parametrize(
    ("as_of", "state", "days_left"),
    [
        ("2026-03-18", None, None),  # 15 days before: not yet on the list
        ("2026-03-19", "due_soon", 14),
        ("2026-04-02", "due_soon", 0),  # the day itself is in time
        ("2026-04-03", "overdue", -1),
    ],
)
async def test_a_targeted_review_is_on_the_list_before_it_is_late(
    client: httpx.AsyncClient, as_of: str, state: str | None, days_left: int | None
) -> None:
    found = await owed(client, as_of=as_of, kind="tmr", member_id="K1")
    told = [(one["state"], one["days_left"], one["due_on"]) for one in found]
    assert told == ([] if state is None else [(state, days_left, "2026-04-02")])


@pytest.mark.parametrize(
    ("as_of", "state"), [("2026-12-16", None), ("2026-12-17", "due_soon"), ("2026-12-31", "due_soon")]
)
async def test_a_comprehensive_review_is_owed_within_the_plan_year(
    client: httpx.AsyncClient, as_of: str, state: str | None
) -> None:
    found = await owed(client, as_of=as_of, kind="cmr", member_id="K1")
    assert [(one["state"], one["due_on"]) for one in found] == ([] if state is None else [(state, "2026-12-31")])


async def test_after_the_plan_year_it_is_overdue(client: httpx.AsyncClient) -> None:
    (found,) = await owed(client, as_of="2027-01-01", kind="cmr", member_id="K1")
    assert (found["state"], found["days_left"]) == ("overdue", -1)


async def test_a_review_meets_its_deadline_and_begins_the_next(client: httpx.AsyncClient) -> None:
    review_id = await review(client, "tmr")
    (met,) = await owed(client, kind="tmr", member_id="K1", state="met")
    assert (met["met_on"], met["due_on"], met["review_id"]) == ("2026-04-02", "2026-04-02", review_id)
    (following,) = await owed(client, kind="tmr", member_id="K1", within_days=91)
    assert (following["opened_on"], following["due_on"]) == ("2026-04-02", "2026-07-02")
    assert following["because"] == (
        "The last targeted review was on 2026-04-02; a targeted review is due by 2026-07-02."
    )


async def test_a_consultation_meets_the_yearly_deadline_on_the_day_that_it_was_held(client: httpx.AsyncClient) -> None:
    review_id = await review(client, "cmr")
    (met,) = await owed(client, kind="cmr", member_id="K1", state="met")
    assert (met["met_on"], met["review_id"]) == ("2026-04-02", review_id)
    before = await owed(client, kind="cmr", member_id="K1", as_of="2026-04-01", within_days=366)
    assert [one["state"] for one in before] == ["open"]  # on the day before, it had not been held


async def test_what_was_declined_or_left_is_no_longer_owed(client: httpx.AsyncClient) -> None:
    as_of = "2026-03-25"
    waived = [(one["member_id"], one["kind"]) for one in await owed(client, as_of=as_of, state="waived")]
    assert waived == [("K2", "cmr"), ("K3", "cmr"), ("K3", "tmr")]
    listed = [(one["member_id"], one["kind"]) for one in await owed(client, as_of=as_of)]
    assert listed == [("K1", "tmr"), ("K2", "tmr")]  # who declined the comprehensive one still gets targeted ones


async def test_a_member_is_owed_nothing_before_enrolment(client: httpx.AsyncClient) -> None:
    assert await owed(client, as_of="2026-06-09", contract_id="H9999", within_days=366) == []
    found = await owed(client, as_of="2026-06-10", contract_id="H9999", within_days=366)
    assert [(one["kind"], one["due_on"]) for one in found] == [("cmr", "2026-12-31"), ("tmr", "2026-09-09")]


async def test_a_cursor_that_nobody_gave_is_422(client: httpx.AsyncClient) -> None:
    for cursor in ("AAAA", "WyJub25zZW5zZSJd"):
        answer = await client.get(f"/v1/deadlines?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")
