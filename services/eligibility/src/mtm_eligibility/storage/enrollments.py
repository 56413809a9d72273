"""Enrolments and every change of them, oldest first."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row, pieces
from mtm_eligibility.storage.tables import enrollment_events, enrollments, members


async def read_enrollment(session: AsyncSession, enrollment_id: str, *, to_change: bool = False) -> Row | None:
    """One enrolment, or None; locked until the transaction ends when it is to be changed."""
    query = select(enrollments).where(enrollments.c.enrollment_id == enrollment_id)
    if to_change:
        query = query.with_for_update()
    return await one_row(session, query)


async def enrollments_by_id(session: AsyncSession, enrollment_ids: Collection[str]) -> dict[str, Row]:
    """Those enrolments that there are, by id."""
    found: dict[str, Row] = {}
    for piece in pieces(enrollment_ids):
        query = select(enrollments).where(enrollments.c.enrollment_id.in_(piece))
        found.update({row["enrollment_id"]: row for row in await all_rows(session, query)})
    return found


async def enrollments_of(session: AsyncSession, member_id: str) -> Sequence[Row]:
    """The member's enrolments, newest first."""
    query = select(enrollments).where(enrollments.c.member_id == member_id)
    query = query.order_by(enrollments.c.enrolled_on.desc(), enrollments.c.enrollment_id.desc())
    return await all_rows(session, query)


async def list_enrollments(
    session: AsyncSession,
    *,
    status: str | None,
    due: date | None,
    member_id: str | None,
    program_id: str | None,
    contract_id: str | None,
    plan_year: int | None,
    after: str | None,
    limit: int,
    since_year: int | None = None,
) -> Sequence[Row]:
    """Enrolments by id; `due` keeps those to whom the review is owed by that day: neither offered nor declined."""
    query = select(enrollments).order_by(enrollments.c.enrollment_id).limit(limit)
    wanted: dict[str, Any] = {
        "status": status,
        "member_id": member_id,
        "program_id": program_id,
        "contract_id": contract_id,
    }
    wanted["plan_year"] = plan_year
    for column, value in wanted.items():
        if value is not None:
            query = query.where(enrollments.c[column] == value)
    if since_year is not None:
        query = query.where(enrollments.c.plan_year >= since_year)
    if due is not None:
        query = query.where(enrollments.c.cmr_offer_due <= due, enrollments.c.cmr_declined.is_(False))
        query = query.where(enrollments.c.cmr_offered_on.is_(None))
    if after is not None:
        query = query.where(enrollments.c.enrollment_id > after)
    return await all_rows(session, query)


async def add_enrollment(session: AsyncSession, row: Row) -> None:
    """Insert a new enrolment."""
    await session.execute(insert(enrollments).values(**row))


async def change_enrollment(session: AsyncSession, enrollment_id: str, **values: Any) -> None:
    """Overwrite some columns of an enrolment."""
    await session.execute(update(enrollments).where(enrollments.c.enrollment_id == enrollment_id).values(**values))


async def add_event(session: AsyncSession, enrollment_id: str, **values: Any) -> None:
    """Append an event to the history of an enrolment."""
    last = await session.scalar(
        select(func.max(enrollment_events.c.number)).where(enrollment_events.c.enrollment_id == enrollment_id)
    )
    number = 0 if last is None else last + 1
    await session.execute(insert(enrollment_events).values(enrollment_id=enrollment_id, number=number, **values))


async def read_events(session: AsyncSession, enrollment_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The history of each enrolment, oldest first."""
    found: dict[str, list[Row]] = {enrollment_id: [] for enrollment_id in enrollment_ids}
    query = (
        select(enrollment_events)
        .where(enrollment_events.c.enrollment_id.in_(enrollment_ids))
        .order_by(enrollment_events.c.enrollment_id, enrollment_events.c.number)
    )
    for row in await all_rows(session, query):
        found[row["enrollment_id"]].append(row)
    return found


async def standing(session: AsyncSession, after: str, since_year: int, limit: int) -> Sequence[Row]:
    """Who is enrolled in that plan year or later, with the day of death, by enrolment id; locked until the end."""
    query = (
        select(enrollments, members.c.death_date)
        .join(members, members.c.member_id == enrollments.c.member_id)
        .where(enrollments.c.status == "enrolled", enrollments.c.enrollment_id > after)
        .where(enrollments.c.plan_year >= since_year)
        .order_by(enrollments.c.enrollment_id)
        .limit(limit)
        .with_for_update(of=enrollments)
    )
    return await all_rows(session, query)
