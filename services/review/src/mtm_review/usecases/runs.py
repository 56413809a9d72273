"""Review runs: the worker opens one review for each member, each in a transaction of its own.

Killed at any point and started again, a run ends with the same members done, none lost and none twice: what became of
a member is noted in the transaction that opens the review. When eligibility is away the job fails and is tried again
later; what was opened stays.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime

from mtm_shared.contracts.member import Profile
from mtm_shared.storage.jobs import JobQueue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import ReviewKind
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.storage.runs import FAILED, OPENED, SKIPPED, Result, Run, RunRepository
from mtm_review.storage.tables import jobs
from mtm_review.usecases.opening import Order, check_as_of, new_id, review_of
from mtm_review.usecases.ports import Clock, Expertise, MemberNotFound, Profiles, ProfilesRefused
from mtm_review.usecases.reading import read_profile

JOB_KIND = "review_run"
BATCH = 100
MAX_ATTEMPTS = 20

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of its own."""


async def order_run(
    session: AsyncSession,
    *,
    kind: ReviewKind,
    as_of: date,
    program_id: str | None,
    member_ids: list[str],
    author: str,
    now: datetime,
) -> Run:
    """Keeps the run and puts its job in the queue, in one transaction."""
    check_as_of(as_of, now)
    run = Run(new_id("run", now), kind.value, as_of, program_id, author, "queued", now)
    await RunRepository(session).add(run, member_ids)
    await JobQueue(jobs).enqueue(
        session,
        JOB_KIND,
        {"review_run_id": run.review_run_id},
        now=now,
        key=run.review_run_id,
        max_attempts=MAX_ATTEMPTS,
    )
    return run


async def work_off_run(
    review_run_id: str,
    begin: Begin,
    profiles: Profiles,
    expertise: Expertise,
    clock: Clock,
    checkpoint: Callable[[], Awaitable[None]],
) -> None:
    """Opens a review for every waiting member; `checkpoint` may raise to leave between two members."""
    async with begin() as session:
        run = await RunRepository(session).get(review_run_id)
        await RunRepository(session).advance(review_run_id, "running")
    while True:
        async with begin() as session:
            waiting = await RunRepository(session).waiting(review_run_id, BATCH)
        if not waiting:
            break
        for member_id in waiting:
            await checkpoint()
            await _one(run, member_id, begin, profiles, expertise, clock)
    async with begin() as session:
        await RunRepository(session).advance(review_run_id, "done", clock())


async def fail_run(review_run_id: str, begin: Begin, now: datetime) -> None:
    """Says that a run will not go on: its last attempt failed."""
    async with begin() as session:
        await RunRepository(session).advance(review_run_id, "failed", now)


async def _one(run: Run, member_id: str, begin: Begin, profiles: Profiles, expertise: Expertise, clock: Clock) -> None:
    # Read before the transaction begins: a database lock must not wait for another service.
    profile = await _profile(profiles, member_id, run.as_of)
    if isinstance(profile, Result):
        await _note(run, member_id, begin, profile)
        return
    if run.program_id is not None and not _enrolled(profile, run.program_id):
        result = Result(SKIPPED, code="not_enrolled", detail="The member is not enrolled in the programme on the day.")
        await _note(run, member_id, begin, result)
        return
    order = Order(member_id, ReviewKind(run.kind), run.as_of, run.author)
    review = review_of(order, read_profile(profile, expertise.vocabulary, run.as_of), expertise, clock())
    async with begin() as session:
        if await RunRepository(session).claim(run.review_run_id, member_id, Result(OPENED, review.review_id)):
            await ReviewRepository(session).add(review)


async def _profile(profiles: Profiles, member_id: str, as_of: date) -> Profile | Result:
    try:
        return await profiles.profile(member_id, as_of)
    except MemberNotFound:
        return Result(FAILED, code="member_not_found", detail="Eligibility does not know the member.")
    except ProfilesRefused:
        return Result(FAILED, code="profile_refused", detail="Eligibility refused to give the member's profile.")


def _enrolled(profile: Profile, program_id: str) -> bool:
    enrollment = profile.enrollment
    return enrollment is not None and enrollment.program_id == program_id and enrollment.status == "enrolled"


async def _note(run: Run, member_id: str, begin: Begin, result: Result) -> None:
    async with begin() as session:
        await RunRepository(session).claim(run.review_run_id, member_id, result)
