"""How members want to be contacted, and who may speak for them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row, upsert_rows
from mtm_eligibility.storage.contact_tables import contact_preferences, representatives
from mtm_eligibility.storage.tables import members


async def hold_member(session: AsyncSession, member_id: str) -> None:
    """Make other changes of what the member asked for wait until this transaction ends."""
    await session.execute(select(members.c.member_id).where(members.c.member_id == member_id).with_for_update())


async def read_preferences(session: AsyncSession, member_id: str) -> Row | None:
    """What the member asked for, or None."""
    return await one_row(session, select(contact_preferences).where(contact_preferences.c.member_id == member_id))


async def write_preferences(session: AsyncSession, row: Row) -> None:
    """Keep what the member asks for in the place of what was asked before."""
    await upsert_rows(session, contact_preferences, [row])


async def delete_preferences(session: AsyncSession, member_id: str) -> None:
    """Forget what the member asked for."""
    await session.execute(delete(contact_preferences).where(contact_preferences.c.member_id == member_id))


async def add_representative(session: AsyncSession, row: Row) -> None:
    """Insert a representative."""
    await session.execute(insert(representatives).values(**row))


async def read_representative(session: AsyncSession, representative_id: str, *, to_change: bool = False) -> Row | None:
    """One representative, or None; locked when it is to be changed."""
    query = select(representatives).where(representatives.c.representative_id == representative_id)
    return await one_row(session, query.with_for_update() if to_change else query)


async def representatives_of(
    session: AsyncSession, member_id: str, *, on: date | None = None, after: str | None = None, limit: int | None = None
) -> Sequence[Row]:
    """The member's representatives by id; with `on`, those whose authority stands on that day."""
    table = representatives.c
    query = select(representatives).where(table.member_id == member_id).order_by(table.representative_id)
    if on is not None:
        query = query.where(
            table.effective_from <= on,
            or_(table.effective_to.is_(None), table.effective_to >= on),
            or_(table.ended_on.is_(None), table.ended_on > on),
        )
    if after is not None:
        query = query.where(table.representative_id > after)
    return await all_rows(session, query if limit is None else query.limit(limit))


async def change_representative(session: AsyncSession, representative_id: str, **values: Any) -> None:
    """Overwrite some columns of a representative."""
    await session.execute(
        update(representatives).where(representatives.c.representative_id == representative_id).values(**values)
    )
