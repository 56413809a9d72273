"""Records how documents were delivered, one by one or all those of a print run."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from mtm_shared.contracts.documents import DeliveredAll, DeliveryRequest
from mtm_shared.storage import chunks
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.delivery import Attempt, check_attempt, first_sent
from mtm_documents.storage import deliveries, documents, runs
from mtm_documents.usecases.errors import DocumentUnknown, PrintRunNotEnded, PrintRunUnknown

_AT_ONCE: Final = 1_000


async def deliver(session: AsyncSession, document_id: str, told: DeliveryRequest, author: str, now: datetime) -> bool:
    """Add an attempt; False when the same was told before."""
    record = await documents.record(session, document_id)
    if record is None:
        raise DocumentUnknown
    return bool(await _deliver(session, {document_id: record["dated"]}, told, author, now))


async def deliver_run(
    session: AsyncSession, print_run_id: str, told: DeliveryRequest, author: str, now: datetime
) -> DeliveredAll:
    """Add the attempt to every document of a run that has ended."""
    run = await runs.get(session, print_run_id)
    if run is None:
        raise PrintRunUnknown
    if run["finished_at"] is None:
        raise PrintRunNotEnded
    made = await runs.made(session, print_run_id)
    marked = 0
    for piece in chunks(list(made), _AT_ONCE):
        marked += await _deliver(session, {one: made[one] for one in piece}, told, author, now)
    return DeliveredAll(documents=len(made), marked=marked)


async def _deliver(
    session: AsyncSession, dated: Mapping[str, date], told: DeliveryRequest, author: str, now: datetime
) -> int:
    """Add the attempt to the documents that have it not yet; answers how many those are."""
    attempt = Attempt(told.channel, told.sent_on, told.status)
    kept = await deliveries.of_documents(session, list(dated))
    numbers: dict[str, int] = {}
    sent: dict[date | None, list[str]] = {}
    for document_id, day in dated.items():
        check_attempt(attempt, day, now.date(), told.consented)
        rows = kept.get(document_id, [])
        before = _attempts(rows)
        if attempt in before:
            continue
        numbers[document_id] = rows[-1]["number"] + 1 if rows else 0
        sent.setdefault(first_sent([*before, attempt]), []).append(document_id)
    await deliveries.add(session, told.model_dump() | {"recorded_at": now, "author": author}, numbers, sent)
    return len(numbers)


def _attempts(rows: Iterable[Mapping[Any, Any]]) -> list[Attempt]:
    return [Attempt(row["channel"], row["sent_on"], row["status"]) for row in rows]
