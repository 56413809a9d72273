"""Creating once, reading page by page, changing only what was read."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_shared.web import ApiProblem, Surroundings, decode_cursor, encode_cursor
from mtm_shared.web.retention import forget_old_answers
from web_app import make_app, served, settings_for

INT64 = st.integers(-(2**63) + 1, 2**63 - 1)


async def create(client: httpx.AsyncClient, thing_id: str, key: str | None = None, **more: object) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/v1/things", json={"thing_id": thing_id, **more}, headers=headers)


async def test_the_same_key_and_body_get_the_first_answer_again(client_on_both: httpx.AsyncClient) -> None:
    first, again = [await create(client_on_both, "a", "k") for _ in range(2)]
    assert (again.status_code, again.content, again.headers["location"]) == (201, first.content, "/v1/things/a")


async def test_spelling_a_body_otherwise_is_the_same_body(client: httpx.AsyncClient) -> None:
    await create(client, "a", "k", name="")
    assert (await create(client, "a", "k")).status_code == 201


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    await create(client, "a", "k")
    refused = await create(client, "b", "k")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


async def test_requests_at_the_same_time_create_once(client_on_both: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(create(client_on_both, "a", "k") for _ in range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}


async def test_a_request_that_failed_leaves_its_key_free(client: httpx.AsyncClient) -> None:
    await create(client, "a")
    assert (await create(client, "a", "k")).status_code == 409
    assert (await create(client, "b", "k")).status_code == 201


async def test_first_answers_are_forgotten_after_a_week(tmp_path: Path) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    app = make_app(settings_for(f"sqlite:///{tmp_path}/x.db"), Surroundings(clock=lambda: now[0]))
    async with served(app) as client:
        await create(client, "a", "old")
        now[0] += timedelta(days=6)
        await create(client, "b", "new")
        now[0] += timedelta(days=2)
        await forget_old_answers(app)
        again = [(await create(client, thing_id, key)).status_code for thing_id, key in (("a", "old"), ("b", "new"))]
    assert again == [409, 201]


@pytest.mark.parametrize("key", ["", "a b", "ñ", "x" * 256])
async def test_a_strange_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode())]
    answer = await client.post("/v1/things", json={"thing_id": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/header/Idempotency-Key")


async def test_pages_hold_everything_once(client: httpx.AsyncClient) -> None:
    for number in range(7):
        await create(client, f"t{number}")
    seen, cursor = [], None
    while True:
        page = (await client.get("/v1/things", params={"limit": 3, **({"cursor": cursor} if cursor else {})})).json()
        seen.append([item["thing_id"] for item in page["items"]])
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [["t0", "t1", "t2"], ["t3", "t4", "t5"], ["t6"]]


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40), INT64)
def test_a_cursor_comes_back_as_it_went(text: str, number: int) -> None:
    assert decode_cursor(encode_cursor(text, number), (str, int)) == (text, number)


@given(st.text(max_size=60))
def test_any_other_text_is_an_invalid_cursor(text: str) -> None:
    with pytest.raises(ApiProblem) as refusal:
        decode_cursor(text, (str, int))
    assert (refusal.value.status, refusal.value.code) == (422, "invalid_cursor")


@pytest.mark.parametrize("key", [(1, "a"), ("a", True), ("a",), ("a\x00", 1), ("a", 2**63), ("a", 1.0), ("a", None)])
def test_a_cursor_for_another_list_is_invalid(key: tuple[int, ...]) -> None:
    with pytest.raises(ApiProblem):
        decode_cursor(encode_cursor(*key), (str, int))


async def test_a_change_with_the_current_etag_is_made_and_the_old_one_is_stale(client: httpx.AsyncClient) -> None:
    await create(client, "a")
    read = (await client.get("/v1/things/a")).headers["etag"]
    change = {"json": {"thing_id": "a", "name": "b"}, "headers": {"If-Match": read}}
    first = await client.put("/v1/things/a/name", **change)  # type: ignore[arg-type]
    second = await client.put("/v1/things/a/name", **change)  # type: ignore[arg-type]
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "stale_etag")


@pytest.mark.parametrize(("tag", "status"), [("*", 200), ('W/"x"', 412), ('"', 412), ("\xff", 412), (", ,", 412)])
async def test_strange_etags_match_nothing(client: httpx.AsyncClient, tag: str, status: int) -> None:
    await create(client, "a")
    headers = [(b"If-Match", tag.encode("latin-1"))]
    answer = await client.put("/v1/things/a/name", json={"thing_id": "a"}, headers=headers)
    assert answer.status_code == status
