"""Facts of many members at once, for reports."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, pieces
from mtm_eligibility.storage.tables import determinations, members, stays


async def people(session: AsyncSession, member_ids: Collection[str]) -> dict[str, Row]:
    """Each member's record."""
    found: dict[str, Row] = {}
    for piece in pieces(member_ids):
        for row in await all_rows(session, select(members).where(members.c.member_id.in_(piece))):
            found[row["member_id"]] = row
    return found


async def stays_in_year(session: AsyncSession, member_ids: Collection[str], year: int) -> dict[str, list[Row]]:
    """Stays that began by the end of the year; whether they reach into it is for the caller to say."""
    found: dict[str, list[Row]] = {}
    for piece in pieces(member_ids):
        query = select(stays).where(stays.c.member_id.in_(piece), stays.c.start_date <= date(year, 12, 31))
        for row in await all_rows(session, query):
            found.setdefault(row["member_id"], []).append(row)
    return found


async def first_eligible(session: AsyncSession, member_ids: Collection[str], year: int) -> dict[tuple[str, str], date]:
    """The first day in the year on which each member was found eligible, by member and programme."""
    found: dict[tuple[str, str], date] = {}
    made = determinations.c
    for piece in pieces(member_ids):
        query = (
            select(made.member_id, made.program_id, func.min(made.as_of))
            .where(made.member_id.in_(piece), made.outcome == "eligible")
            .where(made.as_of.between(date(year, 1, 1), date(year, 12, 31)))
            .group_by(made.member_id, made.program_id)
        )
        for member_id, program_id, day in await session.execute(query):
            found[member_id, program_id] = day
    return found
