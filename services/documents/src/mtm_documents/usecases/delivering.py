"""Records how documents were delivered, one by one or all those of a print run."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mtm_shared.contracts.documents import DeliveredAll, DeliveryRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.delivery import Attempt, check_attempt, first_sent
from mtm_documents.storage import deliveries, documents, runs
from mtm_documents.usecases.errors import DocumentUnknown, PrintRunUnknown


async def deliver(session: AsyncSession, document_id: str, told: DeliveryRequest, author: str, now: datetime) -> bool:
    """Add an attempt; False when the same was told before."""
    record = await documents.record(session, document_id)
    if record is None:
        raise DocumentUnknown
    attempt = Attempt(told.channel, told.sent_on, told.status)
    check_attempt(attempt, record["dated"], now.date(), told.consented)
    before = (await deliveries.of_documents(session, [document_id])).get(document_id, [])
    if attempt in _attempts(before):
        return False
    first = first_sent([*_attempts(before), attempt])
    row = told.model_dump(exclude={"consented"}) | {"recorded_at": now, "author": author}
    await deliveries.add(session, document_id, row, first)
    return True


def _attempts(rows: Iterable[Mapping[Any, Any]]) -> list[Attempt]:
    return [Attempt(row["channel"], row["sent_on"], row["status"]) for row in rows]


async def deliver_run(
    session: AsyncSession, print_run_id: str, told: DeliveryRequest, author: str, now: datetime
) -> DeliveredAll:
    """Add the attempt to every document of a run."""
    if await runs.get(session, print_run_id) is None:
        raise PrintRunUnknown
    made = await runs.made(session, print_run_id)
    marked = 0
    for document_id in made:
        marked += await deliver(session, document_id, told, author, now)
    return DeliveredAll(documents=len(made), marked=marked)
