"""One request, one transaction, committed before the answer is sent (ARCHITECTURE.md, law 7)."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.engine import Database

_READS: Final = frozenset({"GET", "HEAD"})


async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """A session in a transaction: rolled back on any error, reading only for GET.

    What changes something is entered in the audit trail by the same transaction (`web.auditing`).
    """
    database: Database = request.app.state.database
    auditor = getattr(request.app.state, "auditor", None)
    reads = request.method in _READS
    async with (database.reading if reads else database.writing)() as session, session.begin():
        if auditor is not None:
            auditor.touched()
        yield session
        if auditor is not None and not reads:
            await auditor.within(request, session)


async def reading(request: Request) -> AsyncIterator[AsyncSession]:
    """A session that only reads, for a POST that asks a question: it takes no write lock."""
    database: Database = request.app.state.database
    auditor = getattr(request.app.state, "auditor", None)
    if auditor is not None:
        auditor.touched()
    async with database.reading() as session, session.begin():
        yield session


# scope="function": the transaction ends before the answer is sent, so that an answer is never a promise.
Transaction = Annotated[AsyncSession, Depends(transaction, scope="function")]
Reading = Annotated[AsyncSession, Depends(reading, scope="function")]
