"""What was done for whom, read for reports and clocks: one query for a page of enrolments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import Consultation, Decision, ReviewKind, ReviewStatus
from mtm_review.storage import codec
from mtm_review.storage.tables import findings, reviews


@dataclass(frozen=True, slots=True)
class Done:
    """A review as clocks and reports see it: completed, or a comprehensive one that was held and is not closed yet."""

    review_id: str
    member_id: str
    enrollment_id: str | None
    kind: ReviewKind
    program_id: str | None
    contract_id: str | None
    held_on: date | None
    completed_on: date | None
    consultation: Consultation | None
    follow_up: bool


class ActivityRepository:
    """Completed reviews in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enrollments(
        self, plan_year: int, program_id: str | None, contract_id: str | None, after: str | None, limit: int
    ) -> Sequence[RowMapping]:
        """Enrolments with a review of the plan year, by id, with their member, programme and contract."""
        query = (
            select(
                reviews.c.enrollment_id,
                func.max(reviews.c.member_id).label("member_id"),
                func.max(reviews.c.program_id).label("program_id"),
                func.max(reviews.c.contract_id).label("contract_id"),
            )
            .where(reviews.c.plan_year == plan_year, reviews.c.enrollment_id.is_not(None))
            .group_by(reviews.c.enrollment_id)
            .order_by(reviews.c.enrollment_id)
            .limit(limit)
        )
        if program_id is not None:
            query = query.where(reviews.c.program_id == program_id)
        if contract_id is not None:
            query = query.where(reviews.c.contract_id == contract_id)
        if after is not None:
            query = query.where(reviews.c.enrollment_id > after)
        return (await self._session.execute(query)).mappings().all()

    async def done(
        self, enrollment_ids: Sequence[str], member_ids: Sequence[str] = (), *, held_too: bool = False
    ) -> Sequence[Done]:
        """The completed reviews of these enrolments, and all comprehensive ones of these members, in order of days.

        `held_too` adds comprehensive ones that were held and are not completed yet: their summary is owed already.
        """
        completed = reviews.c.status == ReviewStatus.COMPLETED.value
        held = and_(reviews.c.kind == ReviewKind.CMR.value, reviews.c.held_on.is_not(None))
        mine = reviews.c.enrollment_id.in_(enrollment_ids)
        earlier = and_(reviews.c.member_id.in_(member_ids), reviews.c.kind == ReviewKind.CMR.value)
        accepted = exists().where(
            findings.c.review_id == reviews.c.review_id, findings.c.decision == Decision.ACCEPTED.value
        )
        columns = reviews.c
        query = (
            select(
                *(columns.review_id, columns.member_id, columns.enrollment_id, columns.kind, columns.program_id),
                *(columns.contract_id, columns.held_on, columns.completed_at, columns.consultation),
                accepted.label("follow_up"),
            )
            .where(or_(completed, held) if held_too else completed, or_(mine, earlier) if member_ids else mine)
            .order_by(columns.completed_at, columns.review_id)
        )
        return [_done(row) for row in (await self._session.execute(query)).mappings()]


def _done(row: RowMapping) -> Done:
    completed_at: datetime | None = row["completed_at"]
    consultation: Any = row["consultation"]
    return Done(
        review_id=row["review_id"],
        member_id=row["member_id"],
        enrollment_id=row["enrollment_id"],
        kind=ReviewKind(row["kind"]),
        program_id=row["program_id"],
        contract_id=row["contract_id"],
        held_on=row["held_on"],
        completed_on=None if completed_at is None else completed_at.date(),
        consultation=None if consultation is None else codec.CONSULTATION.read(consultation),
        follow_up=bool(row["follow_up"]),
    )
