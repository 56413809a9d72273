"""Notes what became of documents on their way: how, when, and whether they arrived.

A summary may go electronically only with the member's consent (42 CFR 422.2267(d)(2), 423.2267(d)(2)).
"""

from datetime import date, datetime
from typing import Any, Final

from mtm_shared.contracts.documents import DeliveryRequest, RunDelivered
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import deliveries, documents
from mtm_documents.usecases.bundling import finished_run
from mtm_documents.usecases.errors import ConsentMissing, DocumentUnknown, SentOnImpossible

_ELECTRONIC: Final = ("email", "portal")


async def record_delivery(session: AsyncSession, document_id: str, given: DeliveryRequest, now: datetime) -> None:
    """One more entry of a document's history."""
    row = await documents.record(session, document_id)
    if row is None:
        raise DocumentUnknown
    await deliveries.add(session, document_id, _entry(given, row["dated"], now))


async def record_run_delivery(
    session: AsyncSession, print_run_id: str, given: DeliveryRequest, now: datetime
) -> RunDelivered:
    """The same entry for every document of a run; sent again, it adds nothing."""
    await finished_run(session, print_run_id)
    number, latest = await deliveries.run_documents(session, print_run_id)
    added = await deliveries.add_to_run(session, print_run_id, _entry(given, latest, now))
    return RunDelivered(documents=number, recorded=added, repeated=number - added)


def _entry(given: DeliveryRequest, dated: date | None, now: datetime) -> dict[str, Any]:
    if given.channel in _ELECTRONIC and not given.consented:
        raise ConsentMissing
    if given.sent_on > now.date() or (dated is not None and given.sent_on < dated):
        raise SentOnImpossible
    return {**given.model_dump(), "recorded_at": now}
