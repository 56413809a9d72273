"""Kept reviews on another version of the knowledge: one at once, many by the worker (`mtm-review worker`)."""

from collections.abc import Iterable
from typing import cast

from fastapi import Request, Response
from mtm_shared.contracts import replay as wire
from mtm_shared.contracts.review_runs import RunState
from mtm_shared.contracts.screening import Finding
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import AllVersions, KeptReviews, Known, Now, Reader, ReviewId, Writer
from mtm_review.api.shapes import made_by_answer
from mtm_review.domain.comparing import RuleChange
from mtm_review.domain.replaying import Difference, Replay
from mtm_review.domain.review import KeptFinding
from mtm_review.storage.replay_runs import FAILED, REPLAYED, WAITING, ReplayRun, ReplayRunRepository
from mtm_review.usecases.opening import check_as_of
from mtm_review.usecases.replay_runs import order_replay_run
from mtm_review.usecases.replaying import Replayer

router = Router(prefix="/v1", tags=["replays"])


@router.post(
    "/reviews/{review_id}/replay",
    responses=problem_responses(404, s409="This release cannot read that version of the knowledge."),
    summary="What does another version of the knowledge find in a review?",
)
async def replay_review(
    review_id: ReviewId,
    body: wire.ReplayRequest,
    reviews: KeptReviews,
    known: Known,
    versions: AllVersions,
    now: Now,
    _: Reader,
) -> wire.Replay:
    """Screens what the review keeps again and says what differs and which rule did it; the review stays as it is."""
    if body.as_of is not None:
        check_as_of(body.as_of, now)
    replayer = Replayer(known, versions, body.knowledge_version)
    return _answer(replayer.replay(await reviews.get(review_id), body.as_of))


@router.post(
    "/replay-runs",
    status_code=202,
    response_model=wire.ReplayRunStatus,
    responses=problem_responses(409),
    summary="Judge a version of the knowledge over kept reviews",
)
async def create_replay_run(
    request: Request,
    body: wire.ReplayRunRequest,
    session: Transaction,
    versions: AllVersions,
    now: Now,
    writer: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Keeps the run and leaves it to the worker: the latest review of each member, none of them changed."""

    async def create() -> wire.ReplayRunStatus:
        run = await order_replay_run(
            session,
            versions,
            knowledge_version=body.knowledge_version,
            as_of=body.as_of,
            member_ids=body.member_ids,
            author=writer.subject,
            now=now,
        )
        return await _status(ReplayRunRepository(session), run)

    return await idempotent(
        request,
        session,
        body,
        create,
        status=202,
        headers=lambda made: {"Location": f"/v1/replay-runs/{made.replay_run_id}"},
    )


@router.get("/replay-runs/{replay_run_id}", responses=problem_responses(404), summary="How far is a replay run?")
async def read_replay_run(replay_run_id: ReviewId, session: Transaction, _: Reader) -> wire.ReplayRunStatus:
    """State, progress, and how many findings each rule adds, removes and changes."""
    runs = ReplayRunRepository(session)
    return await _status(runs, await runs.get(replay_run_id))


async def _status(runs: ReplayRunRepository, run: ReplayRun) -> wire.ReplayRunStatus:
    counted = await runs.counts(run.replay_run_id)
    total, waiting = sum(counted.values()), counted.get(WAITING, 0)
    return wire.ReplayRunStatus(
        replay_run_id=run.replay_run_id,
        knowledge_version=run.knowledge_version,
        as_of=run.as_of,
        state=cast(RunState, run.state),
        progress=(total - waiting) / total if total else 1.0,
        counts=wire.ReplayRunCounts(
            reviews=total,
            replayed=counted.get(REPLAYED, 0),
            failed=counted.get(FAILED, 0),
            waiting=waiting,
            differing=await runs.differing(run.replay_run_id),
        ),
        rules=[
            wire.ReplayRuleCount.model_validate(count, from_attributes=True)
            for count in await runs.by_rule(run.replay_run_id)
        ],
        created_at=run.created_at,
        finished_at=run.finished_at,
    )


def _answer(replay: Replay) -> wire.Replay:
    return wire.Replay(
        **{"from": made_by_answer(replay.made_before)},
        to=made_by_answer(replay.made_after),
        added=_differences(replay.added),
        removed=_differences(replay.removed),
        changed=_differences(replay.changed),
        unchanged=replay.unchanged,
        settled=list(replay.settled),
        rules={rule_id: _rule(change) for rule_id, change in replay.rules.items()},
    )


def _differences(differences: Iterable[Difference]) -> list[wire.Difference]:
    return [
        wire.Difference(
            finding=_finding(each.finding),
            causes=[cause.value for cause in each.causes],
            fields=list(each.fields),
            before=None if each.before is None else _finding(each.before),
        )
        for each in differences
    ]


def _finding(finding: KeptFinding) -> Finding:
    return Finding.model_validate(finding, from_attributes=True)


def _rule(change: RuleChange) -> wire.RuleChange:
    return wire.RuleChange.model_validate(change, from_attributes=True)
