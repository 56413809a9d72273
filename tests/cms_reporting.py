"""Enrolments and work for reports to CMS: readable facts, and the two routes that a report is read from."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Query
from mtm_documents.domain.cms_file.building import Built, build
from mtm_documents.domain.cms_file.facts import Cmr, Facts, Sent, Span, Work
from mtm_documents.domain.cms_file.layout import Layout
from mtm_documents.domain.cms_file.row import Row
from mtm_documents.domain.cms_file.writing import read_line
from mtm_documents.main import create_app
from mtm_documents.reference.cms import load_cms_rules
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables
from mtm_documents.usecases.cms_handler import cms_report_handler
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_reports import JOB_KIND
from mtm_shared.contracts.reporting import EnrollmentActivity, EnrollmentFacts
from mtm_shared.storage import JobQueue, migrate, work_off
from mtm_shared.web import Surroundings
from whole_job import TOKEN, environment

YEAR = 2026
CONTRACT = "H1234"
MBI = "1EG4TE5MK73"
RULES = load_cms_rules()
LAYOUT = RULES.layouts[YEAR]
MEASURE = RULES.measures[YEAR]


def day(text: str) -> date:
    """`3-15` of the reporting year, or a whole date."""
    return date.fromisoformat(text) if len(text) == 10 else date(YEAR, *map(int, text.split("-")))


def a_cmr(held_on: str, review_id: str = "r1", **changes: Any) -> Cmr:
    known = Cmr(review_id, day(held_on), "telephone", "beneficiary", "09", "N")
    return replace(known, **changes)


def an_enrollment(**changes: Any) -> Facts:
    """Enrolled on 10 January, all criteria met that day, offered a review in February, nothing done yet."""
    known = Facts(
        enrollment_id="e1",
        member_id="m1",
        program_id="cms-2026",
        contract_id=CONTRACT,
        mbi=MBI,
        first_name="Maria",
        middle_initial=None,
        last_name="Fictional",
        birth_date=date(1948, 2, 3),
        death_date=None,
        pathway="chronic_drugs_cost",
        criteria_met_on=day("1-10"),
        enrolled_on=day("1-10"),
        has_left=False,
        opted_out_on=None,
        opt_out_reason=None,
        cmr_offered_on=day("2-10"),
        covered=(Span(date(2020, 1, 1)),),
        hospice=(),
        facility=(),
        work=Work(),
        sent=Sent(None, {}),
    )
    return replace(known, **changes)


def reviewed(*cmrs: Cmr, sent: bool = True, **changes: Any) -> Facts:
    """An enrolment with these consultations; their summaries were sent a week later."""
    summaries = {cmr.review_id: cmr.held_on for cmr in cmrs} if sent else {}
    return an_enrollment(work=Work(cmrs=tuple(cmrs)), sent=Sent(None, summaries), **changes)


def built(*enrollments: Facts, layout: Layout = LAYOUT, shared: frozenset[str] = frozenset()) -> Built:
    return build(enrollments, layout, CONTRACT, shared)


@dataclass
class Told:
    """What eligibility and review tell; changed between two reports as a test likes."""

    facts: list[EnrollmentFacts] = field(default_factory=list)
    work: list[EnrollmentActivity] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        """The two routes, paged as the services page them."""
        app = FastAPI()

        @app.get("/v1/enrollment-facts")
        async def facts(plan_year: int, contract_id: str, limit: int, cursor: str | None = Query(None)) -> Any:
            self.calls.append("facts")
            here = [
                each for each in self.facts if (each.plan_year, each.enrollment.contract_id) == (plan_year, contract_id)
            ]
            return _page(here, [each.enrollment.enrollment_id for each in here], limit, cursor)

        @app.get("/v1/activity")
        async def work(plan_year: int, contract_id: str, limit: int, cursor: str | None = Query(None)) -> Any:
            self.calls.append("work")
            here = [each for each in self.work if each.contract_id == contract_id]
            return _page(here, [each.enrollment_id for each in here], limit, cursor)

        return app

    def transport(self) -> httpx.ASGITransport:
        return httpx.ASGITransport(self.app())


def _page(items: Sequence[Any], keys: Sequence[str], limit: int, cursor: str | None) -> dict[str, Any]:
    left = [(key, item) for key, item in sorted(zip(keys, items, strict=True)) if cursor is None or key > cursor]
    page = left[:limit]
    told = [item.model_dump(mode="json", by_alias=True) for _, item in page]
    return {"items": told, "next_cursor": page[-1][0] if len(left) > limit else None}


def told_facts(member_id: str = "m1", **changes: Any) -> EnrollmentFacts:
    """The same enrolment as `an_enrollment`, as eligibility tells it."""
    enrollment = {
        "enrollment_id": f"e-{member_id}",
        "member_id": member_id,
        "program_id": "cms-2026",
        "contract_id": CONTRACT,
        "status": "enrolled",
        "pathway": "chronic_drugs_cost",
        "targeted_on": "2026-01-10",
        "enrolled_on": "2026-01-10",
        "plan_year": YEAR,
        "cmr_offer_due": "2026-03-11",
        "cmr_offered_on": "2026-02-10",
    }
    known = {
        "plan_year": YEAR,
        "mbi": MBI,
        "first_name": "Maria",
        "last_name": "Fictional",
        "birth_date": "1948-02-03",
        "language": "en",
        "criteria_met_on": "2026-01-10",
        "coverage": [{"contract_id": CONTRACT, "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2020-01-01"}],
    }
    own = {name: changes.pop(name) for name in list(changes) if name in EnrollmentFacts.model_fields}
    return EnrollmentFacts.model_validate({**known, **own, "enrollment": {**enrollment, **changes}})


def told_work(member_id: str = "m1", *held_on: str, **changes: Any) -> EnrollmentActivity:
    """Work of review on that enrolment: a telephone consultation on each of the days, `review_id` `r-<member>-<n>`."""
    cmrs = [
        {
            "review_id": f"r-{member_id}-{number}",
            "held_on": str(day(held)),
            "method": "telephone",
            "recipient": "beneficiary",
            "provider_type": "09",
            "cognitively_impaired": "N",
            "minutes": 30,
        }
        for number, held in enumerate(held_on, start=1)
    ]
    known = {
        "enrollment_id": f"e-{member_id}",
        "member_id": member_id,
        "program_id": "cms-2026",
        "contract_id": CONTRACT,
        "cmrs": cmrs,
        "tmrs": [],
        "recommendations": 0,
        "resolutions": 0,
    }
    return EnrollmentActivity.model_validate({**known, **changes})


def at_noon(text: str) -> datetime:
    """A moment of that day of the reporting year."""
    return datetime.combine(day(text), time(12), UTC)


@dataclass
class Reporting:
    """The documents service between the two routes that a report is read from, with a clock that a test can move."""

    client: httpx.AsyncClient
    app: FastAPI
    told: Told
    sent: dict[str, Sent]
    clock: list[datetime]

    async def first_sent(self, _: Any, enrollment_ids: Sequence[str], __: int) -> Mapping[str, Sent]:
        return {each: self.sent[each] for each in enrollment_ids if each in self.sent}

    def sources(self, **changes: Any) -> CmsSources:
        state = self.app.state
        known = {"eligibility": state.eligibility, "reviews": state.reviews, "rules": RULES, "sent": self.first_sent}
        return CmsSources(**known | changes)

    async def work(self, **changes: Any) -> None:
        handlers = {JOB_KIND: cms_report_handler(self.sources(**changes))}
        await work_off(self.app.state.database, JobQueue(tables.jobs), handlers, clock=lambda: self.clock[0])

    async def ok(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def ordered(self, **changes: Any) -> str:
        body = {"contract_id": CONTRACT, "year": YEAR} | changes
        answer = await self.client.post("/v1/cms-reports", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["report_id"])

    async def report(self, **changes: Any) -> dict[str, Any]:
        """Ordered, worked off, and as it stands then."""
        report_id = await self.ordered()
        await self.work(**changes)
        return dict(await self.ok(f"/v1/cms-reports/{report_id}"))

    async def lines(self, report_id: str) -> list[Row]:
        answer = await self.client.get(f"/v1/cms-reports/{report_id}/file")
        assert answer.is_success, answer.text
        return [read_line(line, LAYOUT) for line in answer.content.decode("ascii").split("\r\n")[:-1]]

    async def findings(self, report_id: str, **query: Any) -> list[dict[str, Any]]:
        return list((await self.ok(f"/v1/cms-reports/{report_id}/findings", limit=500, **query))["items"])


@asynccontextmanager
async def reporting(url: str, folder: Path) -> AsyncIterator[Reporting]:
    """The service on a migrated database, on 31 December of the reporting year."""
    migrate("documents", url)
    told, clock = Told(), [at_noon("12-31")]
    app = create_app(
        DocumentsSettings.from_environment("documents", environment(url, folder)),
        eligibility=told.transport(),
        reviews=told.transport(),
        surroundings=Surroundings(clock=lambda: clock[0]),
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=TOKEN) as client,
    ):
        yield Reporting(client, app, told, {}, clock)


def mbis(number: int) -> list[str]:
    """That many different identifiers."""
    letters = "ACDEFGHJKMNPQRTUVWXY"
    return [f"1EG4TE5{letters[n // 2000 % 20]}{letters[n // 100 % 20]}{n % 100:02}" for n in range(number)]
