"""Events leave once what they tell of is kept, signed as Standard Webhooks says, and until somebody takes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from deciding import Service
from mtm_eligibility.storage.tables import outbox
from mtm_shared.clients.webhooks import SCHEDULE, delivery_handlers
from mtm_shared.storage import work_off
from standardwebhooks import Webhook

HOOKS = "/v1/webhooks"


@dataclass
class Receiver:
    """A system that is told of events; it answers what the test says."""

    status: int = 204
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append((headers, body))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Sender:
    """The worker with a clock that a test can move."""

    service: Service
    receiver: Receiver
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """Verifying compares with the real clock, so that a test starts now."""

    async def happens(self, event_type: str = "member.enrolled", **data: Any) -> str:
        async with self.service.database.writing() as session, session.begin():
            return await outbox.emit(session, event_type, data or {"member_id": "M-1"}, now=self.now)

    async def work(self) -> None:
        handlers = delivery_handlers(outbox, httpx.ASGITransport(self.receiver))
        await work_off(self.service.database, outbox.queue, handlers, clock=lambda: self.now)

    async def deliveries(self, webhook_id: str, state: str = "") -> list[dict[str, Any]]:
        query = f"?state={state}" if state else ""
        page = await self.service.ok("GET", f"{HOOKS}/{webhook_id}/deliveries{query}")
        items: list[dict[str, Any]] = page["items"]
        return items


@pytest.fixture
def sender(service: Service) -> Sender:
    return Sender(service, Receiver())


async def hook(service: Service, *events: str) -> dict[str, Any]:
    made: dict[str, Any] = await service.ok("POST", HOOKS, {"url": "http://pbm.test/hooks", "events": list(events)})
    return made


async def test_an_event_arrives_signed_with_the_secret_that_was_told_once(sender: Sender) -> None:
    made = await hook(sender.service)
    event_id = await sender.happens(member_id="M-1", enrollment_id="enr-1")
    await sender.work()
    ((headers, body),) = sender.receiver.got
    told = Webhook(made["secret"]).verify(body, dict(headers))
    assert told["type"] == "member.enrolled"
    assert told["data"] == {"member_id": "M-1", "enrollment_id": "enr-1"}
    assert headers["webhook-id"] == event_id
    assert (await sender.service.ok("GET", f"{HOOKS}/{made['webhook_id']}"))["secret"] is None
    (delivery,) = await sender.deliveries(made["webhook_id"])
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 204)


async def test_an_endpoint_gets_only_what_it_asked_for(sender: Sender) -> None:
    made = await hook(sender.service, "cmr.due")
    await sender.happens("member.enrolled")
    await sender.happens("cmr.due")
    await sender.work()
    assert [json.loads(body)["type"] for _, body in sender.receiver.got] == ["cmr.due"]
    assert len(await sender.deliveries(made["webhook_id"])) == 1


async def test_what_is_rolled_back_is_never_told(sender: Sender) -> None:
    await hook(sender.service)
    async with sender.service.database.writing() as session, session.begin() as begun:
        await outbox.emit(session, "member.enrolled", {"member_id": "M-1"}, now=sender.now)
        await begun.rollback()
    await sender.work()
    assert sender.receiver.got == []


async def test_a_refused_event_is_tried_on_the_schedule_and_then_is_dead(sender: Sender) -> None:
    made = await hook(sender.service)
    sender.receiver.status = 500
    await sender.happens()
    for wait in SCHEDULE:
        await sender.work()
        (delivery,) = await sender.deliveries(made["webhook_id"], "waiting")
        assert datetime.fromisoformat(delivery["next_attempt_at"]) == sender.now + wait
        sender.now += wait - timedelta(seconds=1)
        before = len(sender.receiver.got)
        await sender.work()
        assert len(sender.receiver.got) == before, "not a second too early"
        sender.now += timedelta(seconds=1)
    await sender.work()
    (dead,) = await sender.deliveries(made["webhook_id"], "dead")
    assert (dead["attempts"], dead["last_error"]) == (len(SCHEDULE) + 1, "status_500")
    assert len({headers["webhook-id"] for headers, _ in sender.receiver.got}) == 1, "a receiver can tell retries"


async def test_a_dead_event_is_delivered_by_a_replay(sender: Sender) -> None:
    made = await hook(sender.service)
    sender.receiver.status = 500
    await sender.happens()
    for wait in (*SCHEDULE, timedelta(0)):
        await sender.work()
        sender.now += wait
    sender.receiver.status = 200
    answer = await sender.service.ok("POST", f"{HOOKS}/{made['webhook_id']}/replay", {})
    assert answer == {"deliveries": 1}
    sender.now = datetime.now(UTC) + timedelta(days=9)
    await sender.work()
    (delivery,) = await sender.deliveries(made["webhook_id"])
    assert delivery["state"] == "delivered"


async def test_a_new_endpoint_can_ask_for_what_happened_before_it(sender: Sender) -> None:
    await sender.happens("member.enrolled")
    made = await hook(sender.service, "member.enrolled")
    since = (sender.now - timedelta(minutes=1)).isoformat()
    answer = await sender.service.ok("POST", f"{HOOKS}/{made['webhook_id']}/replay", {"since": since})
    assert answer == {"deliveries": 1}
    sender.now = datetime.now(UTC) + timedelta(minutes=1)
    await sender.work()
    assert len(sender.receiver.got) == 1


async def test_an_endpoint_that_is_gone_is_switched_off(sender: Sender) -> None:
    made = await hook(sender.service)
    sender.receiver.status = 410
    await sender.happens()
    await sender.work()
    assert (await sender.service.ok("GET", f"{HOOKS}/{made['webhook_id']}"))["enabled"] is False
    await sender.happens()
    await sender.work()
    assert len(sender.receiver.got) == 1


async def test_for_a_day_after_a_rotation_both_secrets_verify(sender: Sender) -> None:
    made = await hook(sender.service)
    rotated = await sender.service.ok("PATCH", f"{HOOKS}/{made['webhook_id']}", {"rotate_secret": True})
    assert rotated["secret"] not in (None, made["secret"])
    await sender.happens()
    await sender.work()
    headers, body = sender.receiver.got[0]
    for secret in (made["secret"], rotated["secret"]):
        assert Webhook(secret).verify(body, dict(headers))
    sender.now += timedelta(days=2)
    await sender.happens()
    await sender.work()
    assert len(sender.receiver.got[1][0]["webhook-signature"].split()) == 1


async def test_a_removed_endpoint_is_forgotten_with_what_waited_for_it(sender: Sender) -> None:
    made = await hook(sender.service)
    await sender.happens()
    gone = await sender.service.client.delete(f"{HOOKS}/{made['webhook_id']}")
    assert gone.status_code == 204
    await sender.work()
    assert sender.receiver.got == []
    assert await sender.service.problem("GET", f"{HOOKS}/{made['webhook_id']}") == (404, "webhook_not_found")


@pytest.mark.parametrize("url", ["ftp://pbm.test/x", "not a url", "https://user:secret@pbm.test/x"])
async def test_an_address_that_cannot_be_used_is_refused(quick: Service, url: str) -> None:
    status, _ = await quick.problem("POST", HOOKS, {"url": url})
    assert status == 422
