"""The offer of a review is for those who can still take it; the blank list is for anyone, and caches may keep it."""

from typing import Any

import httpx
import pytest
from whole_job import Services, enrolled, ok

BLANK = "/v1/medication-list-blank"


async def offered(services: Services, enrollment_id: str, **more: str) -> httpx.Response:
    request = {"kind": "cmr_offer_letter", "language": "en", "enrollment_id": enrollment_id} | more
    return await services.documents.post("/v1/documents", json=request)


async def page_of(services: Services, made: dict[str, Any]) -> str:
    return (await services.documents.get(made["content_url"], headers={"Accept": "text/html"})).text


async def enrollment_of(services: Services) -> dict[str, Any]:
    found = await enrolled(services.eligibility)
    return dict(ok(await services.eligibility.get(f"/v1/enrollments/{found['enrollment_id']}")))


async def opt_out(services: Services, enrollment: dict[str, Any], scope: str) -> None:
    path = f"/v1/enrollments/{enrollment['enrollment_id']}"
    tag = (await services.eligibility.get(path)).headers.get("etag")
    body = {"reason": "03", "on": "2026-07-02", "scope": scope}
    ok(await services.eligibility.post(f"{path}/opt-out", json=body, headers={"If-Match": tag} if tag else {}))


async def test_an_offer_names_its_day_how_long_it_takes_and_every_way_to_meet(services: Services) -> None:
    enrollment = await enrollment_of(services)
    assert enrollment["cmr_offer_due"] == "2026-08-29"
    page = await page_of(services, ok(await offered(services, enrollment["enrollment_id"], dated="2026-07-01")))
    assert "Please set up your review by August 29, 2026." in page
    assert "about 30 minutes, by phone, in person or by video call" in page
    assert "You still stay in the program." in page


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ("2026-08-28", "August 29, 2026"),
        ("2026-08-29", "December 31, 2026"),
        ("2026-12-31", "December 31, 2026"),
    ],
)
async def test_an_offer_that_comes_late_gives_time_until_the_years_end(quick: Services, dated: str, day: str) -> None:
    enrollment = await enrollment_of(quick)
    page = await page_of(quick, ok(await offered(quick, enrollment["enrollment_id"], dated=dated)))
    assert f"set up your review by {day}" in page


async def test_an_offer_after_the_years_end_names_no_day_and_says_so(quick: Services) -> None:
    enrollment = await enrollment_of(quick)
    made = ok(await offered(quick, enrollment["enrollment_id"], dated="2027-01-01"))
    assert "missing_due_date" in [gap["code"] for gap in made["gaps"]]


@pytest.mark.parametrize(("scope", "code"), [("cmr_only", "review_declined"), ("program", "not_enrolled")])
async def test_nobody_is_asked_again(quick: Services, scope: str, code: str) -> None:
    enrollment = await enrollment_of(quick)
    await opt_out(quick, enrollment, scope)
    answer = await offered(quick, enrollment["enrollment_id"])
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_the_enrolment_letter_names_every_way_to_meet_too(quick: Services) -> None:
    enrollment = await enrollment_of(quick)
    request = {"kind": "enrollment_letter", "language": "en", "enrollment_id": enrollment["enrollment_id"]}
    page = await page_of(quick, ok(await quick.documents.post("/v1/documents", json=request)))
    assert "about 30 minutes, by phone, in person or by video call" in page


@pytest.mark.parametrize(
    ("program", "language", "told"),
    [
        ("cms-2026", "en", "Form CMS-10396 (01/22)"),
        ("cms-2026", "es", "Formulario CMS-10396 (01/22)"),
        ("aetna-2021", "en", "Form CMS-10396 (01/12)"),
        ("aetna-2021", "es", "Formulario CMS-10396 (01/12)"),
    ],
)
async def test_a_blank_list_is_the_programmes_in_its_edition(
    quick: Services, program: str, language: str, told: str
) -> None:
    query = {"program_id": program, "language": language}
    page = await quick.documents.get(BLANK, params=query, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert told in page.text
    assert f'<html lang="{language}">' in page.text
    pdf = await quick.documents.get(BLANK, params=query)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


async def test_a_blank_list_may_be_kept_and_is_not_sent_again(quick: Services) -> None:
    query = {"program_id": "aetna-2021", "edition": "2022"}
    first = await quick.documents.get(BLANK, params=query)
    again = await quick.documents.get(BLANK, params=query, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers.get_list("cache-control") == ["public, max-age=3600"]
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_other_answers_may_not_be_kept(quick: Services) -> None:
    assert (await quick.documents.get("/v1/documents")).headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 422, "invalid_request"),
        ({"program_id": "nobody"}, 404, "subject_not_found"),
        ({"program_id": "cms-2026", "language": "fr"}, 422, "invalid_request"),
        ({"program_id": "cms-2026", "edition": "1999"}, 422, "edition_not_offered"),
        ({"program_id": "../x"}, 422, "invalid_request"),
    ],
)
async def test_a_blank_list_that_there_is_not_says_why(
    quick: Services, query: dict[str, str], status: int, code: str
) -> None:
    answer = await quick.documents.get(BLANK, params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_blank_list_needs_a_key(quick: Services) -> None:
    answer = await quick.documents.get(BLANK, params={"program_id": "cms-2026"}, headers={"Authorization": ""})
    assert answer.status_code == 401


async def test_a_blank_list_is_about_nobody(quick: Services) -> None:
    found = await enrollment_of(quick)
    request = {"kind": "medication_list_blank", "language": "en", "enrollment_id": found["enrollment_id"]}
    answer = await quick.documents.post("/v1/documents", json=request)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_subject")
