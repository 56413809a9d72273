"""Webhooks as an integrator manages them: endpoints, what was sent to them, dead letters and replays.

The secret is told once, when it is made or rotated; for a day after a rotation messages carry signatures by both.
Outside development an endpoint must be https, so that ids of members do not cross a network in clear.
"""

import base64
import secrets as randomness
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request, Response
from pydantic import HttpUrl
from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.contracts.common import Identifier, Page
from mtm_shared.contracts.webhooks import (
    Delivery,
    DeliveryState,
    Event,
    Replayed,
    ReplayRequest,
    Webhook,
    WebhookPatch,
    WebhookRequest,
)
from mtm_shared.storage.outbox import Outbox
from mtm_shared.storage.replaying import replay
from mtm_shared.storage.session import Transaction
from mtm_shared.web.auth import require
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.problems import ApiProblem, problem_responses
from mtm_shared.web.routing import Router

_BOTH_SECRETS: Final = timedelta(days=1)
WebhookId = Annotated[Identifier, Path(description="The webhook's id.")]


def _asking(scope: str) -> dict[str, Any]:
    return {"dependencies": [Depends(require(scope))]}


def new_secret() -> str:
    """32 random bytes as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(randomness.token_bytes(32)).decode()


def webhooks_router(service: str) -> Router:
    """The routes for one service."""
    router = Router(prefix="/v1/webhooks", tags=["webhooks"])
    reads, writes = (_asking(f"{service}.{kind}") for kind in ("read", "write"))
    missing: dict[str, Any] = {"responses": problem_responses(404)}
    one = "/{webhook_id}"
    router.post("", status_code=201, summary="Ask for events", **writes)(create_webhook)
    router.get("", summary="List webhooks", **reads)(list_webhooks)
    router.get(one, summary="Read a webhook", **reads, **missing)(read_webhook)
    router.patch(one, summary="Change a webhook", **writes, **missing)(change_webhook)
    router.delete(one, status_code=204, summary="Remove a webhook", **writes, **missing)(remove_webhook)
    router.get(f"{one}/deliveries", summary="What was sent", **reads, **missing)(list_deliveries)
    router.post(f"{one}/replay", summary="Send again", **writes, **missing)(replay_webhook)
    return router


# No `Idempotency-Key`: it would keep the secret with the first answer.


async def create_webhook(request: Request, body: WebhookRequest, session: Transaction, response: Response) -> Webhook:
    """The endpoint with its secret, which is told this once."""
    _check_url(request, body.url)
    row = {
        "webhook_id": f"whk_{randomness.token_hex(16)}",
        "url": str(body.url),
        "events": list(body.events),
        "description": body.description,
        "enabled": True,
        "secret": new_secret(),
        "created_at": request.app.state.clock(),
        "created_by": request.scope["mtm.subject"],
    }
    await session.execute(insert(_outbox(request).endpoints).values(**row))
    response.headers["Location"] = f"/v1/webhooks/{row['webhook_id']}"
    return _webhook(row, secret=str(row["secret"]))


async def list_webhooks(request: Request, session: Transaction, paging: PageQuery) -> Page[Webhook]:
    """Endpoints by id."""
    ends = _outbox(request).endpoints
    query = select(ends).order_by(ends.c.webhook_id).limit(paging.limit + 1)
    if after := paging.after(str):
        query = query.where(ends.c.webhook_id > str(after[0]))
    found = (await session.execute(query)).mappings().all()
    rows, cursor = page_of(found, paging.limit, lambda row: (str(row["webhook_id"]),))
    return Page[Webhook](items=[_webhook(row) for row in rows], next_cursor=cursor)


async def read_webhook(request: Request, webhook_id: WebhookId, session: Transaction) -> Webhook:
    """The endpoint, without its secret."""
    return _webhook(await _found(session, _outbox(request), webhook_id))


async def change_webhook(request: Request, webhook_id: WebhookId, body: WebhookPatch, session: Transaction) -> Webhook:
    """Where, what and whether; a rotated secret is told this once."""
    row = await _found(session, _outbox(request), webhook_id)
    values: dict[str, Any] = body.model_dump(exclude_none=True, exclude={"rotate_secret", "url"})
    if body.url is not None:
        _check_url(request, body.url)
        values["url"] = str(body.url)
    if body.rotate_secret:
        until = request.app.state.clock() + _BOTH_SECRETS
        values |= {"secret": new_secret(), "previous_secret": row["secret"], "previous_until": until}
    if values:
        ends = _outbox(request).endpoints
        await session.execute(update(ends).where(ends.c.webhook_id == webhook_id).values(**values))
    return _webhook({**row, **values}, secret=values.get("secret"))


async def remove_webhook(request: Request, webhook_id: WebhookId, session: Transaction) -> None:
    """The endpoint is forgotten with its deliveries; the events stay."""
    outbox = _outbox(request)
    await _found(session, outbox, webhook_id)
    for table in (outbox.deliveries, outbox.endpoints):
        await session.execute(delete(table).where(table.c.webhook_id == webhook_id))


async def list_deliveries(
    request: Request,
    webhook_id: WebhookId,
    session: Transaction,
    paging: PageQuery,
    state: Annotated[DeliveryState | None, Query(description="`dead` lists the dead letters.")] = None,
) -> Page[Delivery]:
    """Events on their way to the endpoint, in the order in which they happened."""
    outbox = _outbox(request)
    await _found(session, outbox, webhook_id)
    after = paging.after(int)
    found = await _deliveries(session, outbox, webhook_id, state, int(after[0]) if after else 0, paging.limit + 1)
    rows, cursor = page_of(found, paging.limit, lambda row: (int(row["number"]),))
    return Page[Delivery](items=[_delivery(row) for row in rows], next_cursor=cursor)


async def replay_webhook(
    request: Request, webhook_id: WebhookId, body: ReplayRequest, session: Transaction
) -> Replayed:
    """One event, everything since a moment, or (with neither) what is dead; at most 5,000 deliveries a call."""
    outbox = _outbox(request)
    row = await _found(session, outbox, webhook_id)
    now: datetime = request.app.state.clock()
    return Replayed(deliveries=await replay(session, outbox, row, since=body.since, event_id=body.event_id, now=now))


def _outbox(request: Request) -> Outbox:
    outbox: Outbox = request.app.state.outbox
    return outbox


def _check_url(request: Request, url: HttpUrl) -> None:
    fault = ""
    if url.scheme != "https" and not request.app.state.settings.development:
        fault = "must be https"
    elif url.username or url.password:
        fault = "must not hold a user or a password"
    if fault:
        raise ApiProblem(422, "invalid_url", f"The url {fault}.")


async def _found(session: AsyncSession, outbox: Outbox, webhook_id: str) -> RowMapping:
    query = select(outbox.endpoints).where(outbox.endpoints.c.webhook_id == webhook_id)
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None:
        raise ApiProblem(404, "webhook_not_found", "No such webhook.")
    return row


async def _deliveries(
    session: AsyncSession, outbox: Outbox, webhook_id: str, state: str | None, after: int, limit: int
) -> list[RowMapping]:
    events, deliveries = outbox.events, outbox.deliveries
    query = (
        select(deliveries, events.c.number, events.c.type, events.c.occurred_at, events.c.data)
        .join(events, events.c.event_id == deliveries.c.event_id)
        .where(deliveries.c.webhook_id == webhook_id, events.c.number > after)
        .order_by(events.c.number)
        .limit(limit)
    )
    if state is not None:
        query = query.where(deliveries.c.state == state)
    return list((await session.execute(query)).mappings())


def _webhook(row: Any, secret: str | None = None) -> Webhook:
    names = ("webhook_id", "url", "events", "description", "enabled", "created_at")
    return Webhook(**{name: row[name] for name in names}, secret=secret)


def _delivery(row: RowMapping) -> Delivery:
    event = Event(**{name: row[name] for name in Event.model_fields})
    return Delivery(**{name: row[name] for name in Delivery.model_fields if name != "event"}, event=event)
