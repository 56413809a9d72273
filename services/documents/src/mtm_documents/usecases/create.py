"""Makes a document from what the other services hold, and keeps the exact bytes."""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from mtm_shared.contracts.documents import DocumentRequest
from mtm_shared.contracts.eligibility import Program
from mtm_shared.contracts.member import Member
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.forms.form import UnknownEditionError
from mtm_documents.rendering import Rendered, render
from mtm_documents.storage import documents, sites
from mtm_documents.usecases.cmr_summary import cmr_summary
from mtm_documents.usecases.enrollment_letter import determination_of, enrollment_letter
from mtm_documents.usecases.errors import KindNotOffered, NoProgram, NotThisSubject
from mtm_documents.usecases.ports import Eligibility, Reviews


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from: the other services, the site table behind the session, and the wording overlay."""

    eligibility: Eligibility
    reviews: Reviews
    session: AsyncSession
    wording: Path | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a document is about, and the value that it is made of."""

    value: Any
    member_id: str
    review_id: str | None
    enrollment_id: str | None


async def create_document(sources: Sources, request: DocumentRequest, now: datetime) -> str:
    """Renders both targets and stores them; answers the new document's id."""
    gather = _GATHERERS.get(request.kind)
    if gather is None:
        raise KindNotOffered
    subject = await gather(sources, request, request.dated or now.astimezone(UTC).date())
    pdf, html = await asyncio.to_thread(_render_both, request, subject.value, sources.wording)
    document_id = uuid.uuid4().hex
    await documents.add(sources.session, _row(document_id, request, subject, pdf, html, now))
    return document_id


async def _letter(sources: Sources, request: DocumentRequest, dated: date) -> Subject:
    if request.enrollment_id is None:
        raise NotThisSubject(request.kind, "an enrollment_id")
    eligibility = sources.eligibility
    enrollment = await eligibility.enrollment(request.enrollment_id)
    member, program, determination = await asyncio.gather(
        _member(eligibility, enrollment.member_id),
        eligibility.program(enrollment.program_id),
        determination_of(eligibility, enrollment),
    )
    near = await sites.near(sources.session, _zip_code(member))
    value = enrollment_letter(member, enrollment, determination, program, near, dated)
    return Subject(value, enrollment.member_id, None, enrollment.enrollment_id)


async def _summary(sources: Sources, request: DocumentRequest, dated: date) -> Subject:
    if request.review_id is None:
        raise NotThisSubject(request.kind, "a review_id")
    review = await sources.reviews.review(request.review_id)
    if review.program_id is None:
        raise NoProgram
    member, program = await asyncio.gather(
        _member(sources.eligibility, review.member_id), _program(sources.eligibility, review.program_id)
    )
    near = await sites.near(sources.session, _zip_code(member))
    value = cmr_summary(member, review, program, near, dated, request.format_edition)
    return Subject(value, review.member_id, review.review_id, review.enrollment_id)


_GATHERERS: Final[Mapping[str, Callable[[Sources, DocumentRequest, date], Awaitable[Subject]]]] = {
    "enrollment_letter": _letter,
    "cmr_summary": _summary,
}


async def _member(eligibility: Eligibility, member_id: str) -> Member:
    return (await eligibility.member(member_id)).member


async def _program(eligibility: Eligibility, program_id: str) -> Program:
    return await eligibility.program(program_id)


def _zip_code(member: Member) -> str | None:
    return member.zip_code or (member.address.zip_code if member.address else None)


def _render_both(request: DocumentRequest, value: Any, wording: Path | None) -> tuple[Rendered, Rendered]:
    try:
        return (
            render(request.kind, request.language, value, wording=wording),
            render(request.kind, request.language, value, target="html", wording=wording),
        )
    except UnknownEditionError:
        raise KindNotOffered from None


def _row(
    document_id: str, request: DocumentRequest, subject: Subject, pdf: Rendered, html: Rendered, now: datetime
) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "kind": request.kind,
        "language": request.language,
        "edition": pdf.edition,
        "member_id": subject.member_id,
        "review_id": subject.review_id,
        "enrollment_id": subject.enrollment_id,
        "dated": subject.value.dated,
        "pages": pdf.pages,
        "pdf": pdf.content,
        "sha256": hashlib.sha256(pdf.content).hexdigest(),
        "html": html.content,
        "html_sha256": hashlib.sha256(html.content).hexdigest(),
        "template_fingerprint": pdf.template_fingerprint,
        "wording_fingerprint": pdf.wording_fingerprint,
        "gaps": [{"code": gap.code.value, "where": gap.where, "detail": gap.detail} for gap in pdf.gaps],
        "created_at": now,
    }
