"""Review runs over many members: ordered here, worked off by the worker (`mtm-review worker`)."""

from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import Query, Request, Response
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.review_runs import (
    ReviewRunCounts,
    ReviewRunMember,
    ReviewRunRequest,
    ReviewRunReview,
    ReviewRunStatus,
    RunFindings,
    RunState,
)
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.api.dependencies import Now, PopulationSource, Reader, ReviewId, Writer
from mtm_review.api.examples import ReviewRunBody
from mtm_review.domain.review import ReviewKind
from mtm_review.domain.targeted import OUTSIDE, Quarter
from mtm_review.storage.run_members import Counted, RunMembers
from mtm_review.storage.runs import FAILED, OPENED, SKIPPED, WAITING, Run, RunRepository
from mtm_review.usecases.runs import new_run_id, order_run

router = Router(prefix="/v1", tags=["review-runs"])
MemberState = Literal["waiting", "opened", "skipped", "failed"]


@router.post(
    "/review-runs",
    status_code=202,
    response_model=ReviewRunStatus,
    responses=problem_responses(409),
    summary="Open a review for each of many members",
)
async def create_review_run(
    request: Request,
    body: ReviewRunBody,
    session: Transaction,
    population: PopulationSource,
    now: Now,
    writer: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Keeps the run and leaves it to the worker: the members given, or without them every member of the programme."""

    async def create() -> ReviewRunStatus:
        run = await order_run(session, _run_of(body, writer.subject, now), body.member_ids, population, now)
        return await _status(session, run)

    return await idempotent(
        request,
        session,
        body,
        create,
        status=202,
        headers=lambda made: {"Location": f"/v1/review-runs/{made.review_run_id}"},
    )


@router.get("/review-runs/{review_run_id}", responses=problem_responses(404), summary="How far is a run?")
async def read_review_run(review_run_id: ReviewId, session: Transaction, _: Reader) -> ReviewRunStatus:
    """State, progress and counts, and the first members for whom no review was opened."""
    return await _status(session, await RunRepository(session).get(review_run_id))


@router.get(
    "/review-runs/{review_run_id}/reviews", responses=problem_responses(404), summary="What became of a run's members?"
)
async def list_run_reviews(
    review_run_id: ReviewId,
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    state: Annotated[MemberState | None, Query()] = None,
) -> Page[ReviewRunReview]:
    """In the order in which they were taken in, each with the review that was opened and how that stands today."""
    await RunRepository(session).get(review_run_id)
    after = paging.after(int)
    place = None if after is None else int(after[0])
    lines = await RunMembers(session).page(review_run_id, state, place, paging.limit + 1)
    shown, next_cursor = page_of(lines, paging.limit, lambda line: (line.position,))
    items = [ReviewRunReview.model_validate(line, from_attributes=True) for line in shown]
    return Page(items=items, next_cursor=next_cursor)


def _run_of(body: ReviewRunRequest, author: str, now: datetime) -> Run:
    whole = body.member_ids is None
    return Run(
        review_run_id=new_run_id(now),
        kind=body.kind,
        as_of=body.as_of,
        program_id=body.program_id,
        author=author,
        state="queued",
        created_at=now,
        enumerates=whole,
        enumerated=not whole,
        auto_complete=body.auto_complete,
        quarter=Quarter.of(body.as_of).name,
    )


def _counts(counted: Counted) -> ReviewRunCounts:
    members = sum(counted.by_state.values())
    outside = sum(count for (state, code), count in counted.by_code.items() if state == SKIPPED and code in OUTSIDE)
    by_severity: dict[str, int] = {}
    for _, severity, count in counted.findings:
        by_severity[severity] = by_severity.get(severity, 0) + count
    return ReviewRunCounts(
        members=members,
        enrolled=members - outside - counted.by_state.get(FAILED, 0),
        opened=counted.by_state.get(OPENED, 0),
        skipped=counted.by_state.get(SKIPPED, 0),
        failed=counted.by_state.get(FAILED, 0),
        waiting=counted.by_state.get(WAITING, 0),
        completed=counted.completed,
        skipped_by_code={code: count for (state, code), count in counted.by_code.items() if state == SKIPPED},
        failed_by_code={code: count for (state, code), count in counted.by_code.items() if state == FAILED},
        findings=[
            RunFindings.model_validate({"screen": screen, "severity": severity, "findings": count})
            for screen, severity, count in counted.findings
        ],
        findings_by_severity=by_severity,
    )


async def _status(session: AsyncSession, run: Run) -> ReviewRunStatus:
    runs = RunRepository(session)
    counts = _counts(await RunMembers(session).counted(run.review_run_id))
    done = (counts.members - counts.waiting) / counts.members if counts.members else float(run.state == "done")
    return ReviewRunStatus(
        review_run_id=run.review_run_id,
        kind=ReviewKind(run.kind).value,
        as_of=run.as_of,
        program_id=run.program_id,
        state=cast(RunState, run.state),
        quarter=run.quarter,
        auto_complete=run.auto_complete,
        progress=done if run.enumerated else 0.0,
        counts=counts,
        not_opened=[
            ReviewRunMember.model_validate(member, from_attributes=True)
            for member in await runs.not_opened(run.review_run_id)
        ],
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
