"""Tells other systems what happened to a review, in the transaction in which it happened."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import Review, ReviewKind
from mtm_review.storage.tables import outbox


async def tell_completed(session: AsyncSession, review: Review, now: datetime) -> None:
    """A comprehensive review was completed; of targeted ones the run tells."""
    if review.kind is not ReviewKind.CMR or review.consultation is None:
        return
    names = ("review_id", "member_id", "enrollment_id", "program_id", "contract_id")
    told = {name: getattr(review, name) for name in names}
    await outbox.emit(session, "cmr.completed", {**told, "held_on": str(review.consultation.held_on)}, now=now)
