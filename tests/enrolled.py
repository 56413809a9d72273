"""Programmes and enrolments as eligibility tells them, for tests of the review service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
from mtm_review.usecases.ports import EnrollmentsAsked
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Enrollment, Program
from mtm_shared.web.pages import decode_cursor, encode_cursor

CITED = {"source": "test", "status": "final"}
CLOCKS = {
    "targeting_every_days": 91,
    "cmr_offer_within_days": 60,
    "cmr_every_days": 365,
    "tmr_every_days": 91,
    "summary_within_days": 14,
    "warn_days": 14,
}


def a_program(program_id: str = "cms-2026", held_by: tuple[str, ...] = ("phone", "in_person", "telehealth")) -> Program:
    """A programme with the clocks of CMS's guidance."""
    return Program.model_validate(
        {
            "program_id": program_id,
            "name": "A programme",
            "plan_year": 2026,
            "status": "final",
            "plan_name": "A plan",
            "plan_types": ["PDP"],
            "drugs_counted": "part_d",
            "contact": {"organization": "A plan", "administrator": "A plan", "channels": []},
            "uses_callback_pin": False,
            "cmr_minutes": 30,
            "summary_edition": "2022",
            "clocks": {
                **CLOCKS,
                "safe_disposal_required": True,
                "citations": dict.fromkeys([*CLOCKS, "safe_disposal_required"], CITED),
            },
            "parameters": [{"name": "services.cmr_held_by", "value": list(held_by), "citation": CITED}],
            "rules_fingerprint": "test",
        }
    )


def an_enrollment(member_id: str, enrolled_on: date = date(2026, 1, 1), **changes: Any) -> Enrollment:
    """Enrolled in cms-2026 since the day, under the contract of the tests."""
    return Enrollment.model_validate(
        {
            "enrollment_id": f"enr-{member_id}",
            "member_id": member_id,
            "program_id": "cms-2026",
            "contract_id": "S1234",
            "status": "enrolled",
            "targeted_on": enrolled_on,
            "enrolled_on": enrolled_on,
            "plan_year": 2026,
            "cmr_offer_due": enrolled_on + timedelta(days=60),
            **changes,
        }
    )


def declined(enrollment: Enrollment, on: date) -> Enrollment:
    """The member does not want this year's comprehensive review."""
    event = {"event": "opted_out", "on": on, "scope": "cmr_only", "reason": "03"}
    return Enrollment.model_validate({**enrollment.model_dump(), "cmr_declined": True, "events": [event]})


@dataclass
class FakePopulation:
    """Programmes and enrolments as lists, in pages; `answers` runs down to `failure`, if it is set."""

    known: list[Enrollment] = field(default_factory=list)
    programs: list[Program] = field(default_factory=lambda: [a_program()])
    page_size: int = 500
    answers: int | None = None
    failure: Exception | None = None

    @classmethod
    def of(cls, enrollments: Iterable[Enrollment], **options: Any) -> FakePopulation:
        """Knows these enrolments."""
        return cls(sorted(enrollments, key=lambda one: one.enrollment_id), **options)

    async def program(self, program_id: str) -> Program:
        """The programme."""
        return next(one for one in self.programs if one.program_id == program_id)

    async def enrollment(self, enrollment_id: str) -> Enrollment:
        """The enrolment."""
        return next(one for one in self.known if one.enrollment_id == enrollment_id)

    async def enrollments(self, asked: EnrollmentsAsked, cursor: str | None, limit: int) -> Page[Enrollment]:
        """A page by id."""
        if self.failure is not None and self.answers is not None:
            if self.answers == 0:
                raise self.failure
            self.answers -= 1
        after = str(decode_cursor(cursor, [str])[0]) if cursor else ""
        wanted = {"program_id": asked.program_id, "status": asked.status, "member_id": asked.member_id}
        wanted |= {"contract_id": asked.contract_id}
        fitting = [
            one
            for one in self.known
            if one.enrollment_id > after
            and all(value is None or getattr(one, name) == value for name, value in wanted.items())
        ]
        page = fitting[: min(limit, self.page_size)]
        more = len(fitting) > len(page)
        return Page[Enrollment](items=page, next_cursor=encode_cursor(page[-1].enrollment_id) if more else None)


async def answer_population(request: httpx.Request, population: FakePopulation) -> httpx.Response | None:
    """What eligibility answers of programmes and enrolments; None for other addresses."""
    parts = request.url.path.split("/")[2:]
    query = request.url.params
    try:
        if parts[0] == "programs":
            return _ok(await population.program(parts[1]))
        if parts[0] == "enrollments" and len(parts) == 2:
            return _ok(await population.enrollment(parts[1]))
    except (StopIteration, RuntimeError):
        return httpx.Response(404, json={"code": "not_found"})
    if parts[0] != "enrollments":
        return None
    asked = EnrollmentsAsked(**{name: query.get(name) for name in ("status", "program_id", "contract_id", "member_id")})
    try:
        return _ok(await population.enrollments(asked, query.get("cursor"), int(query["limit"])))
    except Exception:  # noqa: BLE001 - a cursor that nobody gave
        return httpx.Response(422, json={"code": "invalid_cursor"})


def _ok(answer: Any) -> httpx.Response:
    return httpx.Response(200, content=answer.model_dump_json(by_alias=True))
