"""What became of documents on their way, and what is owed by when: early, on the day and late."""

from typing import Any

import httpx
import pytest
from printing import ordered, worked_off
from whole_job import Services, enrolled, ok, reviewed

MAILED = {"channel": "mail", "sent_on": "2026-07-10", "status": "sent"}


async def summary(services: Services) -> dict[str, Any]:
    """A member's summary, dated the day after the consultation of 1 July."""
    await enrolled(services.eligibility)
    review = await reviewed(services.review)
    request = {"kind": "cmr_summary", "language": "en", "review_id": review["review_id"], "dated": "2026-07-02"}
    made: dict[str, Any] = ok(await services.documents.post("/v1/documents", json=request))
    return made


async def delivery(documents: httpx.AsyncClient, document_id: str, **changes: Any) -> httpx.Response:
    return await documents.post(f"/v1/documents/{document_id}/delivery", json=MAILED | changes)


async def owed(documents: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    """The deadlines of every page."""
    found: list[dict[str, Any]] = []
    while True:
        page = ok(await documents.get("/v1/deadlines", params=asked))
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        asked["cursor"] = page["next_cursor"]


async def test_a_summary_is_owed_fourteen_days_after_the_consultation(services: Services) -> None:
    made = await summary(services)
    assert made["due_on"] == "2026-07-15"
    late = {day: ok(await services.documents.get("/v1/documents", params={"due": day}))["items"] for day in
            ("2026-07-14", "2026-07-15", "2026-07-16")}  # fmt: skip
    assert [len(items) for items in late.values()] == [0, 1, 1]
    ok(await delivery(services.documents, made["document_id"]))
    assert ok(await services.documents.get("/v1/documents", params={"due": "2026-07-16"}))["items"] == []


@pytest.mark.parametrize(
    ("as_of", "sent_on", "state"),
    [
        ("2026-07-15", None, "due_soon"),
        ("2026-07-16", None, "overdue"),
        ("2026-07-20", "2026-07-14", "met"),
        ("2026-07-20", "2026-07-15", "met"),
        ("2026-07-20", "2026-07-16", "met_late"),
        ("2026-07-16", "2026-07-17", "overdue"),
    ],
)
async def test_a_summary_is_in_time_up_to_its_day(quick: Services, as_of: str, sent_on: str | None, state: str) -> None:
    made = await summary(quick)
    if sent_on is not None:
        ok(await delivery(quick.documents, made["document_id"], sent_on=sent_on))
    (told,) = await owed(quick.documents, kind="cmr_summary", as_of=as_of, state=state)
    assert (told["due_on"], told["opened_on"], told["met_on"]) == (
        "2026-07-15",
        "2026-07-01",
        sent_on if state.startswith("met") else None,
    )


async def test_a_summary_that_nobody_wrote_is_owed_all_the_same(quick: Services) -> None:
    await enrolled(quick.eligibility)
    await reviewed(quick.review)
    assert [one["state"] for one in await owed(quick.documents, kind="cmr_summary", as_of="2026-07-20")] == ["overdue"]


@pytest.mark.parametrize(("as_of", "state"), [("2026-07-09", "open"), ("2026-07-10", "met"), ("2026-12-31", "met")])
async def test_a_summary_tells_of_safe_disposal_for_the_year(services: Services, as_of: str, state: str) -> None:
    made = await summary(services)
    ok(await delivery(services.documents, made["document_id"]))
    (told,) = await owed(services.documents, kind="safe_disposal", as_of=as_of, state=state)
    assert told["due_on"] == "2026-12-31"


@pytest.mark.parametrize(("as_of", "state"), [("2026-12-31", "due_soon"), ("2027-01-01", "overdue")])
async def test_safe_disposal_is_owed_by_the_end_of_the_year(quick: Services, as_of: str, state: str) -> None:
    await enrolled(quick.eligibility)
    assert [one["state"] for one in await owed(quick.documents, as_of=as_of)] == [state]


async def test_a_history_is_kept_and_what_came_back_is_owed_again(quick: Services) -> None:
    made = await summary(quick)
    ok(await delivery(quick.documents, made["document_id"], tracking="9400"))
    ok(await delivery(quick.documents, made["document_id"], status="returned", sent_on="2026-07-12"))
    found = ok(await quick.documents.get(f"/v1/documents/{made['document_id']}"))
    assert [one["status"] for one in found["deliveries"]] == ["sent", "returned"]
    assert found["sent_on"] is None


async def test_what_failed_was_not_sent(quick: Services) -> None:
    made = await summary(quick)
    ok(await delivery(quick.documents, made["document_id"], status="failed"))
    assert ok(await quick.documents.get(f"/v1/documents/{made['document_id']}"))["sent_on"] is None
    assert len(await owed(quick.documents, kind="cmr_summary", as_of="2026-07-20")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "email"}, "consent_needed"),
        ({"channel": "portal"}, "consent_needed"),
        ({"sent_on": "2026-07-01"}, "sent_before_made"),
        ({"sent_on": "2199-01-01"}, "sent_in_future"),
        ({"status": "lost"}, "invalid_request"),
    ],
)
async def test_a_delivery_that_cannot_be_is_refused(quick: Services, changes: dict[str, Any], code: str) -> None:
    made = await summary(quick)
    answer = await delivery(quick.documents, made["document_id"], **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_with_consent_a_summary_goes_by_email(quick: Services) -> None:
    made = await summary(quick)
    found = ok(await delivery(quick.documents, made["document_id"], channel="email", consented=True))
    assert [(one["channel"], one["consented"]) for one in found["deliveries"]] == [("email", True)]


async def test_a_document_that_is_not_there_cannot_be_sent(quick: Services) -> None:
    assert (await delivery(quick.documents, "nothing")).json()["code"] == "document_not_found"


async def test_a_run_is_marked_as_sent_once_however_often_it_is_told(services: Services) -> None:
    found = await enrolled(services.eligibility)
    run = await ordered(services.documents, found["enrollment_id"], "nobody", dated="2026-07-02")
    path = f"/v1/print-runs/{run['print_run_id']}/delivery"
    early = await services.documents.post(path, json=MAILED)
    assert (early.status_code, early.json()["code"]) == (409, "run_not_ended")
    await worked_off(services)
    first, again = [ok(await services.documents.post(path, json=MAILED)) for _ in range(2)]
    assert first == {"documents": 1, "marked": 1}
    assert again == {"documents": 1, "marked": 0}
    kept = ok(await services.documents.get("/v1/documents", params={"enrollment_id": found["enrollment_id"]}))["items"]
    assert [len(document["deliveries"]) for document in kept] == [1]


@pytest.mark.parametrize("as_of", ["1900-01-01", "1999-12-31", "2000-01-01", "2199-12-31"])
async def test_on_a_day_without_a_programme_nothing_is_owed(quick: Services, as_of: str) -> None:
    assert await owed(quick.documents, as_of=as_of) == []
