"""Events that other systems are told of, and where they are sent (Standard Webhooks)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, HttpUrl

from mtm_shared.contracts.common import Answer, Identifier, Request, ShortText, example

EventType = Literal[
    "member.enrolled", "member.opted_out", "cmr.due", "cmr.completed", "document.ready", "run.finished"
]  # fmt: skip
DeliveryState = Literal["waiting", "delivered", "dead"]


class WebhookRequest(Request):
    """`POST /v1/webhooks`: where to send which events; an empty list asks for all of them."""

    model_config = example(url="https://pbm.example/hooks", events=["member.enrolled", "cmr.completed"])

    url: Annotated[HttpUrl, Field(max_length=500)]
    events: Annotated[list[EventType], Field(max_length=20)] = []
    description: ShortText = ""


class WebhookPatch(Request):
    """`PATCH /v1/webhooks/{webhook_id}`: what is given is changed; `rotate_secret` makes a new secret."""

    url: Annotated[HttpUrl, Field(max_length=500)] | None = None
    events: Annotated[list[EventType], Field(max_length=20)] | None = None
    description: ShortText | None = None
    enabled: bool | None = None
    rotate_secret: bool = False


class Webhook(Answer):
    """An endpoint. `secret` is told once: when it is made and when it is rotated."""

    webhook_id: str
    url: str
    events: list[EventType]
    description: str
    enabled: bool
    created_at: datetime
    secret: str | None = None


class Event(Answer):
    """Something that happened. `data` holds ids and days, never a name or an address: the receiver reads the rest."""

    event_id: str
    type: EventType
    occurred_at: datetime
    data: dict[str, Any]


class Delivery(Answer):
    """One event on its way to one endpoint; a dead one is not tried again until it is replayed."""

    delivery_id: str
    webhook_id: str
    event: Event
    state: DeliveryState
    attempts: int
    last_status: int | None = None
    last_error: str | None = None
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None


class ReplayRequest(Request):
    """`POST /v1/webhooks/{webhook_id}/replay`: send again what is dead, or everything since a moment, or one event."""

    model_config = example(since="2026-06-01T00:00:00Z")

    since: datetime | None = None
    event_id: Identifier | None = None


class Replayed(Answer):
    """How many deliveries were put in the queue again."""

    deliveries: int
