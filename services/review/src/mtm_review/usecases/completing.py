"""Closes a review; a comprehensive one only while the member has neither declined it nor left, and others are told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mtm_shared.contracts.eligibility import Enrollment
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import Review, ReviewKind, TodoItem
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.storage.tables import outbox
from mtm_review.usecases.ports import Expertise, Population, Precondition
from mtm_review.usecases.working import complete_review

CMR_ONLY = "cmr_only"


class CmrDeclined(Exception):
    """The member declined the comprehensive review before it was held."""


class MemberLeft(Exception):
    """The member had left the programme when the consultation was held."""


@dataclass(frozen=True, slots=True)
class _Owed:
    enrollment: Enrollment | None = None
    summary_within_days: int | None = None


async def complete_and_tell(
    session: AsyncSession,
    review_id: str,
    author: str,
    items: tuple[TodoItem, ...],
    population: Population,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """The completed review; raises what `complete` raises, `CmrDeclined` or `MemberLeft`."""
    reviews = ReviewRepository(session)
    before = await reviews.get(review_id)
    unchanged(before)
    owed = await _owed(before, population)
    review = await complete_review(review_id, author, items, reviews, expertise, unchanged, now)
    if review.kind is ReviewKind.CMR and review.consultation is not None:
        _refuse_if_not_wanted(owed.enrollment, review.consultation.held_on)
        await _tell(session, review, review.consultation.held_on, owed.summary_within_days, now)
    return review


async def _owed(review: Review, population: Population) -> _Owed:
    """What eligibility knows of it, asked before a row is locked: a lock must not wait for another service."""
    if review.kind is not ReviewKind.CMR or review.consultation is None or review.enrollment_id is None:
        return _Owed()
    enrollment = await population.enrollment(review.enrollment_id)
    program = await population.program(enrollment.program_id)
    return _Owed(enrollment, program.clocks.summary_within_days)


def _refuse_if_not_wanted(enrollment: Enrollment | None, held_on: date) -> None:
    if enrollment is None:
        return
    declined_on = declined_since(enrollment)
    if declined_on is not None and held_on >= declined_on:
        raise CmrDeclined
    left_on = enrollment.opted_out_on
    if enrollment.status != "enrolled" and left_on is not None and held_on > left_on:
        raise MemberLeft


def declined_since(enrollment: Enrollment) -> date | None:
    """The day on which the comprehensive review was declined, while that stands."""
    if not enrollment.cmr_declined:
        return None
    days = [event.on for event in enrollment.events if event.scope == CMR_ONLY and event.event == "opted_out"]
    return days[-1] if days else enrollment.enrolled_on


async def _tell(session: AsyncSession, review: Review, held_on: date, within: int | None, now: datetime) -> None:
    due = None if within is None else str(held_on + timedelta(days=within))
    told = {
        "review_id": review.review_id,
        "member_id": review.member_id,
        "enrollment_id": review.enrollment_id,
        "contract_id": review.contract_id,
        "held_on": str(held_on),
        "summary_due": due,
    }
    await outbox.emit(session, "cmr.completed", told, now=now)
