"""Recommendations, what came of them, what later claims say, and what has to be followed up."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.recommendations import (
    Audience,
    FollowUp,
    FollowUpDone,
    FollowUpRequest,
    OutcomeName,
    OutcomeRequest,
    ProblemDashboard,
    Recommendation,
    RecommendationRequest,
    ReplyRequest,
    ReplyTaken,
    ResolutionRunRequest,
    ResolutionRunStatus,
    ResolutionState,
)
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import KeptReviews, Now, Reader, ReviewId, Writer
from mtm_review.storage import recommendations as store
from mtm_review.usecases import recommendations as use
from mtm_review.usecases import resolutions

router = Router(prefix="/v1", tags=["recommendations"])
_Id = Annotated[Identifier | None, Query()]
RecommendationId = Annotated[Identifier, Path(description="The recommendation's id.")]
FollowUpId = Annotated[Identifier, Path(description="The follow-up's id.")]


@router.post(
    "/reviews/{review_id}/recommendations",
    status_code=201,
    response_model=Recommendation,
    responses=problem_responses(404),
    summary="Recommend something to a prescriber or the member",
)
async def create_recommendation(
    request: Request,
    review_id: ReviewId,
    body: RecommendationRequest,
    session: Transaction,
    now: Now,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """One recommendation with what would show later that it was followed; also after the review is complete."""

    async def create() -> Recommendation:
        return await use.recommend(session, review_id, body, now)

    def location(made: Recommendation) -> dict[str, str]:
        return {"Location": f"/v1/recommendations/{made.recommendation_id}"}

    return await idempotent(request, session, body, create, headers=location)


@router.get("/reviews/{review_id}/recommendations", responses=problem_responses(404), summary="Of one review")
async def list_review_recommendations(
    review_id: ReviewId, session: Transaction, reviews: KeptReviews, _: Reader
) -> list[Recommendation]:
    """The recommendations of a review, oldest first."""
    await reviews.get(review_id)
    return [use.shown(row) for row in await store.of_review(session, review_id)]


@router.post(
    "/reviews/{review_id}/recommendations/{recommendation_id}/outcome",
    responses=problem_responses(404),
    summary="Say what came of a recommendation",
)
async def record_recommendation_outcome(
    review_id: ReviewId,
    recommendation_id: RecommendationId,
    body: OutcomeRequest,
    session: Transaction,
    now: Now,
    _: Writer,
) -> Recommendation:
    """Kept beside earlier outcomes; the last one counts."""
    return await use.record_outcome(session, review_id, recommendation_id, body, now)


@router.get("/recommendations", summary="List recommendations")
async def list_recommendations(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    outcome: Annotated[OutcomeName | None, Query()] = None,
    resolution: Annotated[ResolutionState | None, Query()] = None,
    to: Annotated[Audience | None, Query()] = None,
    sent_by: Annotated[Day | None, Query(description="Sent on or before this day.")] = None,
    prescriber_npi: Annotated[str | None, Query(pattern=r"^\d{10}$")] = None,
    program_id: _Id = None,
    member_id: _Id = None,
) -> Page[Recommendation]:
    """A worklist: recommendations that fit every given filter."""
    wanted: dict[str, Any] = {"outcome": outcome, "resolution_state": resolution, "to": to, "member_id": member_id}
    wanted |= {"prescriber_npi": prescriber_npi, "program_id": program_id}
    after = paging.after(str)
    found = await store.page(session, wanted, sent_by, str(after[0]) if after else None, paging.limit + 1)
    rows, cursor = page_of(found, paging.limit, lambda row: (str(row["recommendation_id"]),))
    return Page[Recommendation](items=[use.shown(row) for row in rows], next_cursor=cursor)


@router.get("/recommendations/{recommendation_id}", responses=problem_responses(404), summary="Read a recommendation")
async def read_recommendation(recommendation_id: RecommendationId, session: Transaction, _: Reader) -> Recommendation:
    """The recommendation with its outcomes and what later claims say."""
    return await use.read(session, recommendation_id)


@router.post("/recommendation-replies", responses=problem_responses(404), summary="Take a prescriber's answer")
async def take_recommendation_reply(body: ReplyRequest, session: Transaction, now: Now, _: Writer) -> ReplyTaken:
    """By the token on the report; the answer tells nothing of the member."""
    told = OutcomeRequest(outcome=body.answer, on=body.on or now.date(), by="prescriber", author="reply by token")
    return ReplyTaken(outcome=(await use.take_reply(session, body.token, told, now)).outcome)


@router.get("/drug-therapy-problems", summary="Drug therapy problems of a plan year, by category")
async def read_problem_dashboard(
    session: Transaction,
    _: Reader,
    plan_year: Annotated[int, Query(ge=2000, le=2199)],
    program_id: _Id = None,
) -> ProblemDashboard:
    """Recommendations to prescribers, their outcomes, and how many were resolved."""
    return await use.dashboard(session, plan_year, program_id)


@router.post(
    "/reviews/{review_id}/follow-ups",
    status_code=201,
    response_model=FollowUp,
    responses=problem_responses(404),
    summary="Note something to do by a day",
)
async def create_follow_up(
    request: Request,
    review_id: ReviewId,
    body: FollowUpRequest,
    session: Transaction,
    reviews: KeptReviews,
    now: Now,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """A call, a look at results or claims, or material to send."""

    async def create() -> FollowUp:
        if body.recommendation_id is not None:
            await use.read(session, body.recommendation_id)
        return FollowUp(**await use.add_follow_up(session, await reviews.get(review_id), body, now))

    return await idempotent(request, session, body, create)


@router.post(
    "/reviews/{review_id}/follow-ups/{follow_up_id}/done", responses=problem_responses(404, 409), summary="It was done"
)
async def finish_follow_up(
    review_id: ReviewId, follow_up_id: FollowUpId, body: FollowUpDone, session: Transaction, _: Writer
) -> FollowUp:
    """The follow-up with its result."""
    return FollowUp(**await use.finish_follow_up(session, review_id, follow_up_id, body))


@router.get("/follow-ups", summary="What has to be followed up")
async def list_follow_ups(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    due: Annotated[Day | None, Query(description="Due on or before this day.")] = None,
    state: Annotated[str | None, Query(pattern="^(open|done)$")] = "open",
    program_id: _Id = None,
    member_id: _Id = None,
    review_id: _Id = None,
) -> Page[FollowUp]:
    """A worklist; without a state, what is open."""
    wanted = {"state": state, "program_id": program_id, "member_id": member_id, "review_id": review_id}
    after = paging.after(str)
    found = await store.follow_ups_page(session, wanted, due, str(after[0]) if after else None, paging.limit + 1)
    rows, cursor = page_of(found, paging.limit, lambda row: (str(row["follow_up_id"]),))
    return Page[FollowUp](items=[FollowUp(**row) for row in rows], next_cursor=cursor)


@router.post(
    "/resolution-runs", status_code=202, response_model=ResolutionRunStatus, summary="Judge everyone's recommendations"
)
async def create_resolution_run(
    request: Request, body: ResolutionRunRequest, session: Transaction, now: Now, _: Writer, key: IdempotencyKey = None
) -> Response:
    """Queued for the worker; every opened review judges its member's recommendations by itself."""

    async def create() -> ResolutionRunStatus:
        return _run(await resolutions.order_run(session, body, now))

    def location(made: ResolutionRunStatus) -> dict[str, str]:
        return {"Location": f"/v1/resolution-runs/{made.run_id}"}

    return await idempotent(request, session, body, create, status=202, headers=location)


@router.get("/resolution-runs/{run_id}", responses=problem_responses(404), summary="How far is the run?")
async def read_resolution_run(
    run_id: Annotated[Identifier, Path()], session: Transaction, _: Reader
) -> ResolutionRunStatus:
    """State and counts."""
    return _run(await resolutions.read_run(session, run_id))


def _run(row: Any) -> ResolutionRunStatus:
    told = {name: row[name] for name in ResolutionRunStatus.model_fields if name != "recommendations"}
    return ResolutionRunStatus(**told, recommendations=row["counts"])
