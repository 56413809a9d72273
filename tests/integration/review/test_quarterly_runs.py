"""A quarter's targeted reviews of a whole programme by one call: taken in, worked off, resumed and counted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import httpx
import pytest
from enrolled import FakePopulation, an_enrollment
from mtm_review.cli import review_run_handler
from mtm_review.storage.tables import jobs, outbox
from mtm_review.usecases.ports import ProfilesUnavailable
from mtm_shared.contracts.member import Profile
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import work_off
from reviewing import NOW, AProfile, FakeProfiles, a_profile, expertise, review_service, telling, two_pain_relievers

QUARTER = {"kind": "tmr", "as_of": "2026-06-30", "program_id": "cms-2026"}
LATER = NOW.replace(hour=23)


def calm(member_id: str) -> AProfile:
    """One drug, rightly taken: nothing to find."""
    return a_profile(member_id).filling("lisinopril 10 mg").diagnosed("I10").enrolled_in("cms-2026")


MEMBERS = [
    calm("Q1"),
    two_pain_relievers("Q2").enrolled_in("cms-2026"),
    calm("Q3").dying(date(2026, 6, 30)),
    calm("Q4").staying("hospice", date(2026, 6, 1), date(2026, 12, 31)),
    calm("Q5"),
    calm("Q6"),
    calm("Q7").filling("a drug that nobody knows"),
    calm("Q8"),
]
ENROLLED = [
    *(an_enrollment(f"Q{number}") for number in (1, 2, 3, 4, 7)),
    an_enrollment("Q5", status="opted_out", opted_out_on=date(2026, 6, 30), opt_out_reason="03"),
    an_enrollment("Q6", date(2026, 7, 1)),
    an_enrollment("Q8", status="disenrolled", opted_out_on=date(2026, 2, 1), opt_out_reason="02"),
    an_enrollment("Q8", enrollment_id="enr-Q8b"),
    an_enrollment("X1", program_id="another"),
    an_enrollment("Z9"),
]


def population(**options: Any) -> FakePopulation:
    return FakePopulation.of(ENROLLED, page_size=2, **options)


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with review_service(database_url, telling(*MEMBERS, population=population())) as client:
        yield client


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database.at(database_url)
    yield database
    await database.dispose()


async def work(database: Database, now: datetime = NOW, profiles: Any = None, whom: Any = None) -> None:
    profiles = profiles or FakeProfiles.of(*MEMBERS)
    handlers = {"review_run": review_run_handler(profiles, whom or population(), expertise())}
    await work_off(database, JobQueue(jobs), handlers, clock=lambda: now)


async def run_of(client: httpx.AsyncClient, **changes: Any) -> str:
    ordered = await client.post("/v1/review-runs", json={**QUARTER, **changes})
    assert ordered.status_code == 202, ordered.text
    return str(ordered.headers["Location"])


async def members(client: httpx.AsyncClient, path: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await client.get(f"{path}/reviews?limit=3{query}{cursor}")).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def test_one_call_reviews_every_member_of_the_programme(client: httpx.AsyncClient, database: Database) -> None:
    path = await run_of(client)
    before = (await client.get(path)).json()
    assert (before["state"], before["progress"], before["quarter"]) == ("queued", 0, "2026-Q2")
    await work(database)
    run = (await client.get(path)).json()
    counts = run["counts"]
    assert (run["state"], run["progress"]) == ("done", 1)
    assert counts["skipped_by_code"] == {"died": 1, "in_hospice": 1, "opted_out": 1, "not_yet_enrolled": 1}
    assert counts["failed_by_code"] == {"member_not_found": 1}
    assert (counts["members"], counts["opened"], counts["completed"], counts["enrolled"]) == (9, 4, 2, 5)
    assert counts["members"] == counts["opened"] + counts["skipped"] + counts["failed"] + counts["waiting"]
    told = {one["member_id"]: (one["state"], one["code"]) for one in await members(client, path)}
    assert told == {
        "Q1": ("opened", None),
        "Q2": ("opened", None),
        "Q3": ("skipped", "died"),
        "Q4": ("skipped", "in_hospice"),
        "Q5": ("skipped", "opted_out"),
        "Q6": ("skipped", "not_yet_enrolled"),
        "Q7": ("opened", None),
        "Q8": ("opened", None),  # left in February and came back
        "Z9": ("failed", "member_not_found"),
    }


class SideBySide:
    """Gives a profile when two workers ask for it, so that both decide on the member at the same moment."""

    def __init__(self) -> None:
        self._profiles = FakeProfiles.of(*MEMBERS)
        self._both = asyncio.Barrier(2)

    async def profile(self, member_id: str, as_of: Any) -> Profile:
        await self._both.wait()
        return await self._profiles.profile(member_id, as_of)


async def test_two_runs_at_the_same_moment_review_nobody_twice(client: httpx.AsyncClient, database: Database) -> None:
    paths = [await run_of(client), await run_of(client)]
    together = SideBySide()
    await asyncio.gather(work(database, profiles=together), work(database, profiles=together))
    counts = [(await client.get(path)).json()["counts"] for path in paths]
    assert [sum(one[state] for one in counts) for state in ("opened", "waiting")] == [4, 0]
    assert sum(one["skipped_by_code"].get("already_reviewed", 0) for one in counts) == 4
    assert len((await client.get("/v1/reviews")).json()["items"]) == 4


async def test_the_findings_of_a_run_are_those_of_its_reviews(client: httpx.AsyncClient, database: Database) -> None:
    path = await run_of(client)
    await work(database)
    counted: dict[tuple[str, str], int] = {}
    for line in (await client.get("/v1/reviews")).json()["items"]:
        for finding in (await client.get(f"/v1/reviews/{line['review_id']}")).json()["findings"]:
            key = (finding["screen"], finding["severity"])
            counted[key] = counted.get(key, 0) + 1
    told = (await client.get(path)).json()["counts"]["findings"]
    assert {(one["screen"], one["severity"]): one["findings"] for one in told} == counted
    assert counted


async def test_the_engine_completes_what_it_could_read_whole_and_found_nothing_in(
    client: httpx.AsyncClient, database: Database
) -> None:
    path = await run_of(client)
    await work(database)
    opened = {one["member_id"]: one for one in await members(client, path, "&state=opened")}
    stands = {member: (one["review_status"], one["completed_by_engine"]) for member, one in opened.items()}
    assert stands == {
        "Q1": ("completed", True),
        "Q2": ("in_progress", False),  # findings wait for a pharmacist
        "Q7": ("in_progress", False),  # and so does a drug that nobody understood
        "Q8": ("completed", True),
    }
    review = (await client.get(f"/v1/reviews/{opened['Q1']['review_id']}")).json()
    assert [(change["change"], change["author"]) for change in review["changes"]][1:] == [
        ("review completed", "engine")
    ]


async def test_every_review_waits_where_that_is_asked_for(client: httpx.AsyncClient, database: Database) -> None:
    path = await run_of(client, auto_complete=False)
    await work(database)
    counts = (await client.get(path)).json()["counts"]
    assert (counts["opened"], counts["completed"]) == (4, 0)


@pytest.mark.parametrize(
    ("as_of", "reviewed"),
    [("2026-04-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
async def test_who_has_a_targeted_review_in_the_quarter_is_skipped(
    client: httpx.AsyncClient, database: Database, as_of: str, reviewed: bool
) -> None:
    await run_of(client, member_ids=["Q1"])
    await work(database)
    path = await run_of(client, as_of=as_of, member_ids=["Q1"])
    await work(database, LATER)
    counts = (await client.get(path)).json()["counts"]
    assert counts["skipped_by_code"] == ({"already_reviewed": 1} if reviewed else {})
    assert counts["opened"] == (0 if reviewed else 1)


async def test_a_run_that_was_interrupted_everywhere_ends_like_one_that_was_not(
    client: httpx.AsyncClient, database: Database
) -> None:
    path = await run_of(client)

    class Away:
        """Answers once, then is away: every attempt gets one page or one profile further."""

        def __init__(self) -> None:
            self.left = 1

        async def profile(self, member_id: str, as_of: date) -> Profile:
            if self.left == 0:
                raise ProfilesUnavailable(5)
            self.left -= 1
            return await FakeProfiles.of(*MEMBERS).profile(member_id, as_of)

    for attempt in range(1, 19):
        whom = population(answers=1, failure=ProfilesUnavailable(5))
        await work(database, NOW.replace(month=8, day=attempt), Away(), whom)
    run = (await client.get(path)).json()
    assert run["state"] == "done"
    resumed = [
        (one["member_id"], one["state"], one["code"], one["review_status"]) for one in await members(client, path)
    ]
    assert len(resumed) == 9
    assert run["counts"]["skipped_by_code"] == {"died": 1, "in_hospice": 1, "opted_out": 1, "not_yet_enrolled": 1}
    assert (run["counts"]["opened"], run["counts"]["completed"], run["counts"]["failed"]) == (4, 2, 1)
    reviews = (await client.get("/v1/reviews")).json()["items"]
    assert sorted(review["member_id"] for review in reviews) == ["Q1", "Q2", "Q7", "Q8"]


async def test_a_finished_run_is_told_once(client: httpx.AsyncClient, database: Database) -> None:
    path = await run_of(client)
    await work(database)
    async with database.reading() as session:
        (event,) = (await session.execute(outbox.events.select())).mappings().all()
    assert event["type"] == "run.finished"
    assert event["data"] == {
        "run_id": path.split("/")[-1],
        "kind": "tmr",
        "state": "done",
        "counts": {"opened": 4, "skipped": 4, "failed": 1},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"program_id": None},
        {"quarter": "2026-Q3"},
        {"quarter": "second"},
        {"member_ids": []},
        {"auto_complete": "maybe"},
    ],
)
async def test_a_run_that_makes_no_sense_is_422(client: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    assert (await client.post("/v1/review-runs", json={**QUARTER, **changes})).status_code == 422


async def test_a_programme_that_nobody_knows_is_422(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/review-runs", json={**QUARTER, "program_id": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_program")


async def test_the_members_of_a_run_that_is_not_there_are_404(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/review-runs/run_nothing/reviews")).status_code == 404
