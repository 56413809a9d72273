"""Events for other systems, kept in the transaction that they tell of (a transactional outbox).

What happened and the telling of it are one commit: no event of something that was rolled back, none lost of something
that was kept. Each enabled endpoint that asked for the event gets a delivery and a job, which the worker works off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.types import UtcDateTime, big_identity, json_column
from mtm_shared.storage.upsert import insert_all

DELIVERY_JOB: Final = "webhook_delivery"
# The schedule of Standard Webhooks tries for about three days.
MAX_ATTEMPTS: Final = 10
WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Outbox:
    """The three tables, and the queue whose worker sends."""

    endpoints: Table
    events: Table
    deliveries: Table
    queue: JobQueue

    async def emit(self, session: AsyncSession, event_type: str, data: Mapping[str, Any], *, now: datetime) -> str:
        """Keep an event and what has to be sent of it, in the caller's transaction; answers the event's id.

        `data` holds ids and days only: an event leaves the house.
        """
        (event_id,) = await self.emit_all(session, event_type, [data], now=now)
        return event_id

    async def emit_all(
        self, session: AsyncSession, event_type: str, things: Sequence[Mapping[str, Any]], *, now: datetime
    ) -> list[str]:
        """Keep an event of each thing, in their order, as `emit` does of one."""
        shared = {"type": event_type, "occurred_at": now}
        event_ids = [f"evt_{uuid4().hex}" for _ in things]
        events = [
            {"event_id": event_id, "data": dict(data), **shared}
            for event_id, data in zip(event_ids, things, strict=True)
        ]
        await insert_all(session, self.events, events)
        asked = select(self.endpoints.c.webhook_id, self.endpoints.c.events).where(self.endpoints.c.enabled)
        for webhook_id, wanted in (await session.execute(asked)).all():
            if not wanted or event_type in wanted:
                for event_id in event_ids:
                    await self.deliver(session, event_id, webhook_id, now=now)
        return event_ids

    async def deliver(self, session: AsyncSession, event_id: str, webhook_id: str, *, now: datetime) -> str:
        """Keep a delivery of an event to an endpoint, and put its job in the queue."""
        delivery_id = f"dlv_{uuid4().hex}"
        row = {
            "delivery_id": delivery_id,
            "event_id": event_id,
            "webhook_id": webhook_id,
            "state": WAITING,
            "attempts": 0,
            "next_attempt_at": now,
        }
        await session.execute(insert(self.deliveries).values(**row))
        payload = {"delivery_id": delivery_id}
        await self.queue.enqueue(session, DELIVERY_JOB, payload, now=now, key=delivery_id, max_attempts=MAX_ATTEMPTS)
        return delivery_id


def outbox_tables(metadata: MetaData, jobs: Table) -> Outbox:
    """The tables in a service's metadata; its migrations create them (`revisions.create_outbox`)."""
    endpoints = Table(
        "webhook_endpoints",
        metadata,
        Column("webhook_id", String(64), primary_key=True),
        Column("url", String(500), nullable=False),
        Column("events", json_column(), nullable=False),
        Column("description", String(200), nullable=False),
        Column("enabled", Boolean, nullable=False),
        Column("secret", String(100), nullable=False),
        Column("previous_secret", String(100)),
        Column("previous_until", UtcDateTime),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_by", String(200), nullable=False),
    )
    events = Table(
        "outbox_events",
        metadata,
        Column("number", big_identity(), primary_key=True, autoincrement=True),
        Column("event_id", String(64), nullable=False, unique=True),
        Column("type", String(40), nullable=False),
        Column("occurred_at", UtcDateTime, nullable=False),
        Column("data", json_column(), nullable=False),
    )
    deliveries = Table(
        "webhook_deliveries",
        metadata,
        Column("delivery_id", String(64), primary_key=True),
        Column("event_id", String(64), ForeignKey(events.c.event_id), nullable=False),
        Column("webhook_id", String(64), ForeignKey(endpoints.c.webhook_id, ondelete="CASCADE"), nullable=False),
        Column("state", String(10), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("last_status", Integer),
        Column("last_error", Text),
        Column("next_attempt_at", UtcDateTime),
        Column("delivered_at", UtcDateTime),
        Index("ix_webhook_deliveries_webhook", "webhook_id", "state", "delivery_id"),
    )
    return Outbox(endpoints, events, deliveries, JobQueue(jobs))
