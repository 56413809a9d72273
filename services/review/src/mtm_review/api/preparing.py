"""Behind the scenes of a review: reading the profile again, what to ask, and entries made by mistake."""

from typing import Annotated

from fastapi import Path
from mtm_shared.contracts import preparation as wire
from mtm_shared.contracts import review as review_wire
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import KeptReviews, Ongoing, ProfileSource, Reader, ReviewId
from mtm_review.domain.preparation import prepared
from mtm_review.usecases.refreshing import refresh
from mtm_review.usecases.removing import remove_medication

router = Router(prefix="/v1", tags=["reviews"])
MedicationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
_FAILURES = problem_responses(404, s409="The review is completed, or was changed at the same moment.")


@router.post("/reviews/{review_id}/refresh", responses=_FAILURES, summary="Read the member's profile again")
async def refresh_review(body: wire.RefreshRequest, work: Ongoing, profiles: ProfileSource) -> review_wire.Review:
    """Claims and diagnoses as of the day, screened again; decisions, answers and what was reported stay."""
    return work.answer(
        await refresh(
            work.review_id, body.as_of, body.author, profiles, work.reviews, work.known, work.unchanged, work.now
        )
    )


@router.get(
    "/reviews/{review_id}/preparation", responses=problem_responses(404), summary="What to ask in the consultation"
)
async def read_preparation(review_id: ReviewId, reviews: KeptReviews, _: Reader) -> wire.Preparation:
    """Unknown directions and reasons, conditions to confirm, findings without a decision by rank, gaps in the list."""
    review = await reviews.get(review_id)
    sheet = prepared(review)
    return wire.Preparation.model_validate(
        {
            "review_id": review.review_id,
            "kind": review.kind.value,
            "as_of": review.as_of,
            "language": review.language,
            "medications": len(review.medications),
            "medication_questions": list(sheet.medication_questions),
            "condition_questions": list(sheet.condition_questions),
            "findings": list(sheet.findings),
            "not_asked_yet": list(sheet.not_asked_yet),
            "not_checked": list(review.not_checked),
        },
        from_attributes=True,
    )


@router.post(
    "/reviews/{review_id}/medications/{medication_id}/remove",
    responses=problem_responses(404, s409="The review is completed, or claims tell of the medication."),
    summary="Take back an entry made by mistake",
)
async def remove_entry(medication_id: MedicationId, body: wire.RemovalRequest, work: Ongoing) -> review_wire.Review:
    """Off the list and screened again. A medication that was filled stays: reconcile it as stopped."""
    return work.answer(
        await remove_medication(
            work.review_id, medication_id, body.reason, body.author, work.reviews, work.known, work.unchanged, work.now
        )
    )
