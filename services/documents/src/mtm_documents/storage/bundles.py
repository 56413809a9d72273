"""Keeps the parts of print runs' bundles, their bytes in pieces."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import documents, print_run_chunks, print_run_items, print_run_parts

CHUNK: Final = 1_000_000


async def parts(session: AsyncSession, print_run_id: str) -> Sequence[RowMapping]:
    """The parts in order."""
    of_run = select(print_run_parts).where(print_run_parts.c.print_run_id == print_run_id)
    return (await session.execute(of_run.order_by(print_run_parts.c.part))).mappings().all()


async def count(session: AsyncSession, print_run_id: str) -> int:
    """How many parts there are."""
    query = select(func.count()).select_from(print_run_parts).where(print_run_parts.c.print_run_id == print_run_id)
    return int((await session.execute(query)).scalar_one())


async def part(session: AsyncSession, print_run_id: str, number: int) -> RowMapping | None:
    """One part, without its bytes."""
    t = print_run_parts.c
    query = select(print_run_parts).where(t.print_run_id == print_run_id, t.part == number)
    return (await session.execute(query)).mappings().one_or_none()


async def chunk(session: AsyncSession, print_run_id: str, number: int, at: int) -> bytes | None:
    """One piece of a part's bytes."""
    t = print_run_chunks.c
    query = select(t.content).where(t.print_run_id == print_run_id, t.part == number, t.chunk == at)
    return (await session.execute(query)).scalar_one_or_none()


async def unbundled(session: AsyncSession, print_run_id: str, limit: int) -> Sequence[RowMapping]:
    """The next documents that are in no part yet, in the order given."""
    t = print_run_items.c
    query = (
        select(t.position, t.document_id)
        .where(t.print_run_id == print_run_id, t.state == "made", t.part.is_(None))
        .order_by(t.position)
        .limit(limit)
    )
    return (await session.execute(query)).mappings().all()


async def pdfs(session: AsyncSession, document_ids: Sequence[str]) -> dict[str, bytes]:
    """The exact bytes of documents."""
    query = select(documents.c.document_id, documents.c.pdf).where(documents.c.document_id.in_(document_ids))
    return {str(row.document_id): bytes(row.pdf) for row in await session.execute(query)}


async def add(
    session: AsyncSession, row: Mapping[str, Any], content: bytes, places: Mapping[int, tuple[int, int]]
) -> None:
    """Keeps a part, its bytes, and on which of its pages each position's document is."""
    key = {"print_run_id": row["print_run_id"], "part": row["part"]}
    await session.execute(insert(print_run_parts).values(**row))
    for at, begin in enumerate(range(0, len(content), CHUNK)):
        values = {**key, "chunk": at, "content": content[begin : begin + CHUNK]}
        await session.execute(insert(print_run_chunks).values(**values))
    t = print_run_items.c
    for position, (first, last) in places.items():
        await session.execute(
            update(print_run_items)
            .where(t.print_run_id == row["print_run_id"], t.position == position)
            .values(part=row["part"], page_from=first, page_to=last)
        )


async def manifest(session: AsyncSession, print_run_id: str) -> Sequence[RowMapping]:
    """Every subject that is done with, with its document."""
    t, d = print_run_items.c, documents.c
    columns = (t.position, t.subject_id, t.state, t.document_id, t.code, t.part, t.page_from, t.page_to)
    query = (
        select(*columns, d.member_id, d.language, d.pages, d.sha256)
        .outerjoin_from(print_run_items, documents, t.document_id == d.document_id)
        .where(t.print_run_id == print_run_id, t.state != "waiting")
        .order_by(t.position)
    )
    return (await session.execute(query)).mappings().all()
