"""Attempts to reach members, in the order in which they were made, and whom a worklist goes through."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, pieces
from mtm_eligibility.storage.contact_tables import contact_preferences, outreach_attempts
from mtm_eligibility.storage.tables import enrollments, members


async def add_attempt(session: AsyncSession, enrollment_id: str, **values: Any) -> None:
    """Append an attempt; the enrolment is locked by whoever calls."""
    last = await session.scalar(
        select(func.max(outreach_attempts.c.number)).where(outreach_attempts.c.enrollment_id == enrollment_id)
    )
    number = 0 if last is None else last + 1
    await session.execute(insert(outreach_attempts).values(enrollment_id=enrollment_id, number=number, **values))


async def attempts_of(session: AsyncSession, enrollment_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The attempts of each enrolment by day, then as recorded."""
    found: dict[str, list[Row]] = {enrollment_id: [] for enrollment_id in enrollment_ids}
    for piece in pieces(found):
        query = select(outreach_attempts).where(outreach_attempts.c.enrollment_id.in_(piece))
        query = query.order_by(outreach_attempts.c.attempt_date, outreach_attempts.c.number)
        for row in await all_rows(session, query):
            found[row["enrollment_id"]].append(row)
    return found


async def to_contact(
    session: AsyncSession, *, program_id: str, plan_year: int, after: str | None, limit: int
) -> list[Row]:
    """Enrolled members of the programme and year who have not declined the review, with what outreach needs of them."""
    query = (
        select(
            enrollments,
            members.c.phone,
            members.c.death_date,
            members.c.language.label("member_language"),
            contact_preferences.c.do_not_call,
            contact_preferences.c.do_not_call_on,
            contact_preferences.c.preferred_channel,
            contact_preferences.c.preferred_time,
            contact_preferences.c.language.label("preferred_language"),
        )
        .join(members, members.c.member_id == enrollments.c.member_id)
        .outerjoin(contact_preferences, contact_preferences.c.member_id == enrollments.c.member_id)
        .where(
            enrollments.c.program_id == program_id,
            enrollments.c.plan_year == plan_year,
            enrollments.c.status == "enrolled",
            enrollments.c.cmr_declined.is_(False),
        )
        .order_by(enrollments.c.enrollment_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(enrollments.c.enrollment_id > after)
    return await all_rows(session, query)
