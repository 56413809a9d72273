"""A whole programme in one process: the three services, their workers and a clock that a test moves.

Everything is real but the network and the time: databases, HTTP shapes, jobs, claims and documents.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from mtm_documents.cli import handlers as document_handlers
from mtm_documents.cli import near_sites
from mtm_documents.main import create_app as documents_app
from mtm_documents.reference.cms import load_cms_rules
from mtm_documents.rendering.drawing import Draw, draw_in_thread
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables as document_tables
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.ordering import Sources
from mtm_eligibility.main import create_app as eligibility_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.worker import QUEUE
from mtm_eligibility.worker import handlers as eligibility_handlers
from mtm_review.cli import handlers as review_handlers
from mtm_review.main import create_app as review_app
from mtm_review.main import load_shelf
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import jobs as review_jobs
from mtm_shared.storage import JobQueue, migrate, work_off
from mtm_shared.web import Surroundings
from whole_job import TOKEN, diagnoses, environment, fills, member

NAMES = ("eligibility", "review", "documents")


@dataclass
class Clock:
    """What time it is for all three services."""

    now: datetime = datetime(2026, 1, 5, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: date | str) -> None:
        """It is the afternoon of this day."""
        told = date.fromisoformat(day) if isinstance(day, str) else day
        self.now = datetime.combine(told, time(15), UTC)


@dataclass
class Programme:
    """Clients of the services, and their workers."""

    clock: Clock
    apps: dict[str, FastAPI]
    clients: dict[str, httpx.AsyncClient]
    draw: Draw = draw_in_thread
    said: list[str] = field(default_factory=list)

    async def ok(self, service: str, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of an answer that is a success."""
        answer = await self.clients[service].request(method, path, json=body, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json() if answer.content else None

    async def problem(self, service: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """The status and code of an answer that is a problem."""
        answer = await self.clients[service].request(method, path, json=body)
        assert answer.is_error, answer.text[:400]
        return answer.status_code, answer.json()["code"]

    async def all(self, service: str, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        joined = "&" if "?" in path else "?"
        items: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = await self.ok(service, "GET", f"{path}{joined}limit=200{more}")
            items += page["items"]
            cursor = page["next_cursor"]
        return items

    async def work(self, *names: str) -> None:
        """Work off every queue, or those of the named services."""
        for name in names or NAMES:
            await getattr(self, f"_work_{name}")()

    async def _work_eligibility(self) -> None:
        state = self.apps["eligibility"].state
        await work_off(state.database, QUEUE, eligibility_handlers(state.runtime), clock=self.clock)

    async def _work_review(self) -> None:
        state = self.apps["review"].state
        known = review_handlers(state.profiles, state.population, state.expertise, load_shelf(state.settings))
        await work_off(state.database, JobQueue(review_jobs), known, clock=self.clock)

    async def _work_documents(self) -> None:
        state = self.apps["documents"].state
        sources = Sources(state.eligibility, state.reviews, near_sites(state.database), None, self.draw)
        reports = CmsSources(state.eligibility, state.reviews, load_cms_rules(None))
        queue = JobQueue(document_tables.jobs)
        await work_off(state.database, queue, document_handlers(sources, reports), clock=self.clock)


def _apps(folder: Path, clock: Clock, given: Mapping[str, str]) -> dict[str, FastAPI]:
    urls = {name: f"sqlite+aiosqlite:///{folder}/{name}.db" for name in NAMES} | dict(given)
    for name, url in urls.items():
        migrate(name, url)
    around = Surroundings(clock=clock)
    told = {name: environment(url, folder) for name, url in urls.items()}
    eligibility = eligibility_app(EligibilitySettings.from_environment("eligibility", told["eligibility"]), around)
    review = review_app(
        ReviewSettings.from_environment("review", told["review"]),
        surroundings=around,
        eligibility=httpx.ASGITransport(eligibility),
    )
    documents = documents_app(
        DocumentsSettings.from_environment("documents", told["documents"]),
        surroundings=around,
        eligibility=httpx.ASGITransport(eligibility),
        reviews=httpx.ASGITransport(review),
    )
    return {"eligibility": eligibility, "review": review, "documents": documents}


@asynccontextmanager
async def programme(
    folder: Path, draw: Draw = draw_in_thread, urls: Mapping[str, str] | None = None
) -> AsyncIterator[Programme]:
    """The running programme, on SQLite but for the services whose databases are given."""
    clock = Clock()
    apps = _apps(folder, clock, urls or {})
    clients: dict[str, httpx.AsyncClient] = {}
    async with AsyncExitStack() as stack:
        for name, app in apps.items():
            await stack.enter_async_context(app.router.lifespan_context(app))
            http = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url=f"http://{name}", headers=TOKEN, timeout=60
            )
            clients[name] = await stack.enter_async_context(http)
        yield Programme(clock, apps, clients, draw)


async def enrol(all_three: Programme, member_id: str, program_id: str = "cms-2026") -> str:
    """Store, determine and enrol a member; the enrolment's id."""
    path = f"/v1/members/{member_id}"
    told = member(member_id=member_id)
    await all_three.ok("eligibility", "PUT", path, told)
    await all_three.ok("eligibility", "POST", f"{path}/fills", {"fills": fills()})
    await all_three.ok("eligibility", "POST", f"{path}/diagnoses", {"diagnoses": diagnoses()})
    asked = {"program_id": program_id, "as_of": all_three.clock().date().isoformat()}
    found = await all_three.ok("eligibility", "POST", f"{path}/determinations", asked)
    assert found["enrollment_id"], found
    return str(found["enrollment_id"])


HELD: dict[str, Any] = {
    "held_on": "2026-06-30",
    "method": "telephone",
    "recipient": "beneficiary",
    "provider_name": "Pat Doe",
    "provider_title": "PharmD",
    "provider_type": "09",
    "minutes": 30,
    "author": "Pat Doe, PharmD",
}


async def opened(running: Programme, kind: str = "cmr", as_of: str = "2026-06-30") -> str:
    body = {"member_id": "M-1", "kind": kind, "as_of": as_of}
    return str((await running.ok("review", "POST", "/v1/reviews", body))["review_id"])


async def completed(running: Programme, held_on: str) -> str:
    review_id = await opened(running, as_of=held_on)
    path = f"/v1/reviews/{review_id}"
    await running.ok("review", "POST", f"{path}/consultation", {**HELD, "held_on": held_on})
    for finding in (await running.ok("review", "GET", path))["findings"]:
        decision = {"decision": "accepted", "reason": "agreed", "author": "Pat Doe"}
        await running.ok("review", "POST", f"{path}/findings/{finding['finding_id']}/decision", decision)
    await running.ok("review", "POST", f"{path}/complete", {"author": "Pat Doe"})
    return review_id
