"""Documents from what eligibility and review hold: real services, real bytes."""

import hashlib
import io

import pikepdf
import pytest
from mtm_shared.clients.errors import NotAllowed, Refused, Unavailable
from whole_job import Services, enrolled, ok, reviewed


async def letter(services: Services, language: str = "es") -> dict[str, object]:
    found = await enrolled(services.eligibility)
    request = {"kind": "enrollment_letter", "language": language, "enrollment_id": found["enrollment_id"]}
    return dict(ok(await services.documents.post("/v1/documents", json=request)))


async def test_a_letter_is_kept_with_its_exact_bytes(services: Services) -> None:
    made = await letter(services)
    content = await services.documents.get(str(made["content_url"]))
    assert content.headers["content-type"] == "application/pdf"
    assert hashlib.sha256(content.content).hexdigest() == made["sha256"]


async def test_the_letter_says_in_the_members_language_how_the_member_qualified(services: Services) -> None:
    made = await letter(services)
    page = (await services.documents.get(str(made["content_url"]), headers={"Accept": "text/html"})).text
    assert '<html lang="es' in page
    assert "María Elena Fictional" in page
    assert "1,276" in page, "the programme's threshold, not the member's cost"
    assert "360" not in page


async def test_a_summary_shows_every_active_medication_with_directions(services: Services) -> None:
    await enrolled(services.eligibility)
    review = await reviewed(services.review)
    request = {"kind": "cmr_summary", "language": "en", "review_id": review["review_id"]}
    made = ok(await services.documents.post("/v1/documents", json=request))
    page = (await services.documents.get(made["content_url"], headers={"Accept": "text/html"})).text
    assert [name for item in review["medications"] if (name := item["name"]) not in page] == []
    assert [item["topic"] for item in review["todo_items"] if item["topic"] not in page] == []


async def test_a_summary_is_tagged_and_in_its_language(quick: Services) -> None:
    await enrolled(quick.eligibility)
    review = await reviewed(quick.review)
    request = {"kind": "cmr_summary", "language": "es", "review_id": review["review_id"]}
    made = ok(await quick.documents.post("/v1/documents", json=request))
    content = (await quick.documents.get(made["content_url"])).content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang).startswith("es")
        assert "/StructTreeRoot" in pdf.Root
        assert len(pdf.pages) == made["pages"]


async def test_no_summary_before_the_review_is_complete(quick: Services) -> None:
    await enrolled(quick.eligibility)
    review = await reviewed(quick.review, complete=False)
    request = {"kind": "cmr_summary", "language": "en", "review_id": review["review_id"]}
    answer = await quick.documents.post("/v1/documents", json=request)
    assert (answer.status_code, answer.json()["code"]) == (409, "review_not_complete")


async def test_an_idempotency_key_makes_one_document(services: Services) -> None:
    found = await enrolled(services.eligibility)
    request = {"kind": "enrollment_letter", "language": "en", "enrollment_id": found["enrollment_id"]}
    key = {"Idempotency-Key": "letter-1"}
    first, second = [ok(await services.documents.post("/v1/documents", json=request, headers=key)) for _ in range(2)]
    assert first == second
    listed = ok(await services.documents.get("/v1/documents", params={"member_id": "M-1"}))
    assert [item["document_id"] for item in listed["items"]] == [first["document_id"]]


@pytest.mark.parametrize(
    ("subject", "status", "code"),
    [
        ({"kind": "enrollment_letter", "enrollment_id": "nobody"}, 404, "subject_not_found"),
        ({"kind": "cmr_summary", "review_id": "nothing"}, 404, "subject_not_found"),
        ({"kind": "cmr_summary", "enrollment_id": "nobody"}, 422, "wrong_subject"),
        ({"kind": "medication_list_blank", "review_id": "nothing"}, 422, "no_subject"),
        (
            {"kind": "enrollment_letter", "enrollment_id": "nobody", "format_edition": "1999"},
            422,
            "edition_not_offered",
        ),
        ({"kind": "enrollment_letter", "enrollment_id": "."}, 404, "subject_not_found"),
        ({"kind": "enrollment_letter", "member_id": "M-1"}, 422, "wrong_subject"),
        ({"kind": "enrollment_letter"}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_made_says_why(quick: Services, subject: dict[str, str], status: int, code: str) -> None:
    answer = await quick.documents.post("/v1/documents", json={"language": "en"} | subject)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_bytes_that_the_caller_holds_are_not_sent_again(services: Services) -> None:
    url = str((await letter(services))["content_url"])
    first = await services.documents.get(url)
    held = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = await services.documents.get(url, headers=held)
    page = await services.documents.get(url, headers=held | {"Accept": "text/html"})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert page.status_code == 200, "another shape is other bytes"


@pytest.mark.parametrize(
    ("refusal", "code"),
    [(NotAllowed(403), "subject_refused"), (Refused(409), "subject_refused"), (Unavailable(7), "unavailable")],
)
async def test_a_service_that_gives_nothing_is_a_passing_failure(
    quick: Services, monkeypatch: pytest.MonkeyPatch, refusal: Exception, code: str
) -> None:
    async def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(quick.documents._transport.app.state.eligibility, "letter_facts", refuse)  # type: ignore[attr-defined]
    request = {"kind": "enrollment_letter", "language": "en", "enrollment_id": "one"}
    answer = await quick.documents.post("/v1/documents", json=request)
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert int(answer.headers["retry-after"]) > 0


async def test_take_back_sites_come_from_the_loaded_table(services: Services) -> None:
    made = await letter(services)
    assert "too_few_take_back_sites" in [gap["code"] for gap in made["gaps"]]  # type: ignore[attr-defined]
