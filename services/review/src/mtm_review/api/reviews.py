"""Reviews: opened, read and listed."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from mtm_shared.contracts import review as wire
from mtm_shared.contracts.common import Identifier, Page
from mtm_shared.contracts.member import Profile
from mtm_shared.contracts.regimen import Regimen
from mtm_shared.storage.session import Transaction
from mtm_shared.web.etags import etag
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import (
    KeptReviews,
    Known,
    Now,
    Ongoing,
    ProfileSource,
    Reader,
    ReviewId,
    Writer,
    review_etag,
)
from mtm_review.api.examples import ReviewBody
from mtm_review.api.regimen_shapes import regimen_answer
from mtm_review.api.review_shapes import facts_of, line_answer, review_answer
from mtm_review.domain.review import ReviewKind
from mtm_review.storage.reviews import Wanted
from mtm_review.usecases.listing import taking_of
from mtm_review.usecases.opening import Order, open_review
from mtm_review.usecases.resolutions import judge_member
from mtm_review.usecases.working import annotate_review, record_facts

router = Router(prefix="/v1", tags=["reviews"])


@router.post(
    "/reviews",
    status_code=201,
    response_model=wire.Review,
    responses=problem_responses(409, s404="Eligibility does not know the member."),
    summary="Open a review of a member",
)
async def create_review(
    request: Request,
    body: ReviewBody,
    session: Transaction,
    reviews: KeptReviews,
    profiles: ProfileSource,
    known: Known,
    now: Now,
    writer: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Reads the member's profile from eligibility, screens what was filled and keeps the review.

    Earlier recommendations that are undecided are judged by the same claims.
    """
    order = Order(body.member_id, ReviewKind(body.kind), body.as_of, writer.subject)

    async def seen(profile: Profile) -> object:
        return await judge_member(session, profile, known.vocabulary, body.as_of)

    async def create() -> wire.Review:
        return review_answer(await open_review(order, profiles, reviews, known, now, seen))

    return await idempotent(
        request,
        session,
        body,
        create,
        headers=lambda made: {"Location": f"/v1/reviews/{made.review_id}", "ETag": etag(made.review_id, 1)},
    )


@router.get("/reviews", summary="List reviews, newest first")
async def list_reviews(
    reviews: KeptReviews,
    paging: PageQuery,
    _: Reader,
    member_id: Annotated[Identifier | None, Query()] = None,
    kind: Annotated[wire.ReviewKind | None, Query()] = None,
    status: Annotated[wire.ReviewStatus | None, Query()] = None,
    due: Annotated[date | None, Query(description="In progress and planned for this day or earlier.")] = None,
) -> Page[wire.ReviewSummary]:
    """Reviews that fit every given filter."""
    after = paging.after(str)
    wanted = Wanted(member_id, kind, status, due)
    lines = await reviews.page(wanted, None if after is None else str(after[0]), paging.limit + 1)
    shown, next_cursor = page_of(lines, paging.limit, lambda line: (line.review_id,))
    return Page(items=[line_answer(line) for line in shown], next_cursor=next_cursor)


@router.get("/reviews/{review_id}", responses=problem_responses(404), summary="Read a review")
async def read_review(review_id: ReviewId, reviews: KeptReviews, response: Response, _: Reader) -> wire.Review:
    """The review as it stands, with its entity tag."""
    review = await reviews.get(review_id)
    response.headers["ETag"] = review_etag(review)
    return review_answer(review)


@router.get(
    "/reviews/{review_id}/regimen", responses=problem_responses(404), summary="What is taken, and what changed lately"
)
async def read_regimen(review_id: ReviewId, reviews: KeptReviews, known: Known, _: Reader) -> Regimen:
    """Days on hand and daily doses of each product, starts, stops and switches, and what differs from the claims."""
    return regimen_answer(taking_of(await reviews.get(review_id), known))


@router.patch("/reviews/{review_id}", responses=problem_responses(404, 409), summary="Change notes, plan or facts")
async def update_review(body: wire.ReviewPatch, work: Ongoing) -> wire.Review:
    """Replaces what the body names; null clears notes and the planned day. Allergies and results are screened again."""
    said = body.model_dump(include=body.model_fields_set & {"notes", "scheduled_for"})
    if body.allergies is not None or body.labs is not None:
        allergies, labs = facts_of(body, work.known.vocabulary)
        return work.answer(
            await record_facts(
                work.review_id, body.author, said, allergies, labs, work.reviews, work.known, work.unchanged, work.now
            )
        )
    return work.answer(await annotate_review(work.review_id, body.author, said, work.reviews, work.unchanged, work.now))
