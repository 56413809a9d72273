"""Imports with their checkpoints and rejected rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from mtm_shared.storage.jobs import DEAD
from mtm_shared.storage.upsert import insert_all
from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row
from mtm_eligibility.storage.tables import import_rejects, imports, jobs


async def add_import(session: AsyncSession, **values: Any) -> None:
    """Insert a new import."""
    await session.execute(insert(imports).values(**values))


async def read_import(session: AsyncSession, import_id: str) -> Row | None:
    """One import, or None."""
    query = select(imports).where(imports.c.import_id == import_id)
    return await one_row(session, query)


async def read_job_error(session: AsyncSession, key: str) -> str | None:
    """Why the job with this key was given up; None while it lives or when it ended well."""
    query = select(jobs.c.error_code).where(jobs.c.key == key, jobs.c.state == DEAD)
    error: str | None = await session.scalar(query)
    return error


async def list_imports(session: AsyncSession, before: str | None, limit: int) -> Sequence[Row]:
    """Imports, newest first; ids grow with time."""
    query = select(imports).order_by(imports.c.import_id.desc()).limit(limit)
    if before is not None:
        query = query.where(imports.c.import_id < before)
    return await all_rows(session, query)


async def advance_import(session: AsyncSession, import_id: str, from_offset: int, **values: Any) -> bool:
    """Move the checkpoint on from `from_offset`; False when another worker has moved it meanwhile."""
    moved = await session.execute(
        update(imports)
        .where(imports.c.import_id == import_id, imports.c.next_offset == from_offset, imports.c.state == "running")
        .values(**values)
        .returning(imports.c.import_id)
    )
    return moved.first() is not None


async def change_import(session: AsyncSession, import_id: str, **values: Any) -> None:
    """Overwrite some columns of an import."""
    await session.execute(update(imports).where(imports.c.import_id == import_id).values(**values))


async def add_rejects(session: AsyncSession, rows: Iterable[Row]) -> None:
    """Keep what was not taken."""
    await insert_all(session, import_rejects, rows)


async def read_rejects(
    session: AsyncSession, import_id: str, after: tuple[int, int] | None, limit: int
) -> Sequence[Row]:
    """What was not taken, in the order of the file."""
    query = select(import_rejects).where(import_rejects.c.import_id == import_id)
    if after is not None:
        query = query.where(tuple_(import_rejects.c.row, import_rejects.c.number) > after)
    query = query.order_by(import_rejects.c.row, import_rejects.c.number).limit(limit)
    return await all_rows(session, query)
