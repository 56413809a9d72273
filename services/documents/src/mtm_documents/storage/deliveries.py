"""Proof that documents were sent: each attempt is added, none is changed.

The first day on which a document was sent (and did not come back) is kept with the document, so that late lists need
no history.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from mtm_shared.storage import insert_all
from mtm_shared.storage.upsert import chunks
from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import deliveries, documents

TOLD_SAFE_DISPOSAL: Final = ("enrollment_letter", "cmr_summary", "safe_disposal")
"""Kinds whose text holds the safe-disposal information of 42 CFR 422.111(j)."""
_PIECE: Final = 2_000


async def add(
    session: AsyncSession, row: Mapping[str, Any], numbers: Mapping[str, int], sent: Mapping[date | None, Sequence[str]]
) -> None:
    """Add one attempt to each document, with its number; `sent` groups them by the first day of sending after it."""
    await insert_all(
        session, deliveries, [{**row, "document_id": one, "number": number} for one, number in numbers.items()]
    )
    for first_sent, document_ids in sent.items():
        for piece in chunks(document_ids, _PIECE):
            here = documents.c.document_id.in_(piece)
            await session.execute(update(documents).where(here).values(sent_on=first_sent))


async def of_documents(session: AsyncSession, document_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """The attempts of each document, oldest first."""
    found: dict[str, list[RowMapping]] = {}
    for piece in chunks(document_ids, _PIECE):
        query = (
            select(deliveries)
            .where(deliveries.c.document_id.in_(piece))
            .order_by(deliveries.c.document_id, deliveries.c.number)
        )
        for row in (await session.execute(query)).mappings():
            found.setdefault(row["document_id"], []).append(row)
    return found


async def disposal_told(session: AsyncSession, enrollment_ids: Sequence[str]) -> dict[str, tuple[date, str]]:
    """The first day on which each enrolment was sent safe-disposal information, and by which document."""
    found: dict[str, tuple[date, str]] = {}
    for piece in chunks(enrollment_ids, _PIECE):
        query = (
            select(documents.c.enrollment_id, documents.c.sent_on, documents.c.document_id)
            .where(documents.c.enrollment_id.in_(piece), documents.c.sent_on.is_not(None))
            .where(documents.c.kind.in_(TOLD_SAFE_DISPOSAL))
            .order_by(documents.c.sent_on.desc())
        )
        for enrollment_id, sent_on, document_id in await session.execute(query):
            found[enrollment_id] = (sent_on, document_id)
    return found


async def summaries_sent(session: AsyncSession, review_ids: Sequence[str]) -> dict[str, tuple[date, str]]:
    """The first day on which the summary of each review was sent, and by which document."""
    found: dict[str, tuple[date, str]] = {}
    for piece in chunks(review_ids, _PIECE):
        query = (
            select(documents.c.review_id, documents.c.sent_on, documents.c.document_id)
            .where(documents.c.review_id.in_(piece), documents.c.sent_on.is_not(None))
            .where(documents.c.kind == "cmr_summary")
            .order_by(documents.c.sent_on.desc())
        )
        for review_id, sent_on, document_id in await session.execute(query):
            found[review_id] = (sent_on, document_id)
    return found
