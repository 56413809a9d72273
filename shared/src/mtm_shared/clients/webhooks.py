"""Sends events to the endpoints that asked for them, signed as Standard Webhooks says, again and again until taken.

Any 2xx is taken. 410 says that nobody is there any more: the endpoint is switched off. Everything else, no answer
included, is tried again on the schedule of the specification, for about three days; then the delivery is dead and
waits for a replay. Retries carry the same `webhook-id`, so that a receiver can tell them from news.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from standardwebhooks import Webhook

from mtm_shared.storage.outbox import DELIVERY_JOB, WAITING, Outbox
from mtm_shared.storage.worker import GiveUp, Handler, JobContext, TryLater

_SECONDS: Final = 15.0
SCHEDULE: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""After the first attempt, the second, and so on (Standard Webhooks, "Deliverability and reliability")."""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it is sent: the exact bytes that are signed, and its headers."""

    content: bytes
    headers: Mapping[str, str]


def message_of(event: Mapping[str, Any], secrets: tuple[str, ...], sent_at: datetime) -> Message:
    """The event, signed with each secret (two while one is being replaced)."""
    body = {"type": event["type"], "timestamp": _moment(event["occurred_at"]), "data": event["data"]}
    text = json.dumps(body, separators=(",", ":"))
    event_id = str(event["event_id"])
    signatures = (Webhook(secret).sign(event_id, sent_at, text) for secret in secrets)
    headers = {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Message(text.encode(), headers)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def delivery_handlers(outbox: Outbox, transport: httpx.AsyncBaseTransport | None = None) -> dict[str, Handler]:
    """The worker's handler of deliveries; tests give a transport."""

    async def handle(context: JobContext) -> None:
        async with context.database.reading() as session:
            found = await _read(session, outbox, context.job.payload["delivery_id"])
        if found is None or found["state"] != WAITING:
            return
        status, fault = (0, "endpoint_disabled") if not found["enabled"] else await _post(found, context, transport)
        taken = not fault
        gone = fault in ("gone", "endpoint_disabled")
        again = None if taken or gone or context.job.last_attempt else SCHEDULE[context.job.attempts - 1]
        async with context.transaction() as session:
            await _note(session, outbox, found, status, fault, context, again)
        if again is not None:
            raise TryLater(fault, again)
        if not taken:
            raise GiveUp(fault)

    return {DELIVERY_JOB: handle}


async def _read(session: AsyncSession, outbox: Outbox, delivery_id: str) -> RowMapping | None:
    ends, events, deliveries = outbox.endpoints.c, outbox.events.c, outbox.deliveries
    query = (
        select(
            *(deliveries.c.delivery_id, deliveries.c.state, deliveries.c.attempts),
            *(events.event_id, events.type, events.occurred_at, events.data),
            *(ends.webhook_id, ends.url, ends.enabled, ends.secret, ends.previous_secret, ends.previous_until),
        )
        .join(outbox.events, events.event_id == deliveries.c.event_id)
        .join(outbox.endpoints, ends.webhook_id == deliveries.c.webhook_id)
        .where(deliveries.c.delivery_id == delivery_id)
    )
    return (await session.execute(query)).mappings().one_or_none()


async def _post(found: RowMapping, context: JobContext, transport: httpx.AsyncBaseTransport | None) -> tuple[int, str]:
    """The status, and what went wrong in one word."""
    now = context.clock()
    former = found["previous_until"] is not None and now < found["previous_until"]
    secrets = (found["secret"], found["previous_secret"]) if former else (found["secret"],)
    message = message_of(dict(found), secrets, now)
    try:
        # The answer's body is nobody's business: it is neither read to its end nor kept.
        async with (
            httpx.AsyncClient(transport=transport, timeout=_SECONDS, follow_redirects=False) as client,
            client.stream("POST", found["url"], content=message.content, headers=message.headers) as answer,
        ):
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return 0, type(error).__name__
    if 200 <= status < 300:
        return status, ""
    return status, "gone" if status == 410 else f"status_{status}"


async def _note(
    session: AsyncSession,
    outbox: Outbox,
    found: RowMapping,
    status: int,
    fault: str,
    context: JobContext,
    again: timedelta | None,
) -> None:
    now = context.clock()
    values = {
        "attempts": found["attempts"] + 1,
        "state": "delivered" if not fault else WAITING if again else "dead",
        "last_status": status or None,
        "last_error": fault or None,
        "next_attempt_at": None if again is None else now + again,
        "delivered_at": None if fault else now,
    }
    deliveries, endpoints = outbox.deliveries, outbox.endpoints
    mine = deliveries.c.delivery_id == found["delivery_id"]
    await session.execute(update(deliveries).where(mine).values(**values))
    if fault == "gone":
        off = endpoints.c.webhook_id == found["webhook_id"]
        await session.execute(update(endpoints).where(off).values(enabled=False))
