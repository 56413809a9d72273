"""Puts deliveries in the queue again: dead ones, one event, or everything that happened since a moment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.outbox import DELIVERY_JOB, MAX_ATTEMPTS, WAITING, Outbox

_AT_MOST: Final = 5_000


async def replay(
    session: AsyncSession,
    outbox: Outbox,
    endpoint: Mapping[Any, Any],
    *,
    since: datetime | None,
    event_id: str | None,
    now: datetime,
) -> int:
    """How many deliveries were queued; an event that the endpoint never got is delivered to it now."""
    webhook_id, wanted = str(endpoint["webhook_id"]), endpoint["events"]
    events, deliveries = outbox.events, outbox.deliveries
    of_endpoint = (deliveries.c.event_id == events.c.event_id) & (deliveries.c.webhook_id == webhook_id)
    query = select(events.c.event_id, deliveries.c.delivery_id).outerjoin(deliveries, of_endpoint)
    if event_id is not None:
        query = query.where(events.c.event_id == event_id)
    elif since is not None:
        moment = since if since.tzinfo else since.replace(tzinfo=UTC)
        query = query.where(events.c.occurred_at >= moment)
        query = query.where(events.c.type.in_(wanted)) if wanted else query
    else:
        query = query.where(deliveries.c.state == "dead")
    queued = 0
    for found in (await session.execute(query.order_by(events.c.number).limit(_AT_MOST))).all():
        if found.delivery_id is None:
            await outbox.deliver(session, found.event_id, webhook_id, now=now)
        else:
            await _again(session, outbox, found.delivery_id, now)
        queued += 1
    return queued


async def _again(session: AsyncSession, outbox: Outbox, delivery_id: str, now: datetime) -> None:
    deliveries = outbox.deliveries
    values = {"state": WAITING, "attempts": 0, "next_attempt_at": now, "delivered_at": None}
    await session.execute(update(deliveries).where(deliveries.c.delivery_id == delivery_id).values(**values))
    key = f"{delivery_id}@{now.isoformat()}"
    payload = {"delivery_id": delivery_id}
    await outbox.queue.enqueue(session, DELIVERY_JOB, payload, now=now, key=key, max_attempts=MAX_ATTEMPTS)
