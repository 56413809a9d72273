"""The typed review client against the real review service: what documents rely on."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from mtm_shared.clients.connect import token_provider
from mtm_shared.clients.errors import NotFound, Refused, Unavailable
from mtm_shared.clients.review import ReviewClient
from mtm_shared.contracts.review import MedicationIn, PersonIn, ReviewRequest, ScreeningRequest
from mtm_shared.storage.migrate import migrate
from reviewing import MEMBERS, review_service, settings, telling

AS_OF = date(2026, 6, 30)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[ReviewClient]:
    """The typed client over the review service on SQLite."""
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)
    async with review_service(url, telling(*MEMBERS)) as running:
        transport = httpx.ASGITransport(running.app)  # type: ignore[attr-defined]
        async with ReviewClient("http://review.test", token_provider(settings()), transport=transport) as client:
            yield client


async def test_an_opened_review_is_read_back_whole(client: ReviewClient) -> None:
    made = await client.open_review(ReviewRequest(member_id="A1", kind="cmr", as_of=AS_OF))
    assert await client.review(made.review_id) == made
    assert made.medications
    assert made.findings


async def test_an_idempotency_key_opens_one_review(client: ReviewClient) -> None:
    request = ReviewRequest(member_id="A1", kind="cmr", as_of=AS_OF)
    first = await client.open_review(request, idempotency_key="a1")
    assert (await client.open_review(request, idempotency_key="a1")).review_id == first.review_id


async def test_lists_are_walked_over_every_page(client: ReviewClient) -> None:
    for member_id in ("A1", "B2", "B2"):
        await client.open_review(ReviewRequest(member_id=member_id, kind="tmr", as_of=AS_OF))
    listed = [line.member_id async for line in client.reviews(member_id="B2", kind="tmr", status="in_progress")]
    assert listed == ["B2", "B2"]


async def test_a_screening_is_answered(client: ReviewClient) -> None:
    request = ScreeningRequest(
        as_of=AS_OF,
        member=PersonIn(birth_date=date(1950, 3, 1)),
        medications=[MedicationIn(name="naproxen 500 mg"), MedicationIn(name="meloxicam 15 mg")],
    )
    assert [finding.screen for finding in (await client.screen(request)).findings] == ["duplicate_therapy"]


async def test_a_review_that_is_not_there_is_not_found(client: ReviewClient) -> None:
    with pytest.raises(NotFound):
        await client.review("rev_nothing")


async def test_a_member_whom_nobody_knows_is_not_found(client: ReviewClient) -> None:
    with pytest.raises(NotFound) as refused:
        await client.open_review(ReviewRequest(member_id="nobody", kind="cmr", as_of=AS_OF))
    assert refused.value.problem is not None
    assert refused.value.problem.code == "member_not_found"


async def test_a_request_that_makes_no_sense_is_refused(client: ReviewClient) -> None:
    with pytest.raises(Refused) as refused:
        await client.open_review(ReviewRequest(member_id="A1", kind="cmr", as_of=date(2150, 1, 1)))
    assert (refused.value.status, refused.value.problem and refused.value.problem.code) == (422, "as_of_too_far_ahead")


async def test_without_eligibility_a_review_is_unavailable_and_says_when_to_come_back(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/alone.db"
    migrate("review", url)

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with review_service(url, httpx.MockTransport(away)) as running:
        answer = await running.post("/v1/reviews", json={"member_id": "A1", "kind": "cmr", "as_of": "2026-06-30"})
        assert (answer.status_code, answer.json()["code"]) == (503, "eligibility_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        transport = httpx.ASGITransport(running.app)  # type: ignore[attr-defined]
        async with ReviewClient("http://review.test", token_provider(settings()), transport=transport) as client:
            with pytest.raises(Unavailable):
                await client.open_review(ReviewRequest(member_id="A1", kind="cmr", as_of=AS_OF))
