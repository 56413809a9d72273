"""Members and their coverage: who is known, and under which contract on which days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row, pieces, upsert_rows
from mtm_eligibility.storage.tables import coverage, determinations, enrollments, members


async def read_member(session: AsyncSession, member_id: str) -> Row | None:
    """One member, or None."""
    return await one_row(session, select(members).where(members.c.member_id == member_id))


async def list_members(session: AsyncSession, after: str | None, limit: int) -> Sequence[Row]:
    """Members in the order of their ids, without names or other identifiers."""
    query = select(members.c.member_id, members.c.language)
    if after is not None:
        query = query.where(members.c.member_id > after)
    return await all_rows(session, query.order_by(members.c.member_id).limit(limit))


async def birth_dates(session: AsyncSession, member_ids: Collection[str]) -> dict[str, Any]:
    """The birth dates of those members that are known."""
    found: dict[str, Any] = {}
    for piece in pieces(member_ids):
        query = select(members.c.member_id, members.c.birth_date).where(members.c.member_id.in_(piece))
        found.update({row.member_id: row.birth_date for row in await session.execute(query)})
    return found


async def write_members(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert or update members; columns that the rows do not name are left as they are."""
    await upsert_rows(session, members, rows)


async def members_to_keep(session: AsyncSession, member_ids: Collection[str]) -> set[str]:
    """Those members that have a determination or an enrolment, whose record must be kept."""
    kept: set[str] = set()
    for table in (enrollments, determinations):
        for piece in pieces(member_ids):
            query = select(table.c.member_id).where(table.c.member_id.in_(piece))
            kept.update((await session.scalars(query)).all())
    return kept


async def delete_members(session: AsyncSession, member_ids: Collection[str]) -> None:
    """Remove members with their coverage and claims."""
    await session.execute(delete(members).where(members.c.member_id.in_(member_ids)))


async def read_coverage(session: AsyncSession, member_ids: Collection[str]) -> dict[str, list[Row]]:
    """The coverage of each member, oldest first."""
    found: dict[str, list[Row]] = {member_id: [] for member_id in member_ids}
    for piece in pieces(found):
        query = select(coverage).where(coverage.c.member_id.in_(piece)).order_by(coverage.c.effective_from)
        for row in await all_rows(session, query):
            found[row["member_id"]].append(row)
    return found


async def replace_coverage(session: AsyncSession, spans: Mapping[str, Sequence[Row]]) -> None:
    """Make these spans the whole coverage of these members."""
    for piece in pieces(spans):
        await session.execute(delete(coverage).where(coverage.c.member_id.in_(piece)))
    rows = [dict(span) for of_member in spans.values() for span in of_member]
    if rows:
        await session.execute(insert(coverage), rows)


async def covered_on(session: AsyncSession, member_ids: Collection[str], day: date) -> dict[str, str]:
    """The contract of each member who is covered on the day."""
    found: dict[str, str] = {}
    for piece in pieces(member_ids):
        query = (
            select(coverage.c.member_id, coverage.c.contract_id)
            .where(coverage.c.member_id.in_(piece), coverage.c.effective_from <= day)
            .where(or_(coverage.c.effective_to.is_(None), coverage.c.effective_to >= day))
            .order_by(coverage.c.effective_from)
        )
        found.update({row.member_id: row.contract_id for row in await session.execute(query)})
    return found
