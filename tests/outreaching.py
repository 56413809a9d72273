"""Members of a programme to be reached and to call back, on a steered clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from deciding import COVERAGE, KEY, Service, many_diagnoses, many_fills, settings
from mtm_eligibility.main import create_app
from mtm_shared.web import Surroundings

HOP = "health-options-2024"
AETNA = "aetna-2021"
FROM = "1-855-773-8254"
# A Monday, 10 in the morning in Chicago.
START = datetime(2024, 7, 15, 15, 0, tzinfo=UTC)
YEARS = {HOP: 2024, AETNA: 2021, "cms-2026": 2026}


def person(**values: Any) -> dict[str, Any]:
    return {
        "member_id": "M-1",
        "birth_date": "1950-02-03",
        "sex": "female",
        "last_name": "Canary",
        "zip_code": "17101",
        "phone": "(717) 555-0100",
        **values,
    }


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Team(Service):
    """A programme's team on the running service."""

    clock: Clock = field(default_factory=Clock)

    async def enroll(self, program: str = HOP, **member: Any) -> str:
        """Enrol a member who meets every test; the enrolment's path."""
        year = YEARS[program]
        who = person(**member)
        day = f"{year}-02-10"
        told = {"service_date": day, "setting": "outpatient"}
        diagnoses = [each | told | {"claim_id": f"D-{place}"} for place, each in enumerate(many_diagnoses())]
        # Osteoporosis counts in both plans' lists.
        diagnoses.append({"icd10": "M81.0", "claim_id": "D-O"} | told)
        await self.store(
            member=who,
            coverage=COVERAGE | {"effective_from": f"{year}-01-01"},
            fills=many_fills(year),
            diagnoses=diagnoses,
            drug_management=None,
        )
        asked = {"program_id": program, "as_of": f"{year}-06-30"}
        decided = await self.ok("POST", f"/v1/members/{who['member_id']}/determinations", asked)
        assert decided["enrollment_id"], decided["criteria"]
        return f"/v1/enrollments/{decided['enrollment_id']}"

    async def attempt(self, path: str, channel: str, result: str, on: str, **values: Any) -> dict[str, Any]:
        body = {"channel": channel, "result": result, "on": on, **values}
        if channel in {"phone", "voicemail"}:
            body.setdefault("from_number", FROM)
        kept: dict[str, Any] = await self.ok("POST", f"{path}/outreach", body)
        return kept

    async def refused(self, path: str, channel: str, result: str, on: str, **values: Any) -> tuple[int, str]:
        return await self.problem(
            "POST", f"{path}/outreach", {"channel": channel, "result": result, "on": on, **values}
        )

    async def stands(self, path: str, as_of: str | None = None) -> tuple[str, str | None, str | None, str | None]:
        answer = await self.ok("GET", f"{path}/outreach" + (f"?as_of={as_of}" if as_of else ""))
        return answer["status"], answer["next_step"], answer["next_on"], answer["next_because"]

    async def verify(self, **values: Any) -> dict[str, Any]:
        """What the service says of a caller who answers rightly but for the given values."""
        body = {"program_id": HOP, "birth_date": "1950-02-03", "zip_code": "17101", **values}
        answer: dict[str, Any] = await self.ok("POST", "/v1/identity-verifications", body)
        return answer


@asynccontextmanager
async def team_on(database_url: str, data: Path, **environment: str) -> AsyncIterator[Team]:
    """The application on a migrated database, on a clock that stands."""
    clock = Clock()
    app = create_app(settings(database_url, data, **environment), Surroundings(clock=clock))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://eligibility",
            headers={"Authorization": f"Bearer {KEY}"},
        ) as client,
    ):
        yield Team(app, client, data, clock)
