"""Logs and metrics name routes, never members; every request has an id."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from mtm_shared.logs import configure_logging
from web_app import make_app, served, settings_for

CANARY = "CANARY4711"


@pytest.fixture
def _real_logging() -> Iterator[None]:
    """Logging as a running service has it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("debug")
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def visit_everything(client: httpx.AsyncClient) -> None:
    """Every kind of answer, with the canary wherever a caller can put it."""
    body = {"thing_id": CANARY, "name": CANARY}
    for _ in range(2):
        await client.post("/v1/things", json=body, headers={"Idempotency-Key": CANARY})
    await client.post("/v1/things", json=body)
    await client.post("/v1/things", json={**body, CANARY: CANARY})
    await client.post("/v1/things", content=CANARY.encode(), headers={"Content-Type": "application/json"})
    await client.post("/v1/failing/store", json={"thing_id": CANARY, "name": None, "version": CANARY})
    await client.post("/v1/failing/store", json={"thing_id": CANARY, "name": CANARY, "unknown": CANARY})
    await client.get(f"/v1/things/{CANARY}", params={"q": CANARY})
    await client.get(f"/v1/things/{CANARY}x")
    await client.get(f"/v1/things/{CANARY} ")
    await client.get("/v1/things", params={"cursor": CANARY})
    await client.put(f"/v1/things/{CANARY}/name", json=body, headers={"If-Match": CANARY})
    await client.get(f"/{CANARY}", headers={"Authorization": f"Bearer {CANARY}", "X-Request-ID": f"{CANARY}!"})
    await client.get("/v1/things", headers={"Authorization": f"Bearer {CANARY}"})
    await client.get(f"/v1/failing/{CANARY}")
    await client.get("/v1/failing/unexpected", params={"member": CANARY})
    await client.request(CANARY, "/v1/things")


@pytest.mark.usefixtures("_real_logging")
async def test_a_canary_is_never_logged_or_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(make_app(settings_for(f"sqlite:///{tmp_path}/x.db"))) as client:
        await visit_everything(client)
        metrics = (await client.get("/metrics")).text
    captured = capsys.readouterr()
    written = captured.out + captured.err
    assert len(written.splitlines()) >= 18
    assert [line for line in written.splitlines() if CANARY in line] == []
    assert CANARY not in metrics


@pytest.mark.usefixtures("_real_logging")
async def test_a_request_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(make_app(settings_for(f"sqlite:///{tmp_path}/x.db"))) as client:
        await client.get("/v1/things/abc", headers={"X-Request-ID": "my-id.1"})
        answer = await client.get("/healthz")
    first = lines(capsys)[0]
    assert answer.headers["x-request-id"]
    assert first.pop("ms") >= 0
    assert first.pop("at").startswith("20")
    assert first == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "request_id": "my-id.1",
        "route": "/v1/things/{thing_id}",
        "status": 404,
        "subject": "development",
    }


@pytest.mark.usefixtures("_real_logging")
async def test_an_unexpected_error_is_logged_with_its_type_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with served(make_app(settings_for(f"sqlite:///{tmp_path}/x.db"))) as client:
        answer = await client.get("/v1/failing/unexpected")
        metrics = (await client.get("/metrics")).text
    event = next(line for line in lines(capsys) if line["event"] == "unexpected_error")
    assert (event["error"], event["request_id"]) == ("builtins.RuntimeError", answer.headers["x-request-id"])
    assert event["places"][-1].startswith("web_app:fail:")
    assert 'mtm_unexpected_errors_total{service="eligibility"} 1.0' in metrics


@pytest.mark.usefixtures("_real_logging")
def test_records_of_other_libraries_lose_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("could not read %s", CANARY)
    (event,) = lines(capsys)
    assert (event["event"], event["error"]) == ("could not read %s", "builtins.ValueError")
    assert CANARY not in json.dumps(event)


@pytest.mark.parametrize("given", ["a b", "x" * 65, "ü", "", "a\tb"])
async def test_a_strange_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    headers = [(b"X-Request-ID", given.encode())]
    assert (await client.get("/healthz", headers=headers)).headers["x-request-id"] not in {given, ""}


async def test_metrics_count_by_route_template_and_status(client: httpx.AsyncClient) -> None:
    await client.get("/v1/things/a")
    await client.request("PROPFIND", "/v1/things/a")
    text = (await client.get("/metrics")).text
    labels = 'seconds_count{method="%s",route="/v1/things/{thing_id}",service="eligibility",status="%s"} 1.0'
    assert labels % ("GET", "404") in text
    assert labels % ("other", "405") in text


async def test_answers_are_not_to_be_kept_by_caches(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/v1/things/a")).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_readiness_tells_what_is_loaded(client: httpx.AsyncClient) -> None:
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["database"], ready["schema_revision"]) == ("ready", "sqlite", None)
