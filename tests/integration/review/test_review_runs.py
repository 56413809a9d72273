"""Review runs: ordered over HTTP, worked off by the worker, resumed where they stopped."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from enrolled import FakePopulation
from mtm_review.cli import review_run_handler
from mtm_review.storage.runs import OPENED, Result, RunRepository
from mtm_review.storage.tables import jobs, runs
from mtm_review.usecases.ports import MemberNotFound, ProfilesUnavailable
from mtm_shared.contracts.member import Profile
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import run_worker, work_off
from reviewing import MEMBERS, NOW, FakeProfiles, expertise

COUNTED = ("members", "opened", "skipped", "failed", "waiting")
RUN = {"kind": "tmr", "as_of": "2026-06-30", "member_ids": ["A1", "B2", "nobody", "C3"]}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database.at(database_url)
    yield database
    await database.dispose()


async def work(database: Database, profiles: Any, now: Any = NOW, population: Any = None) -> None:
    handlers = {"review_run": review_run_handler(profiles, population or FakePopulation(), expertise())}
    await work_off(database, JobQueue(jobs), handlers, clock=lambda: now)


async def test_a_run_opens_a_review_for_each_member_and_says_for_whom_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    ordered = await client.post("/v1/review-runs", json=RUN)
    assert (ordered.status_code, ordered.json()["state"], ordered.json()["progress"]) == (202, "queued", 0)
    await work(database, FakeProfiles.of(*MEMBERS))
    run = (await client.get(ordered.headers["Location"])).json()
    assert (run["state"], run["progress"]) == ("done", 1)
    assert {name: run["counts"][name] for name in COUNTED} == {
        "members": 4, "opened": 3, "skipped": 0, "failed": 1, "waiting": 0,
    }  # fmt: skip
    assert [(one["member_id"], one["code"]) for one in run["not_opened"]] == [("nobody", "member_not_found")]
    reviews = (await client.get("/v1/reviews")).json()["items"]
    assert sorted(review["member_id"] for review in reviews) == ["A1", "B2", "C3"]


async def test_members_outside_the_programme_are_skipped(client: httpx.AsyncClient, database: Database) -> None:
    ordered = await client.post("/v1/review-runs", json={**RUN, "program_id": "cms-2026"})
    await work(database, FakeProfiles.of(*MEMBERS))
    run = (await client.get(ordered.headers["Location"])).json()
    assert (run["counts"]["opened"], run["counts"]["skipped"]) == (2, 1)
    assert run["not_opened"][0] == {
        "member_id": "B2",
        "state": "skipped",
        "code": "not_enrolled",
        "detail": "The member is not enrolled in the programme on the day.",
    }


class GoesAwayAfter:
    """Eligibility that answers a few times and is then away."""

    def __init__(self, profiles: FakeProfiles, answers: int) -> None:
        self.profiles, self.left = profiles, answers

    async def profile(self, member_id: str, as_of: Any) -> Profile:
        if self.left == 0:
            raise ProfilesUnavailable(5)
        self.left -= 1
        return await self.profiles.profile(member_id, as_of)


async def test_a_run_goes_on_where_it_stopped_when_eligibility_went_away(
    client: httpx.AsyncClient, database: Database
) -> None:
    ordered = await client.post("/v1/review-runs", json=RUN)
    profiles = FakeProfiles.of(*MEMBERS)
    await work(database, GoesAwayAfter(profiles, 2))
    stopped = (await client.get(ordered.headers["Location"])).json()
    assert (stopped["state"], stopped["counts"]["opened"], stopped["counts"]["waiting"]) == ("running", 2, 2)
    later = NOW.replace(hour=23)
    await work(database, profiles, later)
    done = (await client.get(ordered.headers["Location"])).json()
    assert (done["state"], done["counts"]["opened"], done["counts"]["failed"]) == ("done", 3, 1)
    assert profiles.asked == ["A1", "B2", "nobody", "C3"]
    assert len((await client.get("/v1/reviews")).json()["items"]) == 3


class Overtaken:
    """Eligibility during whose answer another worker opens the member's review."""

    def __init__(self, profiles: FakeProfiles, database: Database) -> None:
        self.profiles, self.database, self.raced = profiles, database, False

    async def profile(self, member_id: str, as_of: Any) -> Profile:
        if not self.raced:
            self.raced = True
            async with self.database.writing() as session, session.begin():
                run_id = (await session.execute(runs.select())).mappings().one()["review_run_id"]
                assert await RunRepository(session).claim(run_id, member_id, Result(OPENED, "rev_other"))
        return await self.profiles.profile(member_id, as_of)


async def test_two_workers_do_not_open_two_reviews_for_one_member(
    client: httpx.AsyncClient, database: Database
) -> None:
    await client.post("/v1/review-runs", json={**RUN, "member_ids": ["A1"]})
    await work(database, Overtaken(FakeProfiles.of(*MEMBERS), database))
    assert (await client.get("/v1/reviews")).json()["items"] == []


async def test_a_run_that_never_gets_an_answer_fails_in_the_end(client: httpx.AsyncClient, database: Database) -> None:
    ordered = await client.post("/v1/review-runs", json={**RUN, "member_ids": ["A1"]})
    profiles = FakeProfiles(failure=ProfilesUnavailable(5))
    for day in range(1, 31):
        await work(database, profiles, NOW.replace(month=8, day=day))
    run = (await client.get(ordered.headers["Location"])).json()
    assert (run["state"], run["counts"]["waiting"]) == ("failed", 1)


async def test_the_same_key_orders_one_run(client: httpx.AsyncClient, database: Database) -> None:
    key = {"Idempotency-Key": "quarter-2"}
    first = await client.post("/v1/review-runs", json=RUN, headers=key)
    again = await client.post("/v1/review-runs", json=RUN, headers=key)
    assert (again.status_code, again.content) == (202, first.content)
    await work(database, FakeProfiles(failure=MemberNotFound()))
    assert (await client.get(first.headers["Location"])).json()["counts"]["failed"] == 4


async def test_a_member_is_named_once_in_a_run(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/review-runs", json={**RUN, "member_ids": ["A1", "A1"]})
    assert answer.status_code == 422


async def test_a_stopping_worker_leaves_between_two_members_and_gives_the_job_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    ordered = await client.post("/v1/review-runs", json=RUN)
    stop = asyncio.Event()
    profiles = FakeProfiles.of(*MEMBERS)

    class Stops(FakeProfiles):
        async def profile(self, member_id: str, as_of: Any) -> Profile:
            stop.set()
            return await profiles.profile(member_id, as_of)

    handlers = {"review_run": review_run_handler(Stops(), FakePopulation(), expertise())}
    await run_worker(database, JobQueue(jobs), handlers, stop, clock=lambda: NOW)
    assert (await client.get(ordered.headers["Location"])).json()["counts"]["opened"] == 1
    await work(database, profiles)
    assert (await client.get(ordered.headers["Location"])).json()["counts"]["opened"] == 3
