"""Makes a document from what the other services hold. Nothing is stored here: no lock waits for another service."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from mtm_shared.contracts.eligibility import Program
from mtm_shared.contracts.member import Member

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.forms.form import UnknownEditionError
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import Rendered, render
from mtm_documents.usecases.cmr_summary import cmr_summary
from mtm_documents.usecases.enrollment_letter import determination_of, enrollment_letter
from mtm_documents.usecases.errors import EditionNotOffered, KindNotOffered, NoProgram, NotThisSubject
from mtm_documents.usecases.ports import Eligibility, Reviews

NearSites = Callable[[str | None], Awaitable[tuple[TakeBackSite, ...]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from: the other services, take-back sites near a ZIP code, and the wording overlay."""

    eligibility: Eligibility
    reviews: Reviews
    near: NearSites
    wording: Path | None


@dataclass(frozen=True, slots=True)
class Order:
    """A document to make. Without `language`, it is written in the member's own."""

    kind: str
    language: str | None
    review_id: str | None
    enrollment_id: str | None
    format_edition: str | None
    dated: date

    @property
    def subject(self) -> str:
        """Which id was named."""
        named = {"review_id": self.review_id, "enrollment_id": self.enrollment_id}
        return next((name for name, given in named.items() if given is not None), "member_id")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a document is about, and the value that it is made of."""

    value: Any
    member: Member
    review_id: str | None
    enrollment_id: str | None
    due_on: date | None = None


def check_order(kind: str, edition: str | None, subject: str) -> None:
    """Refuse what no subject could get: a form or an edition that there is not, or made from something else."""
    form, needs = FORMS.get(kind), _MADE_FROM.get(kind)
    if form is None or needs is None:
        raise KindNotOffered
    if edition is not None and edition not in form.editions:
        raise EditionNotOffered(form.editions)
    if subject != needs:
        raise NotThisSubject(kind, needs)


async def make_document(sources: Sources, order: Order, now: datetime) -> dict[str, Any]:
    """The document as a row to keep, both targets rendered; raises what `errors` and the clients name."""
    check_order(order.kind, order.format_edition, order.subject)
    subject = await _GATHERERS[order.kind](sources, order)
    language = order.language or subject.member.language
    pdf, html = await asyncio.to_thread(_render_both, order.kind, language, subject.value, sources.wording)
    return _row(order.kind, language, subject, pdf, html) | {"created_at": now}


async def _letter(sources: Sources, order: Order) -> Subject:
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    eligibility = sources.eligibility
    enrollment = await eligibility.enrollment(order.enrollment_id)
    member, program, determination = await asyncio.gather(
        _member(eligibility, enrollment.member_id),
        eligibility.program(enrollment.program_id),
        determination_of(eligibility, enrollment),
    )
    near = await sources.near(_zip_code(member))
    value = enrollment_letter(member, enrollment, determination, program, near, order.dated)
    return Subject(value, member, None, enrollment.enrollment_id)


async def _summary(sources: Sources, order: Order) -> Subject:
    if order.review_id is None:
        raise NotThisSubject(order.kind, "review_id")
    review = await sources.reviews.review(order.review_id)
    if review.program_id is None:
        raise NoProgram
    member, program = await asyncio.gather(
        _member(sources.eligibility, review.member_id), _program(sources.eligibility, review.program_id)
    )
    near = await sources.near(_zip_code(member))
    value = cmr_summary(member, review, program, near, order.dated, order.format_edition)
    return Subject(value, member, review.review_id, review.enrollment_id, _summary_due(value.reviewed_on, program))


def _summary_due(held_on: date, program: Program) -> date:
    """The day by which the summary of a consultation must be sent (42 CFR 423.153(d)(1)(vii)(D))."""
    return held_on + timedelta(days=program.clocks.summary_within_days)


_MADE_FROM: Final = {"enrollment_letter": "enrollment_id", "cmr_summary": "review_id"}
_GATHERERS: Final[Mapping[str, Callable[[Sources, Order], Awaitable[Subject]]]] = {
    "enrollment_letter": _letter,
    "cmr_summary": _summary,
}


async def _member(eligibility: Eligibility, member_id: str) -> Member:
    return (await eligibility.member(member_id)).member


async def _program(eligibility: Eligibility, program_id: str) -> Program:
    return await eligibility.program(program_id)


def _zip_code(member: Member) -> str | None:
    return member.zip_code or (member.address.zip_code if member.address else None)


def _render_both(kind: str, language: str, value: Any, wording: Path | None) -> tuple[Rendered, Rendered]:
    try:
        return (
            render(kind, language, value, wording=wording),
            render(kind, language, value, target="html", wording=wording),
        )
    except UnknownEditionError:
        raise EditionNotOffered(FORMS[kind].editions) from None


def _row(kind: str, language: str, subject: Subject, pdf: Rendered, html: Rendered) -> dict[str, Any]:
    return {
        "document_id": uuid.uuid4().hex,
        "kind": kind,
        "language": language,
        "edition": pdf.edition,
        "member_id": subject.member.member_id,
        "review_id": subject.review_id,
        "enrollment_id": subject.enrollment_id,
        "dated": subject.value.dated,
        "due_on": subject.due_on,
        "pages": pdf.pages,
        "pdf": pdf.content,
        "sha256": pdf.sha256,
        "html": html.content,
        "html_sha256": html.sha256,
        "template_fingerprint": pdf.template_fingerprint,
        "wording_fingerprint": pdf.wording_fingerprint,
        "gaps": [{"code": gap.code.value, "where": gap.where, "detail": gap.detail} for gap in pdf.gaps],
    }
