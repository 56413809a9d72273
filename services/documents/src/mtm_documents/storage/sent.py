"""What the house has proof of having sent, by enrolment, for the report to CMS.

A document counts from the first day on which it was sent and did not come back, the same day that late lists and
deadlines go by.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.deliveries import TOLD_SAFE_DISPOSAL
from mtm_documents.storage.tables import documents


class SentDocument(NamedTuple):
    """A document that was sent and carries safe-disposal information, as every summary does."""

    enrollment_id: str
    review_id: str | None
    kind: str
    sent_on: date


async def sent_documents(session: AsyncSession, enrollment_ids: Sequence[str]) -> list[SentDocument]:
    """Each document of these enrolments that was sent."""
    shown = (documents.c.enrollment_id, documents.c.review_id, documents.c.kind, documents.c.sent_on)
    query = select(*shown).where(
        documents.c.enrollment_id.in_(enrollment_ids),
        documents.c.kind.in_(TOLD_SAFE_DISPOSAL),
        documents.c.sent_on.is_not(None),
    )
    return [SentDocument(*row) for row in (await session.execute(query)).all()]
