"""Review runs: the worker opens one review for each member, each in a transaction of its own.

Killed at any point and started again, a run ends with the same members done, none lost and none twice: what became of
a member is noted in the transaction that opens the review. When eligibility is away the job fails and is tried again
later; what was opened stays.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial

from mtm_shared.contracts.member import Profile
from mtm_shared.storage.jobs import JobQueue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.lifecycle import complete
from mtm_review.domain.review import ReviewKind
from mtm_review.domain.todo import encouragement
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.storage.runs import FAILED, OPENED, SKIPPED, Result, Run, RunRepository
from mtm_review.storage.tables import jobs, outbox
from mtm_review.usecases.opening import Order, check_as_of, new_id, review_of
from mtm_review.usecases.ports import Begin, Clock, Expertise, MemberNotFound, Profiles, ProfilesRefused
from mtm_review.usecases.reading import read_profile
from mtm_review.usecases.resolutions import judge_member

JOB_KIND = "review_run"
BATCH = 100
ENGINE = "engine"
"""Who completes a targeted review that found nothing."""
MAX_ATTEMPTS = 20


async def order_run(
    session: AsyncSession,
    *,
    kind: ReviewKind,
    as_of: date,
    program_id: str | None,
    member_ids: list[str] | None,
    author: str,
    now: datetime,
    auto_complete: bool = True,
) -> Run:
    """Keeps the run and puts its job in the queue, in one transaction; without `member_ids` the worker lists them."""
    check_as_of(as_of, now)
    run = Run(
        new_id("run", now), kind.value, as_of, program_id, author, "queued", now, None,
        member_ids is not None, auto_complete,
    )  # fmt: skip
    await RunRepository(session).add(run, member_ids or [])
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
    if not run.listed and run.program_id is not None:
        await _list_enrolled(run, run.program_id, begin, profiles)
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
        counts = dict(await RunRepository(session).counts(review_run_id))
        told = {"run_id": review_run_id, "kind": "review", "state": "done", "counts": counts}
        await outbox.emit(session, "run.finished", told, now=clock())


async def _list_enrolled(run: Run, program_id: str, begin: Begin, profiles: Profiles) -> None:
    """Lists everyone who is enrolled, page by page; begun again after a stop, it adds who is not listed yet."""
    async for member_ids in profiles.enrolled(program_id):
        async with begin() as session:
            await RunRepository(session).list_members(run.review_run_id, member_ids)
    async with begin() as session:
        await RunRepository(session).all_listed(run.review_run_id)


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar quarter."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    after = date(day.year + 1, 1, 1) if first.month > 9 else date(day.year, first.month + 3, 1)
    return first, after - timedelta(days=1)


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
    if run.program_id is not None and await _reviewed(run, member_id, run.program_id, begin):
        result = Result(SKIPPED, code="already_reviewed", detail="There is a review of this quarter already.")
        await _note(run, member_id, begin, result)
        return
    order = Order(member_id, ReviewKind(run.kind), run.as_of, run.author)
    review = review_of(order, read_profile(profile, expertise.vocabulary, run.as_of), expertise, clock())
    if run.auto_complete and review.kind is ReviewKind.TMR and not review.findings:
        closing = encouragement(review.language, expertise.wording)
        review = complete(review, (), closing, ENGINE, clock())
    judged = partial(judge_member, vocabulary=expertise.vocabulary, as_of=run.as_of)
    async with begin() as session:
        if await RunRepository(session).claim(run.review_run_id, member_id, Result(OPENED, review.review_id)):
            await ReviewRepository(session).add(review)
            await judged(session, profile)


async def _reviewed(run: Run, member_id: str, program_id: str, begin: Begin) -> bool:
    first, last = quarter_of(run.as_of)
    async with begin() as session:
        return await RunRepository(session).reviewed_since(member_id, run.kind, program_id, first, last)


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
