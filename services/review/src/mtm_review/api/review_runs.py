"""Review runs over many members: ordered here, worked off by the worker (`mtm-review worker`)."""

from typing import cast

from fastapi import Request, Response
from mtm_shared.contracts.review_runs import (
    ReviewRunCounts,
    ReviewRunMember,
    ReviewRunStatus,
    RunState,
)
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Now, Reader, ReviewId, Writer
from mtm_review.api.examples import ReviewRunBody
from mtm_review.domain.review import ReviewKind
from mtm_review.storage.runs import FAILED, OPENED, SKIPPED, WAITING, Run, RunRepository
from mtm_review.usecases.runs import order_run

router = Router(prefix="/v1", tags=["review-runs"])


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
    now: Now,
    writer: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Keeps the run and leaves it to the worker."""

    async def create() -> ReviewRunStatus:
        run = await order_run(
            session,
            kind=ReviewKind(body.kind),
            as_of=body.as_of,
            program_id=body.program_id,
            member_ids=body.member_ids,
            author=writer.subject,
            now=now,
            auto_complete=body.auto_complete,
        )
        return await _status(RunRepository(session), run)

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
    """State, progress and counts, and the members for whom no review was opened."""
    runs = RunRepository(session)
    return await _status(runs, await runs.get(review_run_id))


async def _status(runs: RunRepository, run: Run) -> ReviewRunStatus:
    counted = await runs.counts(run.review_run_id)
    completed, severities = await runs.outcome(run.review_run_id)
    members = sum(counted.values())
    waiting = counted.get(WAITING, 0)
    return ReviewRunStatus(
        review_run_id=run.review_run_id,
        kind=ReviewKind(run.kind).value,
        as_of=run.as_of,
        program_id=run.program_id,
        state=cast(RunState, run.state),
        progress=(members - waiting) / members if members else float(run.state == "done"),
        counts=ReviewRunCounts(
            members=members,
            opened=counted.get(OPENED, 0),
            skipped=counted.get(SKIPPED, 0),
            failed=counted.get(FAILED, 0),
            waiting=waiting,
            completed=completed,
            findings_by_severity=dict(severities),
        ),
        not_opened=[
            ReviewRunMember.model_validate(member, from_attributes=True)
            for member in await runs.not_opened(run.review_run_id)
        ],
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
