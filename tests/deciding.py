"""The eligibility service for tests: the real application in this process, and files imported through it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from mtm_eligibility.main import create_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.worker import QUEUE, handlers
from mtm_shared.storage import Database, work_off

KEY = "openmtm-development"
MEMBER: dict[str, Any] = {"member_id": "M-1", "birth_date": "1950-02-03", "sex": "female", "last_name": "Canary"}
COVERAGE: dict[str, Any] = {
    "contract_id": "H1234",
    "pbp_id": "001",
    "plan_type": "MA-PD",
    "effective_from": "2026-01-01",
    "effective_to": None,
    "low_income": None,
}
AS_OF = "2026-06-30"
# Taken by hand so that one member meets all three tests of cms-2026 by far.
DRUGS = (
    "metformin 500 MG Oral Tablet", "lisinopril 10 MG Oral Tablet", "atorvastatin 20 MG Oral Tablet",
    "furosemide 40 MG Oral Tablet", "carvedilol 6.25 MG Oral Tablet", "sertraline 50 MG Oral Tablet",
    "donepezil 10 MG Oral Tablet", "allopurinol 100 MG Oral Tablet", "levothyroxine sodium 0.05 MG Oral Tablet",
    "omeprazole 20 MG Delayed Release Oral Capsule",
)  # fmt: skip
CODES = ("E11.9", "I50.22", "E78.5", "I10", "F32.1", "J44.9")


def fill(claim_id: str, **values: Any) -> dict[str, Any]:
    """A fill of metformin for 30 dollars."""
    return {
        "claim_id": claim_id,
        "drug_name": DRUGS[0],
        "fill_date": "2026-03-01",
        "days_supply": 30,
        "quantity": "60",
        "total_cost": "30.00",
        **values,
    }


def many_fills(year: int = 2026) -> list[dict[str, Any]]:
    """Ten drugs, each filled monthly from January to June of the year, for 250 dollars."""
    return [
        fill(f"{year}-{place}-{month}", drug_name=drug, fill_date=f"{year}-{month:02d}-05", total_cost="250.00")
        for place, drug in enumerate(DRUGS)
        for month in range(1, 7)
    ]


def many_diagnoses() -> list[dict[str, Any]]:
    """Six conditions of five core diseases and more, each on two claims."""
    return [
        {"icd10": code, "service_date": day, "setting": "outpatient", "claim_id": f"D-{day}"}
        for code in CODES
        for day in ("2026-02-10", "2026-04-10")
    ]


def record(**parts: Any) -> dict[str, Any]:
    """A member record that is eligible under cms-2026."""
    whole: dict[str, Any] = {
        "member": MEMBER,
        "coverage": COVERAGE,
        "fills": many_fills(),
        "diagnoses": many_diagnoses(),
        "drug_management": {"at_risk": False, "coverage_limitation": False, "effective_from": "2026-01-01"},
    }
    return whole | parts


@dataclass(frozen=True)
class Service:
    """The running application and a client of it."""

    app: FastAPI
    client: httpx.AsyncClient
    data: Path

    @property
    def database(self) -> Database:
        """The application's database."""
        database: Database = self.app.state.database
        return database

    async def store(self, **parts: Any) -> list[dict[str, Any]]:
        """Store the record over HTTP and give the items that were rejected."""
        rejected: list[dict[str, Any]] = []
        whole = record(**parts)
        path = f"/v1/members/{whole['member']['member_id']}"
        await self.ok("PUT", path, {"member": whole["member"], "coverage": whole["coverage"]})
        for part in ("fills", "diagnoses"):
            if whole[part]:
                answer = await self.ok("POST", f"{path}/{part}", {part: whole[part]})
                rejected += answer["rejected"]
        if whole.get("drug_management"):
            await self.ok("POST", f"{path}/drug-management", {"drug_management": [whole["drug_management"]]})
        if whole.get("stays"):
            await self.ok("POST", f"{path}/stays", {"stays": whole["stays"]})
        return rejected

    async def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of an answer that is a success."""
        answer = await self.client.request(method, path, json=body, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer.json()

    async def problem(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        """The status and code of an answer that is a problem."""
        answer = await self.client.request(method, path, json=body, **options)
        assert answer.headers["content-type"] == "application/problem+json", answer.text[:600]
        return answer.status_code, answer.json()["code"]

    async def queue(self, file_format: str, content: bytes) -> str:
        """Upload a file and give the id of its import."""
        form = {"data": {"format": file_format}, "files": {"file": ("f", content)}}
        answer = await self.client.post("/v1/imports", **form)  # type: ignore[arg-type]
        assert answer.status_code == 202, answer.text
        return str(answer.json()["import_id"])

    async def work(self) -> None:
        """Work off everything that is queued."""
        await work_off(self.database, QUEUE, handlers(self.app.state.runtime), clock=self.app.state.clock)

    async def bring(self, file_format: str, content: bytes) -> dict[str, Any]:
        """Import a file to its end and give the import as it then stands."""
        import_id = await self.queue(file_format, content)
        await self.work()
        status: dict[str, Any] = await self.ok("GET", f"/v1/imports/{import_id}")
        return status

    async def rejects(self, status: dict[str, Any]) -> list[dict[str, Any]]:
        """The first rejects of an import."""
        page = await self.ok("GET", f"/v1/imports/{status['import_id']}/rejects?limit=500")
        items: list[dict[str, Any]] = page["items"]
        return items


def settings(database_url: str, data: Path, **environment: str) -> EligibilitySettings:
    """Settings of a service on this database."""
    given = {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": database_url, "MTM_DATA_DIR": str(data)}
    return EligibilitySettings.from_environment("eligibility", given | environment)


@asynccontextmanager
async def eligibility_service(database_url: str, data: Path) -> AsyncIterator[Service]:
    """The application on a migrated database."""
    app = create_app(settings(database_url, data))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://eligibility",
            headers={"Authorization": f"Bearer {KEY}"},
        ) as client,
    ):
        yield Service(app, client, data)
