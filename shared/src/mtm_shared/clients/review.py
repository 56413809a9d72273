"""What the other services ask the review service."""

from collections.abc import AsyncIterator
from datetime import date

from mtm_shared.clients.base import ServiceClient, segment
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.recommendations import Recommendation, RecommendationList
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.contracts.review import (
    Review,
    ReviewKind,
    ReviewRequest,
    ReviewStatus,
    ReviewSummary,
    Screening,
    ScreeningRequest,
)


class ReviewClient(ServiceClient):
    """Reviews, read and opened; screenings of given medications."""

    async def review(self, review_id: str) -> Review:
        """A review with its medications, findings and to-do items."""
        return await self.get(f"/v1/reviews/{segment(review_id)}", Review)

    def reviews(
        self,
        *,
        member_id: str | None = None,
        kind: ReviewKind | None = None,
        status: ReviewStatus | None = None,
        due: date | None = None,
    ) -> AsyncIterator[ReviewSummary]:
        """Reviews that fit every given filter."""
        query = {"member_id": member_id, "kind": kind, "status": status, "due": due}
        return self.pages("/v1/reviews", Page[ReviewSummary], query)

    async def open_review(self, request: ReviewRequest, *, idempotency_key: str | None = None) -> Review:
        """Open a review of a member as of a day."""
        return await self.post("/v1/reviews", request, Review, idempotency_key=idempotency_key)

    async def screen(self, request: ScreeningRequest) -> Screening:
        """Screen the given medications; stores nothing."""
        return await self.post("/v1/screenings", request, Screening)

    async def recommendations(self, review_id: str) -> list[Recommendation]:
        """The recommendations of a review, oldest first."""
        return (await self.get(f"/v1/reviews/{segment(review_id)}/recommendations", RecommendationList)).root

    async def activity_page(
        self,
        *,
        plan_year: int,
        contract_id: str | None = None,
        program_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[EnrollmentActivity]:
        """One page of what was done in a plan year, for a caller that pages itself."""
        query = {"plan_year": plan_year, "contract_id": contract_id, "program_id": program_id}
        return await self.get("/v1/activity", Page[EnrollmentActivity], query | {"cursor": cursor, "limit": limit})

    def activity(
        self, *, plan_year: int, contract_id: str | None = None, program_id: str | None = None
    ) -> AsyncIterator[EnrollmentActivity]:
        """What was done in a plan year, by enrolment id; enrolments of which nothing was done are not there."""
        query = {"plan_year": plan_year, "contract_id": contract_id, "program_id": program_id}
        return self.pages("/v1/activity", Page[EnrollmentActivity], query)
