"""Every failure is a problem document that says which rule was broken and repeats nothing of what was sent."""

from typing import Any

import httpx
import pytest
from mtm_shared.contracts.problem import Problem

CANARY = "CANARY-MEMBER-4711"
JSON = {"Content-Type": "application/json"}


def problem(answer: httpx.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    document = Problem.model_validate_json(answer.content, strict=True)
    assert document.status == answer.status_code
    assert document.type == f"urn:openmtm:problem:{document.code}"
    assert CANARY not in answer.text
    return document


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("POST", "/v1/things", b"{", JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b'{"thing_id": NaN}', JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b'{"thing_id": "\xff"}', JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b'{"thing_id": "a", "name": "\\ud800"}', JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b"[" * 15_000, JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b"9" * 5_000, JSON, 400, "unreadable_body"),
        ("POST", "/v1/things", b'{"thing_id": "a", "name": "\\u0000"}', JSON, 422, "invalid_text"),
        ("POST", "/v1/things", b"{}", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        ("POST", "/v1/things", b"{}", {}, 415, "unsupported_media_type"),
        ("POST", "/v1/uploads", b"{}", JSON, 415, "unsupported_media_type"),
        ("POST", "/v1/uploads", b"--x", {"Content-Type": "multipart/form-data"}, 400, "unreadable_body"),
        ("POST", "/v1/things", b"x" * 20_001, JSON, 413, "body_too_large"),
        ("POST", "/v1/things", b"", JSON, 422, "invalid_request"),
        ("DELETE", "/v1/things", b"", {}, 405, "method_not_allowed"),
        ("GET", f"/v1/nothing/{CANARY}", b"", {}, 404, "not_found"),
        ("GET", "/v1/things/unknown", b"", {}, 404, "unknown_thing"),
        ("GET", f"/v1/things/{CANARY}%00", b"", {}, 422, "invalid_request"),
        ("GET", "/v1/things/" + "a" * 65, b"", {}, 422, "invalid_request"),
        ("GET", "/v1/things?limit=501", b"", {}, 422, "invalid_request"),
        ("GET", "/v1/things?limit=99999999999999999999", b"", {}, 422, "invalid_request"),
        ("GET", "/v1/things?cursor=%00", b"", {}, 422, "invalid_cursor"),
        ("GET", "/v1/failing/unexpected", b"", {}, 500, "internal_error"),
        ("GET", "/v1/failing/write", b"", {}, 500, "internal_error"),
        ("GET", "/v1/failing/domain", b"", {}, 429, "too_many_things"),
        ("GET", "/v1/failing/away", b"", {}, 503, "unavailable"),
    ],
)
async def test_each_failure_has_its_status_and_code(
    client: httpx.AsyncClient, method: str, path: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, problem(answer).code) == (status, code)


async def test_a_body_of_unknown_length_is_cut_off_at_the_limit(client: httpx.AsyncClient) -> None:
    async def endless() -> Any:
        for _ in range(30):
            yield b"x" * 1_000

    answer = await client.post("/v1/things", content=endless(), headers=JSON)
    assert (answer.status_code, problem(answer).code) == (413, "body_too_large")


async def test_a_path_can_have_a_limit_of_its_own(client: httpx.AsyncClient) -> None:
    within = await client.post("/v1/uploads", files={"file": b"x" * 30_000})
    beyond = await client.post("/v1/uploads", files={"file": b"x" * 50_000})
    assert (within.json(), beyond.status_code) == ({"bytes": 30_000}, 413)


async def test_what_can_be_tried_again_says_when(client: httpx.AsyncClient) -> None:
    waits = [(await client.get(path)).headers["retry-after"] for path in ("/v1/failing/domain", "/v1/failing/away")]
    assert waits == ["9", "7"]


async def test_a_wrong_method_is_told_the_right_ones(client: httpx.AsyncClient) -> None:
    assert (await client.delete("/v1/things/a")).headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/thing_id", "missing"),
        ({"thing_id": CANARY + "\n"}, "/thing_id", "string_pattern_mismatch"),
        ({"thing_id": "a", "parts": [1, CANARY]}, "/parts/1", "int_parsing"),
        ({"thing_id": "a", "name": 5}, "/name", "string_type"),
        ({"thing_id": "a", "surname": CANARY}, "/surname", "extra_forbidden"),
        ({"thing_id": "a", f"{CANARY} Smith": 1}, "/*", "extra_forbidden"),
        ({"thing_id": "a", "name": f"forbidden {CANARY}"}, "/name", "value_error"),
        ([CANARY], "", "model_attributes_type"),
        ({"thing_id": "a", "parts": [0] * 6}, "/parts", "too_long"),
    ],
)
async def test_a_fault_is_pointed_at_without_repeating_it(
    client: httpx.AsyncClient, body: Any, pointer: str, code: str
) -> None:
    answer = await client.post("/v1/things", json=body)
    faults = problem(answer).errors
    assert [(fault.pointer, fault.code) for fault in faults] == [(pointer, code)]


async def test_a_fault_in_the_query_is_pointed_at(client: httpx.AsyncClient) -> None:
    faults = problem(await client.get("/v1/things", params={"limit": CANARY})).errors
    assert [fault.pointer for fault in faults] == ["#/query/limit"]


async def test_a_hundred_faults_are_enough(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", json={f"key{number}": 1 for number in range(300)})
    assert len(problem(answer).errors) == 100


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"thing_id": "a", "name": None, "version": 1}, 409),
        ({"thing_id": "a", "name": "a", "version": 2**70}, 422),
    ],
)
async def test_what_the_database_refuses_is_no_server_error(
    client_on_both: httpx.AsyncClient, row: dict[str, Any], status: int
) -> None:
    answer = await client_on_both.post("/v1/failing/store", json=row)
    assert (answer.status_code, problem(answer).status) == (status, status)


async def test_a_database_that_is_away_is_503_and_not_ready(tmp_path: Any) -> None:
    from mtm_shared.web import create_service
    from web_app import failing, settings_for

    app = create_service(
        "eligibility", settings=settings_for("postgresql://nobody:x@127.0.0.1:9/none"), routers=[failing]
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        stored = await client.post("/v1/failing/store", json={"thing_id": "a", "name": "a", "version": 1})
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert (problem(stored).code, problem(ready).code, alive.status_code) == ("database_unavailable", "not_ready", 200)
