"""Determinations as they were answered, byte for byte: what was decided is never recomputed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, pieces
from mtm_eligibility.storage.tables import determinations


async def keep_determination(
    session: AsyncSession,
    *,
    determination_id: str,
    member_id: str,
    program_id: str,
    as_of: date,
    outcome: str,
    created_at: datetime,
    body: str,
) -> None:
    """Keep one determination."""
    await session.execute(
        insert(determinations).values(
            determination_id=determination_id,
            member_id=member_id,
            program_id=program_id,
            as_of=as_of,
            outcome=outcome,
            created_at=created_at,
            body=body,
        )
    )


async def read_determinations(session: AsyncSession, member_id: str, before: str | None, limit: int) -> Sequence[Row]:
    """The member's determinations, newest first; ids grow with time."""
    query = select(determinations.c.determination_id, determinations.c.body).where(
        determinations.c.member_id == member_id
    )
    if before is not None:
        query = query.where(determinations.c.determination_id < before)
    query = query.order_by(determinations.c.determination_id.desc()).limit(limit)
    return await all_rows(session, query)


async def determinations_by_id(session: AsyncSession, determination_ids: Collection[str]) -> dict[str, str]:
    """The bodies of those determinations that were kept, by id."""
    found: dict[str, str] = {}
    for piece in pieces(determination_ids):
        query = select(determinations.c.determination_id, determinations.c.body)
        rows = await session.execute(query.where(determinations.c.determination_id.in_(piece)))
        found.update({str(determination_id): str(body) for determination_id, body in rows})
    return found
