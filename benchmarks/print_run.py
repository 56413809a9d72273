"""Documents a second of a print run (eligibility over HTTP, SQLite), against one Typst call in a bare loop.

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
from mtm_documents.main import create_app
from mtm_documents.rendering import render
from mtm_documents.rendering.drawing import drawing_processes
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables
from mtm_documents.usecases.enrollment_letter import gather_enrollment_letter
from mtm_documents.usecases.ordering import Order, Sources
from mtm_documents.usecases.print_runs import JOB_KIND
from mtm_shared.logs import configure_logging
from mtm_shared.storage import Database, JobQueue, migrate, work_off

from benchmarks.rounds import row
from benchmarks.server import running

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
    """Eligibility in a process of its own with as many enrolled members; documents with its worker in this one."""
    configure_logging("warning")
    settings = {"MTM_ENVIRONMENT": "development", "MTM_DATA_DIR": str(folder), "MTM_REVIEW_URL": "http://review",
                "MTM_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/documents.db"}  # fmt: skip
    migrate("documents", settings["MTM_DATABASE_URL"])
    async with AsyncExitStack() as stack:
        eligibility = f"http://127.0.0.1:{stack.enter_context(running('eligibility', pinned=False))}"
        given = settings | {"MTM_ELIGIBILITY_URL": eligibility}
        app = create_app(DocumentsSettings.from_environment("documents", given))
        await stack.enter_async_context(app.router.lifespan_context(app))
        options: dict[str, Any] = {"headers": _TOKEN, "timeout": 60}
        to_eligibility = await stack.enter_async_context(httpx.AsyncClient(base_url=eligibility, **options))
        inside = httpx.ASGITransport(app)
        documents = await stack.enter_async_context(
            httpx.AsyncClient(transport=inside, base_url="http://documents", **options)
        )
        ids = [await _enrolled(to_eligibility, f"M-{number}") for number in range(letters)]
        state = app.state
        draw = await stack.enter_async_context(drawing_processes())
        sources = Sources(state.eligibility, state.reviews, near_sites(state.database), None, draw)
        yield Programme(documents, sources, ids)


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
