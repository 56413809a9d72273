"""What nobody should send: refused with a problem, never with a failure of the service."""

from typing import Any

import httpx
import pytest

SCREENING: dict[str, Any] = {"as_of": "2026-06-30", "member": {"birth_date": "1950-03-01"}, "medications": []}
LISTED = {"name": "naproxen"}


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
        {"member": {"birth_date": "0001-01-01"}},
        {"member": {"birth_date": "2026-07-01"}},
        {"medications": [{**LISTED, "start": "9999-12-31"}]},
        {"medications": [{**LISTED, "fills": [{"fill_date": "0001-01-01", "days_supply": 30}]}]},
        {"medications": [{**LISTED, "fills": [{"fill_date": "2026-01-01", "days_supply": 10**30}]}]},
        {"medications": [{**LISTED, "fills": [{"fill_date": "2026-01-01", "days_supply": 30, "quantity": "1e400"}]}]},
        {"medications": [{"name": "x" * 201}]},
        {"medications": [{"name": "nap\x00roxen"}]},
        {"medications": [{}]},
        {"medications": [LISTED] * 501},
        {"conditions": [{"icd10": "I10", "code": "hypertension"}]},
        {"options": {"max_findings": 0}},
        {"unknown_field": 1},
    ],
)
async def test_a_screening_that_makes_no_sense_is_422(quick_client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await quick_client.post("/v1/screenings", json={**SCREENING, **change})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_odd_but_possible_screenings_are_answered(quick_client: httpx.AsyncClient) -> None:
    medications = [
        {"name": "naproxen", "fills": [{"fill_date": "1900-01-01", "days_supply": 999}]},
        {"name": "naproxen", "start": "2199-12-31"},
        {"name": "naproxen", "start": "2026-01-01", "end": "1999-01-01"},
        {"name": "naproxen", "fills": [{"fill_date": "2026-06-01", "days_supply": 0}]},
        {"ndc": "%", "status": "stopped"},
        {"name": "💊"},
    ]
    conditions = [{"snomed": "44054006"}, {"code": "no_such_condition"}, {"icd10": "!"}]
    body = {**SCREENING, "medications": medications, "conditions": conditions}
    for as_of in ("1900-01-01", "2026-06-30", "2199-12-31"):
        member = {"birth_date": "1900-01-01"}
        answer = await quick_client.post("/v1/screenings", json={**body, "as_of": as_of, "member": member})
        assert answer.status_code == 200, answer.text
        assert answer.json()["coverage"]["medications"] == 6


@pytest.mark.parametrize(
    "path",
    [
        "/v1/reviews/%00",
        "/v1/reviews/a%20b",
        "/v1/reviews?member_id=%00",
        "/v1/reviews?limit=0",
        "/v1/reviews?cursor=AAAA",
        "/v1/reviews?status=lost",
        "/v1/knowledge/rules/%F0%9F%92%8A",
    ],
)
async def test_addresses_that_make_no_sense_are_422(quick_client: httpx.AsyncClient, path: str) -> None:
    answer = await quick_client.get(path)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"member_id": "A1", "kind": "cmr", "as_of": "9999-12-31"}, "/as_of"),
        ({"member_id": "A1", "kind": "cmr", "as_of": "2027-12-31"}, "/as_of"),
        ({"member_id": "A1\x00", "kind": "cmr", "as_of": "2026-06-30"}, None),
        ({"member_id": "A 1", "kind": "cmr", "as_of": "2026-06-30"}, "/member_id"),
        ({"member_id": "A1", "kind": "xmr", "as_of": "2026-06-30"}, "/kind"),
    ],
)
async def test_a_review_that_makes_no_sense_is_422(
    quick_client: httpx.AsyncClient, body: dict[str, Any], pointer: str | None
) -> None:
    answer = await quick_client.post("/v1/reviews", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    "medication",
    [
        {"medication_id": "m1", "name": "naproxen"},
        {"directions": "daily"},
        {"medication_id": "m99", "notes": "x"},
        {"name": "naproxen", "start": "0001-01-01"},
        {"name": "naproxen", "notes": "a\x00b"},
    ],
)
async def test_a_reconciliation_that_makes_no_sense_is_422(
    quick_client: httpx.AsyncClient, medication: dict[str, Any]
) -> None:
    made = await quick_client.post("/v1/reviews", json={"member_id": "B2", "kind": "tmr", "as_of": "2026-06-30"})
    path = f"/v1/reviews/{made.json()['review_id']}/medications"
    answer = await quick_client.post(path, json={"author": "pat", "medications": [medication]})
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "item",
    [{"topic": " ", "actions": ["Call."]}, {"topic": "Pain", "actions": ["\u2003"]}, {"topic": "", "actions": [""]}],
)
async def test_a_to_do_item_that_would_print_nothing_is_422(
    quick_client: httpx.AsyncClient, item: dict[str, Any]
) -> None:
    made = await quick_client.post("/v1/reviews", json={"member_id": "B2", "kind": "tmr", "as_of": "2026-06-30"})
    path = f"/v1/reviews/{made.json()['review_id']}/complete"
    answer = await quick_client.post(path, json={"author": "pat", "todo_items": [item]})
    assert answer.status_code == 422, answer.text


async def test_without_a_token_nothing_is_told(quick_client: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/v1/reviews"), ("POST", "/v1/screenings"), ("POST", "/v1/review-runs")):
        answer = await quick_client.request(method, path, headers={"Authorization": "Bearer nobody"}, json={})
        assert answer.status_code == 401
