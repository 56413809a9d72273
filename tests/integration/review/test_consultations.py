"""The consultation over HTTP: refused by its rules, completed only when wanted, told to others and counted."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from enrolled import FakePopulation, an_enrollment, declined
from mtm_review.storage.tables import outbox
from mtm_shared.storage.engine import Database
from reviewing import a_profile, review_service, telling

CALL = {
    "held_on": "2026-07-01",
    "method": "telephone",
    "recipient": "beneficiary",
    "provider_name": "Pat Lee",
    "provider_title": "PharmD",
    "provider_type": "09",
    "minutes": 30,
    "author": "pat",
}
MEMBERS = ("D1", "D2", "D3", "D4", "D5")
LEFT: dict[str, Any] = {"status": "opted_out", "opt_out_reason": "03"}
ENROLLED = [
    an_enrollment("D1"),
    declined(an_enrollment("D2"), date(2026, 6, 1)),
    an_enrollment("D3", **LEFT, opted_out_on=date(2026, 6, 30)),
    an_enrollment("D4", **LEFT, opted_out_on=date(2026, 7, 1)),
    declined(an_enrollment("D5"), date(2026, 7, 2)),
]


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    profiles = [a_profile(member).filling("lisinopril 10 mg").enrolled_in("cms-2026") for member in MEMBERS]
    async with review_service(database_url, telling(*profiles, population=FakePopulation.of(ENROLLED))) as client:
        yield client


async def opened(client: httpx.AsyncClient, member_id: str, kind: str = "cmr") -> str:
    body = {"member_id": member_id, "kind": kind, "as_of": "2026-06-30"}
    return f"/v1/reviews/{(await client.post('/v1/reviews', json=body)).json()['review_id']}"


async def consulted(client: httpx.AsyncClient, path: str, **changes: Any) -> httpx.Response:
    return await client.post(f"{path}/consultation", json={**CALL, **changes})


async def completed(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(f"{path}/complete", json={"author": "pat"})


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"recipient": "caregiver", "unable_reason": "unreachable"}, "proxy_not_allowed", "/unable_reason"),
        ({"recipient": "prescriber"}, "proxy_not_allowed", "/recipient"),
        ({"provider_type": "77"}, "unknown_provider_type", "/provider_type"),
        ({"held_on": "2026-07-02"}, "consultation_refused", "/held_on"),
        ({"method": "telehealth", "synchronous": False}, "consultation_refused", "/synchronous"),
        ({"minutes": 0}, "invalid_request", "/minutes"),
        ({"minutes": 601}, "invalid_request", "/minutes"),
    ],
)
async def test_a_consultation_that_does_not_count_is_422(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await consulted(client, await opened(client, "D1"), **changes)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_a_completed_review_is_told_with_the_day_that_its_summary_is_due(
    client: httpx.AsyncClient, database_url: str
) -> None:
    path = await opened(client, "D1")
    assert (await consulted(client, path)).status_code == 200
    assert (await completed(client, path)).status_code == 200
    database = Database.at(database_url)
    async with database.reading() as session:
        (event,) = (await session.execute(outbox.events.select())).mappings().all()
    await database.dispose()
    assert event["type"] == "cmr.completed"
    assert event["data"] == {
        "review_id": path.split("/")[-1],
        "member_id": "D1",
        "enrollment_id": "enr-D1",
        "contract_id": "S1234",
        "held_on": "2026-07-01",
        "summary_due": "2026-07-15",
    }


@pytest.mark.parametrize(
    ("member_id", "status", "code"),
    [
        ("D2", 409, "cmr_declined"),  # declined a month before
        ("D3", 409, "member_left"),  # left the day before
        ("D4", 200, None),  # left on the day of the call
        ("D5", 200, None),  # declined another one the day after
    ],
)
async def test_a_review_that_the_member_did_not_want_is_not_completed(
    client: httpx.AsyncClient, member_id: str, status: int, code: str | None
) -> None:
    path = await opened(client, member_id)
    await consulted(client, path)
    answer = await completed(client, path)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert (await client.get(path)).json()["status"] == ("completed" if status == 200 else "in_progress")


async def test_activity_tells_what_was_held_and_whether_it_is_completed(client: httpx.AsyncClient) -> None:
    held = await opened(client, "D1")
    await consulted(client, held, method="face_to_face", minutes=45)
    await completed(client, held)
    unfinished = await opened(client, "D1")
    await consulted(client, unfinished)
    targeted = await opened(client, "D4", "tmr")
    await completed(client, targeted)
    await opened(client, "D5", "tmr")
    found = (await client.get("/v1/activity?plan_year=2026")).json()["items"]
    assert [one["enrollment_id"] for one in found] == ["enr-D1", "enr-D4", "enr-D5"]
    told = {cmr["review_id"]: cmr for cmr in found[0]["cmrs"]}
    assert told[unfinished.split("/")[-1]]["completed_on"] is None
    assert [told[held.split("/")[-1]]] == [
        {
            "review_id": held.split("/")[-1],
            "held_on": "2026-07-01",
            "method": "face_to_face",
            "recipient": "beneficiary",
            "provider_type": "09",
            "cognitively_impaired": "U",
            "minutes": 45,
            "completed_on": "2026-07-01",
        }
    ]
    done = {"review_id": targeted.split("/")[-1], "done_on": "2026-07-01", "follow_up": False}
    assert (found[1]["cmrs"], found[1]["tmrs"]) == ([], [done])
    assert (found[2]["cmrs"], found[2]["tmrs"], found[2]["recommendations"], found[2]["resolutions"]) == ([], [], 0, 0)
    assert (found[1]["program_id"], found[1]["contract_id"]) == ("cms-2026", "S1234")


async def test_activity_is_of_one_year_programme_and_contract_in_pages(client: httpx.AsyncClient) -> None:
    for member_id in ("D1", "D4", "D5"):
        await opened(client, member_id, "tmr")
    found, cursor = [], ""
    while True:
        page = (await client.get(f"/v1/activity?plan_year=2026&limit=2{cursor}")).json()
        found += [one["member_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == ["D1", "D4", "D5"]
    for query in ("plan_year=2025", "plan_year=2026&program_id=other", "plan_year=2026&contract_id=H9999"):
        assert (await client.get(f"/v1/activity?{query}")).json()["items"] == []
