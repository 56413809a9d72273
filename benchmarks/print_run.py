"""Documents a second of a print run (three services in one process, SQLite), against one Typst call in a bare loop.

The peer makes the PDFs of the same members' letters on one core; the run reads facts over HTTP, makes PDF and HTML,
keeps them, and merges the bundle, on the cores that there are.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from mtm_documents.cli import near_sites, print_run_handler
from mtm_documents.main import create_app as documents_app
from mtm_documents.rendering import render
from mtm_documents.rendering.drawing import drawing_processes
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables
from mtm_documents.usecases.enrollment_letter import gather_enrollment_letter
from mtm_documents.usecases.ordering import Order, Sources
from mtm_documents.usecases.print_runs import JOB_KIND
from mtm_eligibility.main import create_app as eligibility_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_review.main import create_app as review_app
from mtm_review.settings import ReviewSettings
from mtm_shared.logs import configure_logging
from mtm_shared.storage import Database, JobQueue, migrate, work_off

from benchmarks.rounds import row

LETTERS = 320
WARM = 20
"""Made before the clock runs: a worker's drawing processes live as long as the worker."""
_TOKEN = {"Authorization": "Bearer openmtm-development"}
_DRUGS = ("6809", "29046", "83367", "17767", "36567", "4815", "52175", "40790", "7258")


async def _enrolled(eligibility: httpx.AsyncClient, name: str) -> str:
    address = {"line1": "12 Elm Street", "city": "Harrisburg", "state": "PA", "zip_code": "17101"}
    member = {
        "member_id": name, "first_name": "Maria", "last_name": f"Fictional {name}", "birth_date": "1948-02-03",
        "sex": "female", "zip_code": "17101", "address": address, "language": "en",
    }  # fmt: skip
    coverage = {"contract_id": "H1234", "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2025-01-01"}
    fills = [
        {"claim_id": f"{name}-{rxcui}-{month}", "rxcui": rxcui, "fill_date": f"2026-0{month}-15", "days_supply": 30,
         "quantity": "30", "total_cost": "40.00"}
        for rxcui in _DRUGS for month in range(2, 7)
    ]  # fmt: skip
    days = ("2026-04-01", "2026-05-20")
    diagnoses = [
        {"icd10": code, "service_date": day, "setting": "carrier"} for code in ("E119", "I10", "E785", "I509")
        for day in days
    ]  # fmt: skip
    path = f"/v1/members/{name}"
    (await eligibility.put(path, json={"member": member, "coverage": coverage})).raise_for_status()
    (await eligibility.post(f"{path}/fills", json={"fills": fills})).raise_for_status()
    (await eligibility.post(f"{path}/diagnoses", json={"diagnoses": diagnoses})).raise_for_status()
    asked = {"program_id": "cms-2026", "as_of": "2026-06-30"}
    answer = await eligibility.post(f"{path}/determinations", json=asked)
    return str(answer.raise_for_status().json()["enrollment_id"])


@dataclass(frozen=True, slots=True)
class Programme:
    """Documents over HTTP, what a worker makes documents from, and the enrolments to write to."""

    documents: httpx.AsyncClient
    sources: Sources
    enrollment_ids: list[str]

    @property
    def database(self) -> Database:
        """The documents service's database."""
        found: Database = self.documents._transport.app.state.database  # type: ignore[attr-defined]
        return found

    async def run(self, enrollment_ids: list[str]) -> None:
        """A print run, ordered and worked off."""
        order = {"kind": "enrollment_letter", "enrollment_ids": enrollment_ids}
        (await self.documents.post("/v1/print-runs", json=order)).raise_for_status()
        await work_off(self.database, JobQueue(tables.jobs), {JOB_KIND: print_run_handler(self.sources)})


@asynccontextmanager
async def programme(folder: Path, letters: int) -> AsyncIterator[Programme]:
    """Three services on SQLite in one process, with as many enrolled members, and warm drawing processes."""
    configure_logging("warning")
    urls = {name: f"sqlite+aiosqlite:///{folder}/{name}.db" for name in ("eligibility", "review", "documents")}
    known = {"MTM_ENVIRONMENT": "development", "MTM_ELIGIBILITY_URL": "http://eligibility",
             "MTM_REVIEW_URL": "http://review", "MTM_DATA_DIR": str(folder)}  # fmt: skip
    for name, url in urls.items():
        migrate(name, url)

    def given(name: str) -> dict[str, str]:
        return known | {"MTM_DATABASE_URL": urls[name]}

    first = eligibility_app(EligibilitySettings.from_environment("eligibility", given("eligibility")))
    to_first = httpx.ASGITransport(first)
    second = review_app(ReviewSettings.from_environment("review", given("review")), eligibility=to_first)
    third = documents_app(
        DocumentsSettings.from_environment("documents", given("documents")),
        eligibility=to_first,
        reviews=httpx.ASGITransport(second),
    )
    async with AsyncExitStack() as stack:
        clients = []
        for app in (first, second, third):
            await stack.enter_async_context(app.router.lifespan_context(app))
            http = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://it", headers=_TOKEN, timeout=60
            )
            clients.append(await stack.enter_async_context(http))
        ids = [await _enrolled(clients[0], f"M-{number}") for number in range(letters)]
        state = third.state
        draw = await stack.enter_async_context(drawing_processes())
        sources = Sources(state.eligibility, state.reviews, near_sites(state.database), None, draw)
        yield Programme(clients[2], sources, ids)


async def _measure(folder: Path) -> None:
    async with programme(folder, LETTERS) as ready:
        ids = ready.enrollment_ids
        peer = await _bare(ready.sources, ids)
        row("Typst in a bare loop, one core, PDF only", peer, "documents/s", "(peer)")
        await ready.run(ids[:WARM])
        start = time.perf_counter()
        await ready.run(ids[WARM:])
        ours = (LETTERS - WARM) / (time.perf_counter() - start)
        row("print run with HTML, storing and bundle", ours, "documents/s")
        row("ratio", ours / peer, "of the peer")


async def _bare(sources: Sources, enrollment_ids: list[str]) -> float:
    """Every letter differs, so that the typesetter cannot answer from its cache."""
    values: list[Any] = []
    for enrollment_id in enrollment_ids:
        order = Order("enrollment_letter", "en", None, enrollment_id, None, date(2026, 7, 6))
        values.append((await gather_enrollment_letter(sources, order)).value)
    render("enrollment_letter", "en", values[0])
    start = time.perf_counter()
    for value in values[1:]:
        render("enrollment_letter", "en", value)
    return (len(values) - 1) / (time.perf_counter() - start)


def main() -> None:
    """Prints both and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))
