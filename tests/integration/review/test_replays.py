"""Replays over HTTP and by the worker: nothing of a review changes, and every difference is counted by its rule."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from knowledge_versions import HEART_FAILURE, a_copy, without_rule
from mtm_review.cli import replay_run_handler
from mtm_review.domain.versions import Versions
from mtm_review.reference.archives import pack
from mtm_review.reference.shelf import Shelf
from mtm_review.storage.tables import jobs
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import run_worker, work_off
from mtm_shared.vocabulary import load_vocabulary
from reviewing import NOW, expertise

RULE = f"drug_disease.{HEART_FAILURE}"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Today's version and one without the rule of NSAIDs in heart failure."""
    archive = tmp_path / "archive"
    archive.mkdir()
    pack(without_rule(a_copy(tmp_path / "next"), HEART_FAILURE), archive / "next.zip")
    return Shelf.of(expertise().knowledge, load_vocabulary(), archive)


@pytest.fixture
def version(shelf: Shelf) -> str:
    (found,) = shelf.places.keys() - {shelf.today.version}
    return found


@pytest.fixture
async def service(client: httpx.AsyncClient, shelf: Shelf) -> httpx.AsyncClient:
    """The service with the archive, and a review of each of two members."""
    client.app.state.versions = shelf  # type: ignore[attr-defined]
    for member_id in ("A1", "A1", "B2"):
        body = {"member_id": member_id, "kind": "cmr", "as_of": "2026-06-30"}
        assert (await client.post("/v1/reviews", json=body)).status_code == 201
    return client


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database.at(database_url)
    yield database
    await database.dispose()


async def review_of(client: httpx.AsyncClient, member_id: str) -> dict[str, Any]:
    lines = (await client.get("/v1/reviews", params={"member_id": member_id})).json()["items"]
    return dict((await client.get(f"/v1/reviews/{lines[0]['review_id']}")).json())


async def work(database: Database, versions: Versions) -> None:
    handlers = {"replay_run": replay_run_handler(expertise(), versions)}
    await work_off(database, JobQueue(jobs), handlers, clock=lambda: NOW)


async def test_the_same_version_differs_in_nothing(service: httpx.AsyncClient) -> None:
    review = await review_of(service, "A1")
    replay = (await service.post(f"/v1/reviews/{review['review_id']}/replay", json={})).json()
    assert (replay["added"], replay["removed"], replay["changed"]) == ([], [], [])
    assert (replay["unchanged"], replay["from"], replay["to"]) == (
        len(review["findings"]), review["made_by"], review["made_by"],
    )  # fmt: skip


async def test_a_replay_names_the_rule_that_is_gone_and_leaves_the_review_alone(
    service: httpx.AsyncClient, version: str
) -> None:
    review = await review_of(service, "A1")
    answer = await service.post(f"/v1/reviews/{review['review_id']}/replay", json={"knowledge_version": version})
    replay = answer.json()
    assert {(each["finding"]["rule_id"], *each["causes"]) for each in replay["removed"]} == {(RULE, "rule_gone")}
    assert (replay["from"]["knowledge_version"], replay["to"]["knowledge_version"]) == (
        review["made_by"]["knowledge_version"], version,
    )  # fmt: skip
    assert replay["rules"][RULE]["what"] == "gone"
    assert await review_of(service, "A1") == review


async def test_a_version_that_is_not_at_hand_is_a_problem_that_points_at_it(service: httpx.AsyncClient) -> None:
    review = await review_of(service, "A1")
    for path in (f"/v1/reviews/{review['review_id']}/replay", "/v1/replay-runs"):
        answer = await service.post(path, json={"knowledge_version": "1999.01+00000000"})
        assert (answer.status_code, answer.json()["code"]) == (422, "knowledge_version_not_found")
        assert answer.json()["errors"][0]["pointer"] == "/knowledge_version"
    assert (await service.post("/v1/reviews/rev_none/replay", json={})).json()["code"] == "review_not_found"


async def test_a_run_counts_by_rule_over_the_latest_review_of_each_member(
    service: httpx.AsyncClient, database: Database, shelf: Shelf, version: str
) -> None:
    ordered = await service.post("/v1/replay-runs", json={"knowledge_version": version})
    assert (ordered.status_code, ordered.json()["state"]) == (202, "queued")
    await work(database, shelf)
    run = (await service.get(ordered.headers["Location"])).json()
    assert (run["state"], run["progress"]) == ("done", 1)
    assert run["counts"] == {"reviews": 2, "replayed": 2, "failed": 0, "waiting": 0, "differing": 1}
    (count,) = run["rules"]
    assert (count["rule_id"], count["cause"], count["reviews"]) == (RULE, "rule_gone", 1)
    assert (count["added"], count["removed"] > 0, count["changed"]) == (0, True, 0)


async def test_a_run_over_named_members_looks_at_theirs_alone(
    service: httpx.AsyncClient, database: Database, shelf: Shelf, version: str
) -> None:
    body = {"knowledge_version": version, "member_ids": ["B2", "nobody"]}
    ordered = await service.post("/v1/replay-runs", json=body)
    await work(database, shelf)
    run = (await service.get(ordered.headers["Location"])).json()
    assert (run["counts"]["reviews"], run["counts"]["differing"], run["rules"]) == (1, 0, [])


async def test_a_stopped_run_goes_on_where_it_stopped_and_counts_nothing_twice(
    service: httpx.AsyncClient, database: Database, shelf: Shelf, version: str
) -> None:
    ordered = await service.post("/v1/replay-runs", json={"knowledge_version": version})
    stop = asyncio.Event()

    class Stops:
        today, versions = shelf.today, shelf.versions

        def version(self, version: str) -> Any:
            # Asked for each review, for the version that made it: by then the worker wants to end.
            stop.set() if version == shelf.today.version else None
            return shelf.version(version)

    handlers = {"replay_run": replay_run_handler(expertise(), Stops())}
    await run_worker(database, JobQueue(jobs), handlers, stop, clock=lambda: NOW)
    halfway = (await service.get(ordered.headers["Location"])).json()
    assert (halfway["state"], halfway["counts"]["replayed"], halfway["progress"]) == ("running", 1, 0.5)
    await work(database, shelf)
    done = (await service.get(ordered.headers["Location"])).json()
    assert (done["state"], done["counts"]["replayed"], done["counts"]["differing"]) == ("done", 2, 1)


async def test_a_worker_without_the_version_fails_the_run(
    service: httpx.AsyncClient, database: Database, shelf: Shelf, version: str
) -> None:
    ordered = await service.post("/v1/replay-runs", json={"knowledge_version": version})
    await work(database, Shelf.of(shelf.today, load_vocabulary()))
    run = (await service.get(ordered.headers["Location"])).json()
    assert (run["state"], run["counts"]["waiting"]) == ("failed", 2)


async def test_a_run_that_is_unknown_and_a_member_named_twice_are_problems(
    service: httpx.AsyncClient, version: str
) -> None:
    assert (await service.get("/v1/replay-runs/rpl_none")).json()["code"] == "replay_run_not_found"
    body = {"knowledge_version": version, "member_ids": ["A1", "A1"]}
    assert (await service.post("/v1/replay-runs", json=body)).status_code == 422


async def test_the_knowledge_lists_the_versions_at_hand(service: httpx.AsyncClient, version: str) -> None:
    known = (await service.get("/v1/knowledge")).json()
    assert set(known["versions"]) == {known["knowledge_version"], version}
    assert [each["severity"] for each in known["severities"]] == ["contraindicated", "major", "moderate", "minor"]
    assert sum(known["statuses"].values()) == len(known["rules"])


ASKED = {
    "rule_id": RULE,
    "as_of": "2026-06-30",
    "member": {"birth_date": "1951-04-26", "sex": "female"},
    "medications": [{"name": "naproxen 500 mg"}],
}


async def test_why_not_names_the_step(quick_client: httpx.AsyncClient) -> None:
    answer = await quick_client.post("/v1/screenings/explain", json=ASKED | {"conditions": [{"icd10": "I10"}]})
    told = answer.json()
    assert (told["fires"], told["screen"], told["severity"], told["findings"]) == (False, "drug_disease", "major", [])
    assert [(step["step"], step["outcome"]) for step in told["steps"]] == [("drug", "passed"), ("condition", "stopped")]


async def test_why_gives_the_finding(quick_client: httpx.AsyncClient) -> None:
    answer = await quick_client.post("/v1/screenings/explain", json=ASKED | {"conditions": [{"icd10": "I50.9"}]})
    told = answer.json()
    assert (told["fires"], told["steps"][-1]["step"], len(told["findings"])) == (True, "finding", 1)


async def test_a_kept_review_is_explained_too(service: httpx.AsyncClient) -> None:
    review = await review_of(service, "A1")
    path = f"/v1/reviews/{review['review_id']}/explain"
    told = (await service.get(path, params={"rule_id": RULE})).json()
    assert told["fires"]
    shown = {f["finding_id"] for f in review["findings"] if f["rule_id"] == RULE}
    assert {finding["finding_id"] for finding in told["findings"]} == shown
    assert (await service.get(path, params={"rule_id": "drug_disease.none"})).json()["code"] == "rule_not_found"
