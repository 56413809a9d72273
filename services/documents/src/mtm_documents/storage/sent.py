"""What the house has proof of having sent: documents with a delivery, by enrolment.

A document that was made and never marked as sent proves nothing. A letter that came back was sent all the same: that
it came back is for the delivery's own list, not for the report.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import documents, metadata

WITH_SAFE_DISPOSAL: Final = frozenset({"enrollment_letter", "cmr_summary", "safe_disposal"})
"""Kinds that carry the information of 42 CFR 422.111(j)."""
_SENT: Final = ("sent", "delivered")


class SentDocument(NamedTuple):
    """The first sending of a document."""

    enrollment_id: str
    review_id: str | None
    kind: str
    sent_on: date


def deliveries_table() -> Table | None:
    """The table of deliveries; None in a service that keeps none, where nothing can be shown to have been sent."""
    return metadata.tables.get("deliveries")


async def first_sent(session: AsyncSession, enrollment_ids: Sequence[str]) -> list[SentDocument]:
    """Each document of these enrolments that was sent, with the first day on which it was."""
    deliveries = deliveries_table()
    if deliveries is None:
        return []
    shown = (documents.c.enrollment_id, documents.c.review_id, documents.c.kind)
    query = (
        select(*shown, func.min(deliveries.c.sent_on))
        .join(deliveries, deliveries.c.document_id == documents.c.document_id)
        .where(
            documents.c.enrollment_id.in_(enrollment_ids),
            documents.c.kind.in_(WITH_SAFE_DISPOSAL),
            deliveries.c.status.in_(_SENT),
        )
        .group_by(documents.c.document_id, *shown)
    )
    return [SentDocument(*row) for row in (await session.execute(query)).all()]
