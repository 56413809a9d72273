"""Keeps a document and tells other systems that it is ready, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import documents
from mtm_documents.storage.tables import outbox

_TOLD = ("document_id", "kind", "language", "member_id", "review_id", "enrollment_id")


async def keep_document(session: AsyncSession, row: Mapping[str, Any], now: datetime) -> None:
    """Keep a document with its exact bytes."""
    await documents.add(session, row)
    await outbox.emit(session, "document.ready", {name: row[name] for name in _TOLD}, now=now)
