"""What a document is made from: an order, the sources of its facts, and the subject that a gatherer finds."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mtm_shared.clients.errors import NotFound
from mtm_shared.contracts.eligibility import Program
from mtm_shared.contracts.letters import LetterFacts
from mtm_shared.contracts.member import Member

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.rendering.drawing import Draw, draw_in_thread
from mtm_documents.usecases.ports import Eligibility, Reviews

NearSites = Callable[[str | None], Awaitable[tuple[TakeBackSite, ...]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from: the other services, take-back sites near a ZIP code, the wording overlay; who draws."""

    eligibility: Eligibility
    reviews: Reviews
    near: NearSites
    wording: Path | None
    draw: Draw = draw_in_thread
    programs: dict[str, Program] = field(default_factory=dict)
    """Programmes that were read: constant while a service runs."""
    ahead: Mapping[str, LetterFacts | None] = field(default_factory=dict)
    """What was read of enrolments before it is asked for, by id; None for those that there are not."""

    async def reading_ahead(self, enrollment_ids: Sequence[str]) -> "Sources":
        """The same, with the facts of these enrolments (at most 200) read in one request; sites once for each ZIP."""
        return replace(self, ahead=await self._letter_facts(enrollment_ids), near=_once_each(self.near))

    async def letter_facts(self, enrollment_id: str) -> LetterFacts:
        """An enrolment, its member and the determination behind it; raises `NotFound`."""
        ahead = self.ahead if enrollment_id in self.ahead else await self._letter_facts([enrollment_id])
        found = ahead[enrollment_id]
        if found is None:
            raise NotFound
        return found

    async def _letter_facts(self, enrollment_ids: Sequence[str]) -> dict[str, LetterFacts | None]:
        answer = await self.eligibility.letter_facts(enrollment_ids)
        found = {facts.enrollment.enrollment_id: facts for facts in answer.items}
        return {enrollment_id: found.get(enrollment_id) for enrollment_id in enrollment_ids}

    async def program(self, program_id: str) -> Program:
        """A programme, read once."""
        if program_id not in self.programs:
            self.programs[program_id] = await self.eligibility.program(program_id)
        return self.programs[program_id]

    async def member(self, member_id: str) -> Member:
        """A member."""
        return (await self.eligibility.member(member_id)).member


def _once_each(near: NearSites) -> NearSites:
    found: dict[str | None, tuple[TakeBackSite, ...]] = {}

    async def remembering(zip_code: str | None) -> tuple[TakeBackSite, ...]:
        if zip_code not in found:
            found[zip_code] = await near(zip_code)
        return found[zip_code]

    return remembering


@dataclass(frozen=True, slots=True)
class Order:
    """A document to make. Without `language`, it is written in the member's own."""

    kind: str
    language: str | None
    review_id: str | None
    enrollment_id: str | None
    format_edition: str | None
    dated: date
    member_id: str | None = None
    prescriber_npi: str | None = None

    @property
    def subject(self) -> str:
        """Which id was named."""
        named = {"review_id": self.review_id, "enrollment_id": self.enrollment_id}
        return next((name for name, given in named.items() if given is not None), "member_id")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a document is about, the value that it is made of, and the day by which it is owed."""

    value: Any
    member: Member
    review_id: str | None
    enrollment_id: str | None
    plan_year: int | None = None
    due_on: date | None = None


Gatherer = Callable[[Sources, Order], Awaitable[Subject]]


def zip_code(member: Member) -> str | None:
    """The member's ZIP code, of the record or of the address."""
    return member.zip_code or (member.address.zip_code if member.address else None)


def summary_due(held_on: date, program: Program) -> date:
    """The last day for the written summary (42 CFR 423.153(d)(1)(vii)(B): within 14 days of the review)."""
    return held_on + timedelta(days=program.clocks.summary_within_days)
