"""The table of take-back sites over HTTP: loaded, replaced, read by ZIP code, and named in letters."""

from typing import Any

import httpx
import pytest
from whole_job import Services, enrolled, ok

PATH = "/v1/take-back-sites"
HEADER = "site_id,name,address,zip_code,phone,hours"
WALNUT = "1,Walnut Street Pharmacy,1200 Walnut Street,17101,1-717-555-0142,Open day and night"
POLICE = "2,Police Department,123 Walnut Street,17102,,"
FAR = "3,Pittsburgh Pharmacy,1 Main Street,15201,,"


async def sent(
    services: Services, *lines: str, replace: bool = False, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await services.documents.post(
        f"{PATH}/imports",
        content="\r\n".join(lines).encode(),
        params={"replace": replace},
        headers={"Content-Type": "text/csv; charset=utf-8", **(headers or {})},
    )


async def names(services: Services, **query: Any) -> list[str]:
    return [site["name"] for site in ok(await services.documents.get(PATH, params=query))["items"]]


async def test_every_row_is_used_or_rejected_with_a_code(services: Services) -> None:
    loaded = ok(await sent(services, HEADER, WALNUT, POLICE, "4,,Address,17101,,", "5,Name,Address,1710,,"))
    assert (loaded["rows_in"], loaded["used"], loaded["rejected"]) == (4, 2, 2)
    assert loaded["rejected_by_code"] == {"invalid_zip_code": 1, "missing_field": 1}
    assert loaded["rejects"][0] == {"row": 4, "field": "name", "code": "missing_field"}


async def test_near_a_zip_code_its_own_sites_come_first_and_other_areas_not_at_all(services: Services) -> None:
    ok(await sent(services, HEADER, FAR, WALNUT, POLICE))
    assert await names(services, zip_code="17102-1204") == ["Police Department", "Walnut Street Pharmacy"]
    assert await names(services, zip_code="90210") == []
    assert len(await names(services)) == 3
    near = ok(await services.documents.get(PATH, params={"zip_code": "17102"}))["items"]
    assert [site["in_zip_code"] for site in near] == [True, False]
    assert near[1]["hours"] == "Open day and night"


async def test_sites_are_given_in_pages_without_losing_any(services: Services) -> None:
    ok(await sent(services, HEADER, *(f"s{n:02},Site {n},Address,1710{n % 3},," for n in range(20))))
    query: dict[str, Any] = {"zip_code": "17101", "limit": 3}
    seen: list[str] = []
    while True:
        page = ok(await services.documents.get(PATH, params=query))
        seen += [site["site_id"] for site in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    own = [f"s{n:02}" for n in range(20) if n % 3 == 1]
    assert seen == [*own, *(f"s{n:02}" for n in range(20) if n % 3 != 1)]


async def test_a_file_that_replaces_the_table_removes_what_closed(services: Services) -> None:
    ok(await sent(services, HEADER, WALNUT, POLICE, FAR))
    loaded = ok(await sent(services, HEADER, POLICE, replace=True))
    assert (loaded["used"], loaded["removed"]) == (1, 2)
    assert await names(services) == ["Police Department"]


async def test_without_replace_others_stay(services: Services) -> None:
    ok(await sent(services, HEADER, WALNUT))
    assert ok(await sent(services, HEADER, POLICE))["removed"] == 0
    assert len(await names(services)) == 2


async def test_a_file_without_a_usable_row_does_not_empty_the_table(services: Services) -> None:
    ok(await sent(services, HEADER, WALNUT))
    answer = await sent(services, HEADER, "2,,,,,", replace=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_usable")
    assert await names(services) == ["Walnut Street Pharmacy"]


async def test_a_header_alone_empties_the_table_on_purpose(services: Services) -> None:
    ok(await sent(services, HEADER, WALNUT))
    assert ok(await sent(services, HEADER, replace=True))["removed"] == 1
    assert await names(services) == []


async def test_a_key_loads_once(quick: Services) -> None:
    key = {"Idempotency-Key": "sites-1"}
    first = ok(await sent(quick, HEADER, WALNUT, headers=key))
    ok(await sent(quick, HEADER, POLICE, replace=True))
    assert ok(await sent(quick, HEADER, WALNUT, headers=key)) == first
    assert await names(quick) == ["Police Department"], "the answer was given again, the file not loaded again"
    other = await sent(quick, HEADER, FAR, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "wrong_columns"),
        (b"site_id,name\n1,2\n", "wrong_columns"),
        (f"{HEADER}\n".encode() + b"1,Farmacia Nu\xf1ez,x,17101,,\n", "not_utf8"),
        (f'{HEADER}\n1,"Walnut,x,17101,,\n'.encode(), "not_readable"),
        (b"\xff\xfe\x00", "not_utf8"),
    ],
)
async def test_a_file_that_is_no_site_table_is_refused_whole(quick: Services, content: bytes, code: str) -> None:
    answer = await quick.documents.post(f"{PATH}/imports", content=content, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await names(quick) == []


@pytest.mark.parametrize(
    "row", ["a\x00b,N,A,17101,,", "\x1b[2J,N,A,17101,,", "a\u202eb,N,A,17101,,", "7,N\x00,A,17101,,"]
)
async def test_ids_that_no_cursor_and_text_that_no_database_can_hold_are_rejected(quick: Services, row: str) -> None:
    loaded = ok(await sent(quick, HEADER, row))
    assert (loaded["used"], loaded["rejected_by_code"]) == (0, {"invalid_text": 1})


async def test_lines_end_where_the_file_says_and_not_at_other_marks(quick: Services) -> None:
    assert ok(await sent(quick, HEADER, "1,Walnut\u2028Street,x,17101,,"))["used"] == 1


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
async def test_another_kind_of_body_is_not_taken(quick: Services, kind: str) -> None:
    answer = await quick.documents.post(f"{PATH}/imports", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize("query", [{"zip_code": "1710"}, {"zip_code": "%"}, {"limit": "0"}, {"cursor": "x"}])
async def test_a_question_that_cannot_be_is_refused(quick: Services, query: dict[str, str]) -> None:
    assert (await quick.documents.get(PATH, params=query)).status_code == 422


async def test_both_need_a_key(quick: Services) -> None:
    nobody = {"Authorization": "", "Content-Type": "text/csv"}
    assert (await quick.documents.post(f"{PATH}/imports", content=HEADER.encode(), headers=nobody)).status_code == 401
    assert (await quick.documents.get(PATH, headers=nobody)).status_code == 401


@pytest.mark.parametrize(("sites", "gap"), [((), True), ((WALNUT,), True), ((WALNUT, POLICE), False)])
async def test_the_letter_names_the_tables_sites_and_says_when_there_are_too_few(
    services: Services, sites: tuple[str, ...], gap: bool
) -> None:
    found = await enrolled(services.eligibility)
    ok(await sent(services, HEADER, FAR, *sites))
    request = {"kind": "safe_disposal", "language": "en", "enrollment_id": found["enrollment_id"]}
    made = ok(await services.documents.post("/v1/documents", json=request))
    page = (await services.documents.get(made["content_url"], headers={"Accept": "text/html"})).text
    assert ("too_few_take_back_sites" in [one["code"] for one in made["gaps"]]) is gap
    assert ("ask your pharmacist or go to apps2.deadiversion.usdoj.gov" in page) is gap
    assert ("Open day and night" in page) is bool(sites)
    assert "Pittsburgh" not in page
