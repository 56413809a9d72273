"""What was reviewed when, for many members at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mtm_shared.storage.upsert import chunks
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.storage.tables import findings, reviews

_PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Done:
    """A completed review of a member: its kind, and the day that counts (held, or done)."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """A completed review with what a report names of it."""

    review_id: str
    kind: str
    on: date
    done_on: date | None
    held: Mapping[str, Any]
    followed: bool


def _completed() -> ColumnElement[bool]:
    """A comprehensive review counts when it was held and is complete, a targeted one when it is complete."""
    held = or_(reviews.c.kind == "tmr", reviews.c.held_on.is_not(None))
    return and_(reviews.c.status == "completed", held)


async def done_for(session: AsyncSession, member_ids: Sequence[str], as_of: date) -> dict[str, list[Done]]:
    """The completed reviews of each member up to the day, oldest first."""
    found: dict[str, list[Done]] = {}
    for piece in chunks(member_ids, _PIECE):
        query = (
            select(reviews.c.member_id, reviews.c.kind, reviews.c.held_on, reviews.c.done_on)
            .where(reviews.c.member_id.in_(piece), _completed())
            .order_by(reviews.c.done_on)
        )
        for row in await session.execute(query):
            on = row.held_on if row.kind == "cmr" else row.done_on
            if on <= as_of:
                found.setdefault(row.member_id, []).append(Done(row.kind, on))
    return found


def _in_year(plan_year: int) -> ColumnElement[bool]:
    first, last = date(plan_year, 1, 1), date(plan_year, 12, 31)
    return or_(
        and_(reviews.c.kind == "cmr", reviews.c.held_on.between(first, last)),
        and_(reviews.c.kind == "tmr", reviews.c.status == "completed", reviews.c.done_on.between(first, last)),
    )


async def active_enrollments(
    session: AsyncSession,
    plan_year: int,
    contract_id: str | None,
    program_id: str | None,
    after: str | None,
    limit: int,
) -> list[Mapping[str, str]]:
    """Enrolments for which something was done in the year, by id."""
    query = (
        select(
            reviews.c.enrollment_id,
            func.min(reviews.c.member_id).label("member_id"),
            func.min(reviews.c.program_id).label("program_id"),
            func.max(reviews.c.contract_id).label("contract_id"),
        )
        .where(reviews.c.enrollment_id.is_not(None), _in_year(plan_year))
        .group_by(reviews.c.enrollment_id)
        .order_by(reviews.c.enrollment_id)
        .limit(limit)
    )
    for column, value in (("contract_id", contract_id), ("program_id", program_id)):
        if value is not None:
            query = query.where(reviews.c[column] == value)
    if after is not None:
        query = query.where(reviews.c.enrollment_id > after)
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def done_in_year(
    session: AsyncSession, enrollment_ids: Sequence[str], plan_year: int
) -> dict[str, list[ReviewDone]]:
    """The reviews of each enrolment that count in the year, by the day that counts.

    A comprehensive review whose consultation was held is there before it is completed: its summary is owed already.
    """
    followed = select(findings.c.review_id).where(
        findings.c.review_id == reviews.c.review_id, findings.c.decision == "accepted"
    )
    found: dict[str, list[ReviewDone]] = {}
    for piece in chunks(enrollment_ids, _PIECE):
        query = select(
            reviews.c.enrollment_id,
            reviews.c.review_id,
            reviews.c.kind,
            reviews.c.held_on,
            reviews.c.done_on,
            reviews.c.consultation,
            followed.exists().label("followed"),
        ).where(reviews.c.enrollment_id.in_(piece), _in_year(plan_year))
        for row in await session.execute(query):
            on = row.held_on if row.kind == "cmr" else row.done_on
            one = ReviewDone(row.review_id, row.kind, on, row.done_on, row.consultation or {}, row.followed)
            found.setdefault(row.enrollment_id, []).append(one)
    for done in found.values():
        done.sort(key=lambda one: (one.on, one.review_id))
    return found
