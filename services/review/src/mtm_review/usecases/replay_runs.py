"""Replay runs: the latest review of each member on another version, so that a release is judged before it is used.

Worked off by the worker in small transactions: killed at any point and started again, a run goes on where it stopped.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime

from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import GiveUp
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.versions import UnusableVersion, VersionNotFound, Versions
from mtm_review.storage.errors import ReviewNotFound
from mtm_review.storage.replay_runs import ReplayRun, ReplayRunRepository
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.storage.tables import jobs
from mtm_review.usecases.opening import check_as_of, new_id
from mtm_review.usecases.ports import Clock, Expertise
from mtm_review.usecases.replaying import Replayer

JOB_KIND = "replay_run"
BATCH = 100
MAX_ATTEMPTS = 20

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of its own."""


async def order_replay_run(
    session: AsyncSession,
    versions: Versions,
    *,
    knowledge_version: str,
    as_of: date | None,
    member_ids: Sequence[str] | None,
    author: str,
    now: datetime,
) -> ReplayRun:
    """Keeps the run and puts its job in the queue; refuses a version that cannot be screened by."""
    versions.version(knowledge_version)
    if as_of is not None:
        check_as_of(as_of, now)
    run = ReplayRun(new_id("rpl", now), knowledge_version, as_of, author, "queued", now)
    await ReplayRunRepository(session).add(run, member_ids)
    payload = {"replay_run_id": run.replay_run_id}
    await JobQueue(jobs).enqueue(session, JOB_KIND, payload, now=now, key=run.replay_run_id, max_attempts=MAX_ATTEMPTS)
    return run


async def work_off_replay_run(
    replay_run_id: str,
    begin: Begin,
    expertise: Expertise,
    versions: Versions,
    clock: Clock,
    checkpoint: Callable[[], Awaitable[None]],
) -> None:
    """Replays every waiting review; `checkpoint` may raise to leave between two of them."""
    async with begin() as session:
        run = await ReplayRunRepository(session).get(replay_run_id)
        await ReplayRunRepository(session).advance(replay_run_id, "running")
    try:
        replayer = Replayer(expertise, versions, run.knowledge_version)
    except (VersionNotFound, UnusableVersion) as missing:
        # The archive of this worker is not the one of the service that took the order.
        await fail_replay_run(replay_run_id, begin, clock())
        raise GiveUp("knowledge_version_not_at_hand") from missing
    while True:
        async with begin() as session:
            waiting = await ReplayRunRepository(session).waiting(replay_run_id, BATCH)
        if not waiting:
            break
        for review_id in waiting:
            await checkpoint()
            await _one(run, review_id, begin, replayer)
    async with begin() as session:
        await ReplayRunRepository(session).advance(replay_run_id, "done", clock())


async def fail_replay_run(replay_run_id: str, begin: Begin, now: datetime) -> None:
    """Says that a run will not go on: its last attempt failed."""
    async with begin() as session:
        await ReplayRunRepository(session).advance(replay_run_id, "failed", now)


async def _one(run: ReplayRun, review_id: str, begin: Begin, replayer: Replayer) -> None:
    async with begin() as session:
        try:
            review = await ReviewRepository(session).get(review_id)
        except ReviewNotFound:
            await ReplayRunRepository(session).keep(run.replay_run_id, review_id, None)
            return
    # Outside of any transaction: a lock must not wait for a screening.
    replay = replayer.replay(review, run.as_of)
    async with begin() as session:
        await ReplayRunRepository(session).keep(run.replay_run_id, review_id, replay)
