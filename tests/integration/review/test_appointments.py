"""Appointments: booked ahead by a method that is offered, moved, ended, and never two at once for one pharmacist."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from enrolled import FakePopulation, a_program, an_enrollment
from reviewing import a_profile, review_service, telling

# The clock of these tests stands at 15:00 UTC on 1 July 2026.
CALL = {
    "starts_at": "2026-07-08T10:30:00-05:00",
    "minutes": 30,
    "method": "telephone",
    "with": "beneficiary",
    "provider": "Pat Lee, PharmD",
    "contact": "the daughter's number",
    "interpreter_language": "vi",
    "author": "call centre",
}


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    profiles = [a_profile(name).enrolled_in("cms-2026") for name in ("P1", "P2")] + [a_profile("P3")]
    enrolled = [an_enrollment("P1"), an_enrollment("P2")]
    population = FakePopulation.of(enrolled, programs=[a_program(held_by=("phone", "in_person"))])
    async with review_service(database_url, telling(*profiles, population=population)) as client:
        yield client


async def opened(client: httpx.AsyncClient, member_id: str = "P1", kind: str = "cmr") -> str:
    body = {"member_id": member_id, "kind": kind, "as_of": "2026-06-30"}
    return f"/v1/reviews/{(await client.post('/v1/reviews', json=body)).json()['review_id']}"


async def book(client: httpx.AsyncClient, path: str, **changes: Any) -> httpx.Response:
    return await client.post(f"{path}/appointments", json={**CALL, **changes})


async def change(client: httpx.AsyncClient, path: str, made: httpx.Response, **changes: Any) -> httpx.Response:
    address = f"{path}/appointments/{made.json()['appointment_id']}"
    return await client.patch(address, json={"author": "pat", **changes})


async def planned(client: httpx.AsyncClient, path: str) -> str | None:
    day: str | None = (await client.get(path)).json()["scheduled_for"]
    return day


def told(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def test_an_appointment_is_kept_as_it_was_agreed_on(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    made = await book(client, path)
    assert made.status_code == 201, made.text
    answer = made.json()
    assert (answer["starts_at"], answer["ends_at"], answer["day"], answer["state"]) == (
        "2026-07-08T10:30:00-05:00",
        "2026-07-08T11:00:00-05:00",
        "2026-07-08",
        "booked",
    )
    (kept,) = (await client.get(f"{path}/appointments")).json()["items"]
    assert kept["starts_at"] == "2026-07-08T15:30:00Z"
    assert {name: kept[name] for name in ("with", "method", "provider", "contact", "interpreter_language")} == {
        name: CALL[name] for name in ("with", "method", "provider", "contact", "interpreter_language")
    }
    assert await planned(client, path) == "2026-07-08"


async def test_the_day_is_that_of_the_member_and_not_of_greenwich(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    made = await book(client, path, starts_at="2026-07-08T20:30:00-07:00")
    assert (made.json()["day"], await planned(client, path)) == ("2026-07-08", "2026-07-08")


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        ("2026-07-01T14:59:00Z", (422, "in_the_past")),
        ("2026-07-01T15:00:00Z", (422, "in_the_past")),
        ("2026-07-01T15:01:00Z", (201, None)),
        ("2026-07-08T10:30:00", (422, "invalid_request")),  # without a zone
        ("0001-01-01T00:00:00+14:00", (422, "invalid_request")),
        ("9999-12-31T23:59:00-12:00", (422, "invalid_request")),
    ],
)
async def test_an_appointment_is_ahead_and_says_its_zone(
    client: httpx.AsyncClient, starts_at: str, expected: tuple[int, str | None]
) -> None:
    assert told(await book(client, await opened(client), starts_at=starts_at)) == expected


async def test_only_what_the_programme_offers_is_booked(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    refused = await book(client, path, method="telehealth")
    assert told(refused) == (422, "method_not_offered")
    assert refused.json()["errors"][0]["message"] == "The programme offers: telephone, face_to_face."
    assert (await book(client, path, method="face_to_face")).status_code == 201
    assert (await book(client, await opened(client, "P3"), method="telehealth", provider=None)).status_code == 201


@pytest.mark.parametrize(
    ("starts_at", "minutes", "provider", "status"),
    [
        ("2026-07-08T15:00:00Z", 30, "Pat Lee, PharmD", 201),  # ends when the other begins
        ("2026-07-08T15:00:00Z", 31, "Pat Lee, PharmD", 409),
        ("2026-07-08T15:59:00Z", 30, "pat  LEE, pharmd", 409),
        ("2026-07-08T16:00:00Z", 30, "Pat Lee, PharmD", 201),  # begins when the other ends
        ("2026-07-08T15:30:00Z", 30, "Sam Poe, PharmD", 201),
        ("2026-07-08T15:30:00Z", 30, None, 201),
    ],
)
async def test_a_pharmacist_talks_with_one_member_at_a_time(
    client: httpx.AsyncClient, starts_at: str, minutes: int, provider: str | None, status: int
) -> None:
    await book(client, await opened(client), starts_at="2026-07-08T15:30:00Z")
    other = await opened(client, "P2")
    answer = await book(client, other, starts_at=starts_at, minutes=minutes, provider=provider)
    # The first one lasts from 15:30 to 16:00.
    assert told(answer) == (status, None if status == 201 else "double_booked")


async def test_of_two_bookings_at_once_one_is_taken(client: httpx.AsyncClient) -> None:
    paths = [await opened(client, member) for member in ("P1", "P2", "P3")]
    answers = await asyncio.gather(*(book(client, path) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_an_appointment_is_moved_with_its_history(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    made = await book(client, path)
    moved = await change(client, path, made, starts_at="2026-07-09T09:00:00-05:00", reason="Asked for the morning.")
    assert moved.status_code == 200, moved.text
    assert [(line["change"], line["starts_at"]) for line in moved.json()["history"]] == [
        ("booked", "2026-07-08T15:30:00Z"),
        ("moved", "2026-07-09T09:00:00-05:00"),
    ]
    assert await planned(client, path) == "2026-07-09"
    assert told(await change(client, path, made, starts_at="2026-06-30T09:00:00Z")) == (422, "in_the_past")
    freed = await book(client, await opened(client, "P2"))
    assert freed.status_code == 201  # the old moment is free again


async def test_moving_does_not_book_a_pharmacist_twice(client: httpx.AsyncClient) -> None:
    await book(client, await opened(client))
    other = await opened(client, "P2")
    made = await book(client, other, starts_at="2026-07-09T15:30:00Z")
    assert told(await change(client, other, made, starts_at="2026-07-08T15:45:00Z")) == (409, "double_booked")
    assert (await change(client, other, made, minutes=45)).status_code == 200  # not in its own way


async def test_a_cancelled_appointment_frees_its_time_and_its_day(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    first, second = await book(client, path), await book(client, path, starts_at="2026-07-20T15:30:00Z")
    assert second.status_code == 201
    cancelled = await change(client, path, first, state="cancelled", reason="In hospital.")
    assert (cancelled.json()["state"], cancelled.json()["history"][-1]["reason"]) == ("cancelled", "In hospital.")
    assert await planned(client, path) == "2026-07-20"
    assert told(await change(client, path, first, state="cancelled")) == (409, "appointment_closed")
    assert told(await change(client, path, first, minutes=20)) == (409, "appointment_closed")
    await change(client, path, second, state="cancelled")
    assert await planned(client, path) is None


@pytest.mark.parametrize("state", ["held", "no_show"])
async def test_what_has_not_begun_was_neither_held_nor_missed(client: httpx.AsyncClient, state: str) -> None:
    path = await opened(client)
    assert told(await change(client, path, await book(client, path), state=state)) == (409, "appointment_not_begun")


async def test_the_day_as_a_list(client: httpx.AsyncClient) -> None:
    one, two = await opened(client), await opened(client, "P2")
    for path, moment, provider in (
        (one, "2026-07-08T10:00:00-05:00", "Pat Lee"),
        (two, "2026-07-08T09:00:00-05:00", "Sam Poe"),
        (two, "2026-07-09T09:00:00-05:00", "Pat Lee"),
        (two, "2026-07-10T09:00:00-05:00", "Pat Lee"),
    ):
        assert (await book(client, path, starts_at=moment, provider=provider)).status_code == 201

    async def days(query: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            page = (await client.get(f"/v1/appointments?limit=1{query}{cursor}")).json()
            found += [f"{item['day'][-2:]} {item['provider']}" for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    assert await days("&on=2026-07-08") == ["08 Sam Poe", "08 Pat Lee"]
    assert await days("&from=2026-07-09&to=2026-07-10") == ["09 Pat Lee", "10 Pat Lee"]
    assert await days("&provider=PAT%20LEE&to=2026-07-09") == ["08 Pat Lee", "09 Pat Lee"]
    assert await days("&state=cancelled") == []
    assert (await client.get("/v1/appointments?cursor=WyJub3ciLCJ4Il0")).status_code == 422


async def test_a_completed_review_is_not_booked_and_its_call_can_still_be_closed(client: httpx.AsyncClient) -> None:
    path = await opened(client, kind="tmr")
    made = await book(client, path)
    await client.post(f"{path}/complete", json={"author": "pat"})
    assert told(await book(client, path, starts_at="2026-07-20T15:30:00Z")) == (409, "review_completed")
    assert (await change(client, path, made, state="cancelled")).status_code == 200


async def test_the_same_key_books_once_and_a_stale_tag_is_refused(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    key = {"Idempotency-Key": "call-1"}
    first = await client.post(f"{path}/appointments", json=CALL, headers=key)
    again = await client.post(f"{path}/appointments", json=CALL, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    address = f"{path}/appointments/{first.json()['appointment_id']}"
    body = {"author": "pat", "minutes": 45}
    assert (await client.patch(address, json=body, headers={"If-Match": first.headers["ETag"]})).status_code == 200
    stale = await client.patch(address, json=body, headers={"If-Match": first.headers["ETag"]})
    assert told(stale) == (412, "stale_etag")


async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    made = await book(client, path)
    for changes in ({"minutes": 0}, {"with": "nobody"}, {"provider": " "}, {"method": "letter"}, {"extra": 1}):
        assert (await book(client, path, **changes)).status_code == 422
    for patch in ({}, {"state": "booked"}, {"state": "held", "minutes": 30}):
        assert (await change(client, path, made, **patch)).status_code == 422
    assert told(await client.patch(f"{path}/appointments/apt_none", json={"author": "p", "state": "held"})) == (
        404,
        "appointment_not_found",
    )
    assert (await client.get("/v1/reviews/rev_nothing/appointments")).status_code == 404
