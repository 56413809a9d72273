"""Determinations for everyone, and the enrolment letters of those who are newly eligible."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from mtm_shared.contracts.documents import DocumentRecord
from mtm_shared.contracts.eligibility import Determination

from deploy.local.calls import CallRefused, Service, each
from deploy.local.outcomes import Decisions, Document, saved
from deploy.local.processes import DemoFailed
from deploy.local.steps import Steps

AT_ONCE = 12
WRITERS = 4
NOT_FOUND = 404


async def determine(
    eligibility: Service, member_ids: Sequence[str], program_id: str, as_of: date, steps: Steps, *, enroll: bool
) -> Decisions:
    """Decide on every member; one that the import refused is unknown and is counted as such."""
    request = {"program_id": program_id, "as_of": as_of.isoformat(), "enroll": enroll}

    async def one(member_id: str) -> Determination | None:
        try:
            made = await eligibility.post(f"/v1/members/{member_id}/determinations", request)
        except CallRefused as refused:
            if refused.status == NOT_FOUND:
                return None
            raise
        return Determination.model_validate(made)

    with steps.step(f"determine under {program_id}", len(member_ids)) as step:
        answers = await each(member_ids, one, at_once=AT_ONCE, done=step.advance)
    return Decisions(
        program_id,
        as_of,
        tuple(answer for answer in answers if answer is not None),
        tuple(member for member, answer in zip(member_ids, answers, strict=True) if answer is None),
    )


async def write_letters(
    documents: Service, decisions: Decisions, languages: dict[str, str], folder: Path, steps: Steps
) -> list[Document]:
    """An enrolment letter for everyone whom this run enrolled, in the member's language."""
    enrolled = [one for one in decisions.determinations if one.enrollment_id is not None]

    async def one(determination: Determination) -> Document:
        return await make_document(
            documents,
            "enrollment_letter",
            determination.member_id,
            languages.get(determination.member_id, "en"),
            {"enrollment_id": determination.enrollment_id, "dated": decisions.as_of.isoformat()},
            folder,
        )

    with steps.step("write enrolment letters", len(enrolled)) as step:
        return await each(enrolled, one, at_once=WRITERS, done=step.advance)


async def make_document(
    documents: Service, kind: str, member_id: str, language: str, subject: dict[str, str | None], folder: Path
) -> Document:
    """Render and keep a document, fetch its bytes, and save them beside the page."""
    body = {"kind": kind, "language": language} | subject
    record = DocumentRecord.model_validate(await documents.post("/v1/documents", body))
    content = await documents.content(f"/v1/documents/{record.document_id}/content")
    if not content.startswith(b"%PDF"):
        raise DemoFailed(f"Document {record.document_id} is not a PDF.", "documents-serve")
    room = {"enrollment_letter": "letters", "cmr_summary": "summaries"}[kind]
    return Document(member_id, record, saved(folder, room, f"{member_id}-{language}.pdf", content))
