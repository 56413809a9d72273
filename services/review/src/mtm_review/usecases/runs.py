"""Review runs: the worker opens one review for each member, each in a transaction of its own.

Killed at any point and started again, a run ends with the same members done, none lost and none twice: what became of
a member is noted in the transaction that opens the review. When eligibility is away the job fails and is tried again
later; what was opened stays. A run over a whole programme first takes its members in, page by page (`run_members`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from mtm_shared.contracts.member import Profile
from mtm_shared.storage import one_at_a_time
from mtm_shared.storage.audit import worked
from mtm_shared.storage.jobs import JobQueue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain import targeted
from mtm_review.domain.lifecycle import complete
from mtm_review.domain.review import Review, ReviewKind
from mtm_review.domain.targeted import DETAILS, ENGINE, Quarter, closes_itself
from mtm_review.domain.todo import encouragement
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.storage.run_members import RunMembers
from mtm_review.storage.runs import FAILED, OPENED, SKIPPED, Result, Run, RunRepository
from mtm_review.storage.tables import audit_trail, jobs, outbox
from mtm_review.usecases.enumerating import take_members_in
from mtm_review.usecases.opening import Order, check_as_of, new_id, review_of
from mtm_review.usecases.ports import Begin, Clock, Expertise, MemberNotFound, Population, Profiles, ProfilesRefused
from mtm_review.usecases.reading import read_profile
from mtm_review.usecases.resolutions import judge_member

JOB_KIND = "review_run"
BATCH = 100
MAX_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Means:
    """What a run is worked off with."""

    begin: Begin
    profiles: Profiles
    population: Population
    expertise: Expertise
    clock: Clock


async def order_run(
    session: AsyncSession, asked: Run, member_ids: list[str] | None, population: Population, now: datetime
) -> Run:
    """Keeps the run and puts its job in the queue, in one transaction; raises `ProgramNotFound`."""
    check_as_of(asked.as_of, now)
    if member_ids is None:
        assert asked.program_id is not None
        await population.program(asked.program_id)
    await RunRepository(session).add(asked, member_ids or [])
    await JobQueue(jobs).enqueue(
        session,
        JOB_KIND,
        {"review_run_id": asked.review_run_id},
        now=now,
        key=asked.review_run_id,
        max_attempts=MAX_ATTEMPTS,
    )
    return asked


def new_run_id(now: datetime) -> str:
    """An id that sorts by its time of making."""
    return new_id("run", now)


async def work_off_run(review_run_id: str, means: Means, checkpoint: Callable[[], Awaitable[None]]) -> None:
    """Opens a review for every waiting member; `checkpoint` may raise to leave between two members or pages."""
    async with means.begin() as session:
        run = await RunRepository(session).get(review_run_id)
        await RunRepository(session).advance(review_run_id, "running")
    while not run.enumerated:
        await checkpoint()
        run = await take_members_in(run, means.begin, means.population)
    while True:
        async with means.begin() as session:
            waiting = await RunRepository(session).waiting(review_run_id, BATCH)
        if not waiting:
            break
        for member_id in waiting:
            await checkpoint()
            await _one(run, member_id, means)
    await _finish(review_run_id, "done", means.begin, means.clock())


async def fail_run(review_run_id: str, begin: Begin, now: datetime) -> None:
    """Says that a run will not go on: its last attempt failed."""
    await _finish(review_run_id, "failed", begin, now)


async def _finish(review_run_id: str, state: str, begin: Begin, now: datetime) -> None:
    async with begin() as session:
        if not await RunRepository(session).advance(review_run_id, state, now):
            return
        run = await RunRepository(session).get(review_run_id)
        counted = await RunMembers(session).counted(review_run_id)
        told = {"run_id": review_run_id, "kind": run.kind, "state": state, "counts": dict(counted.by_state)}
        await outbox.emit(session, "run.finished", told, now=now)


async def _one(run: Run, member_id: str, means: Means) -> None:
    # Read before the transaction begins: a database lock must not wait for another service.
    profile = await _profile(means.profiles, member_id, run)
    if isinstance(profile, Result):
        await _note(run, member_id, means.begin, profile)
        return
    skipped = _skipped(run, profile)
    if skipped is not None:
        await _note(run, member_id, means.begin, skipped)
        return
    order = Order(member_id, ReviewKind(run.kind), run.as_of, run.author)
    now = means.clock()
    opened = review_of(order, read_profile(profile, means.expertise.vocabulary, run.as_of), means.expertise, now)
    review = _closed(opened, means.expertise, now) if run.auto_complete and closes_itself(opened) else opened
    things = {"review_run_id": run.review_run_id, "review_id": review.review_id}
    async with means.begin() as session:
        if await _keep(session, run, review):
            await judge_member(session, profile, means.expertise.vocabulary, run.as_of)
            await audit_trail.record(session, worked(now, "review_run.open", [member_id], **things))


async def _keep(session: AsyncSession, run: Run, review: Review) -> bool:
    """The review, unless the member has one of this quarter; False where none is kept."""
    members, repository = RunMembers(session), RunRepository(session)
    quarter = Quarter.of(run.as_of)
    quarterly = run.program_id is not None and review.kind is ReviewKind.TMR
    if quarterly:
        await one_at_a_time(session, f"tmr:{review.member_id}")
    if quarterly and await members.reviewed_between(review.member_id, quarter.first, quarter.last):
        await repository.claim(run.review_run_id, review.member_id, _skip(targeted.REVIEWED))
        return False
    result = Result(OPENED, review.review_id, completed=review.completed_at is not None)
    if not await repository.claim(run.review_run_id, review.member_id, result):
        return False
    await ReviewRepository(session).add(review)
    await members.add_findings(run.review_run_id, review.findings)
    return True


def _closed(review: Review, expertise: Expertise, now: datetime) -> Review:
    return complete(review, (), encouragement(review.language, expertise.wording), ENGINE, now)


async def _profile(profiles: Profiles, member_id: str, run: Run) -> Profile | Result:
    try:
        return await profiles.profile(member_id, run.as_of)
    except MemberNotFound:
        return Result(FAILED, code="member_not_found", detail="Eligibility does not know the member.")
    except ProfilesRefused:
        return Result(FAILED, code="profile_refused", detail="Eligibility refused to give the member's profile.")


def _skipped(run: Run, profile: Profile) -> Result | None:
    """Why a member of the run gets no review, or None. Without a programme, whoever is named is reviewed."""
    if run.program_id is None:
        return None
    died = profile.member.death_date
    if died is not None and died <= run.as_of:
        return _skip(targeted.DIED)
    enrollment = profile.enrollment
    if enrollment is None or enrollment.program_id != run.program_id or enrollment.status != "enrolled":
        return _skip(targeted.NOT_ENROLLED)
    spans = [(span.effective_from, span.effective_to) for span in profile.coverage]
    if not any(first <= run.as_of and (last is None or last >= run.as_of) for first, last in spans):
        return _skip(targeted.LEFT)
    stays = [stay for stay in profile.stays if stay.kind == "hospice" and stay.from_ <= run.as_of]
    if any(stay.to is None or stay.to >= run.as_of for stay in stays):
        return _skip(targeted.HOSPICE)
    return None


async def _note(run: Run, member_id: str, begin: Begin, result: Result) -> None:
    async with begin() as session:
        await RunRepository(session).claim(run.review_run_id, member_id, result)


def _skip(code: str) -> Result:
    return Result(SKIPPED, code=code, detail=DETAILS[code])
