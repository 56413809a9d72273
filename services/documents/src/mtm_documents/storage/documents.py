"""Reads and writes rendered documents. Their bytes are added and read, never changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mtm_shared.storage import insert_all
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import documents

_RECORD = [column for column in documents.columns if column.name not in ("pdf", "html")]


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps documents with their bytes."""
    await insert_all(session, documents, rows)


async def record(session: AsyncSession, document_id: str) -> RowMapping | None:
    """A document without its bytes."""
    return (
        (await session.execute(select(*_RECORD).where(documents.c.document_id == document_id))).mappings().one_or_none()
    )


async def content(session: AsyncSession, document_id: str, target: str) -> RowMapping | None:
    """The exact bytes and their hash, for `pdf` or `html`."""
    columns = (documents.c.html, documents.c.html_sha256) if target == "html" else (documents.c.pdf, documents.c.sha256)
    return (
        (await session.execute(select(*columns).where(documents.c.document_id == document_id))).mappings().one_or_none()
    )


async def page(
    session: AsyncSession, wanted: Mapping[str, str | None], due: date | None, after: str | None, limit: int
) -> list[RowMapping]:
    """Records with the wanted values in order of id, one more than `limit` where there are more.

    `due` keeps what is owed by that day and was not sent.
    """
    query = select(*_RECORD).order_by(documents.c.document_id).limit(limit + 1)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(documents.c[column] == value)
    if due is not None:
        query = query.where(documents.c.due_on <= due, documents.c.sent_on.is_(None))
    if after is not None:
        query = query.where(documents.c.document_id > after)
    return list((await session.execute(query)).mappings())
