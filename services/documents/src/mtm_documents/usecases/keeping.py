"""Keeps documents and tells other systems that they are ready, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import documents
from mtm_documents.storage.tables import outbox

_TOLD = ("document_id", "kind", "language", "member_id", "review_id", "enrollment_id")


async def keep_document(session: AsyncSession, row: Mapping[str, Any], now: datetime) -> None:
    """Keep a document with its exact bytes."""
    await keep_documents(session, [row], now)


async def keep_documents(session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Keep documents with their exact bytes."""
    await documents.add(session, rows)
    await outbox.emit_all(session, "document.ready", [{name: row[name] for name in _TOLD} for row in rows], now=now)
