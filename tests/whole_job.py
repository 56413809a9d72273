"""The three services in one process, speaking over in-memory HTTP, and one member's way through them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from mtm_documents.main import create_app as documents_app
from mtm_documents.settings import DocumentsSettings
from mtm_eligibility.main import create_app as eligibility_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_review.main import create_app as review_app
from mtm_review.settings import ReviewSettings
from mtm_shared.storage import migrate

TOKEN = {"Authorization": "Bearer openmtm-development"}


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "MTM_ENVIRONMENT": "development",
        "MTM_DATABASE_URL": url,
        "MTM_ELIGIBILITY_URL": "http://eligibility",
        "MTM_REVIEW_URL": "http://review",
        "MTM_DATA_DIR": str(folder / "data"),
    }


@dataclass(frozen=True)
class Services:
    """A client of each service."""

    eligibility: httpx.AsyncClient
    review: httpx.AsyncClient
    documents: httpx.AsyncClient


def applications(folder: Path, documents_url: str) -> tuple[FastAPI, FastAPI, FastAPI]:
    """The three applications over migrated databases; documents on the given one, the others on SQLite."""
    urls = {name: f"sqlite+aiosqlite:///{folder}/{name}.db" for name in ("eligibility", "review")}
    for name, url in (urls | {"documents": documents_url}).items():
        migrate(name, url)
    settings = EligibilitySettings.from_environment("eligibility", environment(urls["eligibility"], folder))
    eligibility = eligibility_app(settings)
    review = review_app(
        ReviewSettings.from_environment("review", environment(urls["review"], folder)),
        eligibility=httpx.ASGITransport(eligibility),
    )
    documents = documents_app(
        DocumentsSettings.from_environment("documents", environment(documents_url, folder)),
        eligibility=httpx.ASGITransport(eligibility),
        reviews=httpx.ASGITransport(review),
    )
    return eligibility, review, documents


@asynccontextmanager
async def running(folder: Path, documents_url: str) -> AsyncIterator[Services]:
    """Clients of the three running services."""
    async with AsyncExitStack() as stack:
        clients = []
        for app in applications(folder, documents_url):
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app)
            http = httpx.AsyncClient(transport=transport, base_url="http://test", headers=TOKEN, timeout=30)
            clients.append(await stack.enter_async_context(http))
        yield Services(*clients)


AS_OF = date(2026, 6, 30)
# Eight maintenance drugs, one of them a proton pump inhibitor beside nothing that it protects from, and naproxen.
DRUGS = ("6809", "29046", "83367", "17767", "36567", "4815", "52175", "40790", "7258")
DIAGNOSES = ("E119", "I10", "E785", "I509")


def member(**changes: Any) -> dict[str, Any]:
    address = {"line1": "12 Elm Street", "city": "Harrisburg", "state": "PA", "zip_code": "17101"}
    known = {
        "member_id": "M-1",
        "first_name": "María Elena",
        "last_name": "Fictional",
        "birth_date": "1948-02-03",
        "sex": "female",
        "zip_code": "17101",
        "address": address,
        "language": "es",
    }
    coverage = {"contract_id": "H1234", "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2025-01-01"}
    return {"member": known | changes, "coverage": coverage}


def fills() -> list[dict[str, Any]]:
    return [
        {
            "claim_id": f"{rxcui}-{month}",
            "rxcui": rxcui,
            "fill_date": str(AS_OF - timedelta(days=15 + 30 * month)),
            "days_supply": 30,
            "quantity": "30",
            "total_cost": "40.00",
        }
        for rxcui in DRUGS
        for month in range(5)
    ]


def diagnoses() -> list[dict[str, Any]]:
    return [
        {"icd10": code, "service_date": str(AS_OF - timedelta(days=days)), "setting": "carrier"}
        for code in DIAGNOSES
        for days in (40, 90)
    ]


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


async def enrolled(eligibility: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The member, stored, determined and enrolled; answers the determination."""
    ok(await eligibility.put("/v1/members/M-1", json=member(**changes)))
    ok(await eligibility.post("/v1/members/M-1/fills", json={"fills": fills()}))
    ok(await eligibility.post("/v1/members/M-1/diagnoses", json={"diagnoses": diagnoses()}))
    request = {"program_id": "cms-2026", "as_of": str(AS_OF)}
    found: dict[str, Any] = ok(await eligibility.post("/v1/members/M-1/determinations", json=request))
    assert found["outcome"] == "eligible", found["criteria"]
    return found


async def reviewed(review: httpx.AsyncClient, *, complete: bool = True) -> dict[str, Any]:
    """A comprehensive review of the member, worked through by a pharmacist."""
    made = ok(await review.post("/v1/reviews", json={"member_id": "M-1", "kind": "cmr", "as_of": str(AS_OF)}))
    path = f"/v1/reviews/{made['review_id']}"
    said = [
        {
            "medication_id": item["medication_id"],
            "directions": "Take 1 by mouth once a day",
            "reason": "For your health",
        }
        for item in made["medications"]
    ]
    otc = {"name": "fish oil", "source": "supplement", "directions": "1 capsule a day", "reason": "Told by a friend"}
    ok(await review.post(f"{path}/medications", json={"author": "Pat Doe, PharmD", "medications": [*said, otc]}))
    for finding in ok(await review.get(path))["findings"]:
        decision = {"decision": "accepted", "reason": "agreed with the member", "author": "Pat Doe, PharmD"}
        ok(await review.post(f"{path}/findings/{finding['finding_id']}/decision", json=decision))
    held = {
        "held_on": "2026-07-01",
        "method": "telephone",
        "recipient": "beneficiary",
        "provider_name": "Pat Doe",
        "provider_title": "PharmD",
        "provider_type": "09",
        "minutes": 30,
        "allergies": "Penicillin: rash",
        "author": "Pat Doe, PharmD",
    }
    ok(await review.post(f"{path}/consultation", json=held))
    if complete:
        ok(await review.post(f"{path}/complete", json={"author": "Pat Doe, PharmD"}))
    found: dict[str, Any] = ok(await review.get(path))
    return found
