"""The year of reviews: what is due for whom by when, and what was done, as CMS counts it (CMS-10185, section II)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mtm_shared.contracts.common import Citation
from mtm_shared.contracts.deadlines import Deadline
from mtm_shared.contracts.eligibility import Enrollment, ServiceClocks
from mtm_shared.contracts.reporting import CmrDone, EnrollmentActivity, TmrDone
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.clocks import cmr_due, tmr_due
from mtm_review.storage import year as store
from mtm_review.storage.recommendations import problems_counted
from mtm_review.storage.year import Done
from mtm_review.usecases.ports import EnrollmentsAsked, Profiles

_OWED = (DeadlineState.OVERDUE.value, DeadlineState.DUE_SOON.value, DeadlineState.OPEN.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines; without a state, what is still owed and due within the days."""

    as_of: date
    within_days: int | None
    state: str | None
    kind: str | None
    enrollments: EnrollmentsAsked


async def review_deadlines(
    session: AsyncSession, profiles: Profiles, asked: Asked
) -> tuple[list[Deadline], str | None]:
    """The deadlines of one page of enrolments, and the cursor of the next page."""
    page = await profiles.enrollments(asked.enrollments)
    standing = [one for one in page.items if one.enrolled_on <= asked.as_of]
    done = await store.done_for(session, sorted({one.member_id for one in standing}), asked.as_of)
    clocks: dict[str, ServiceClocks] = {}
    told: list[Deadline] = []
    for enrollment in standing:
        if enrollment.program_id not in clocks:
            clocks[enrollment.program_id] = (await profiles.program(enrollment.program_id)).clocks
        of_program = clocks[enrollment.program_id]
        mine = _deadlines(enrollment, done.get(enrollment.member_id, ()), of_program, asked.as_of)
        told += [one for one in mine if _wanted(one, of_program, asked)]
    return told, page.next_cursor


def _wanted(one: Deadline, clocks: ServiceClocks, asked: Asked) -> bool:
    if asked.kind is not None and one.kind != asked.kind:
        return False
    if asked.state is not None:
        return one.state == asked.state
    within = clocks.warn_days if asked.within_days is None else asked.within_days
    return one.state in _OWED and one.days_left <= within


def _deadlines(enrollment: Enrollment, done: Sequence[Done], clocks: ServiceClocks, as_of: date) -> list[Deadline]:
    since = enrollment.enrolled_on
    held = [one.on for one in done if one.kind == "cmr"]
    mine = next((on for on in held if on >= since), None)
    last = max((on for on in held if on < since), default=None)
    due = cmr_due(since, enrollment.plan_year, last, clocks.cmr_every_days)
    waived = enrollment.opted_out_on or (since if enrollment.cmr_declined else None)
    state = deadline_state(due, mine, as_of, clocks.warn_days, waived_on=waived)
    told = [_deadline("cmr", enrollment, last or since, due, state, mine, as_of, clocks.citations["cmr_every_days"])]
    reviewed = max((one.on for one in done if one.kind == "tmr" and one.on >= since), default=None)
    next_due = tmr_due(since, enrollment.plan_year, reviewed, clocks.tmr_every_days)
    if next_due is not None:
        state = deadline_state(next_due, None, as_of, clocks.warn_days, waived_on=enrollment.opted_out_on)
        cited = clocks.citations["tmr_every_days"]
        told.append(_deadline("tmr", enrollment, reviewed or since, next_due, state, None, as_of, cited))
    return told


def _deadline(
    kind: str,
    enrollment: Enrollment,
    opened_on: date,
    due_on: date,
    state: DeadlineState,
    met_on: date | None,
    as_of: date,
    citation: Citation,
) -> Deadline:
    what = "comprehensive" if kind == "cmr" else "targeted"
    return Deadline(
        kind="cmr" if kind == "cmr" else "tmr",
        member_id=enrollment.member_id,
        enrollment_id=enrollment.enrollment_id,
        program_id=enrollment.program_id,
        contract_id=enrollment.contract_id,
        opened_on=opened_on,
        due_on=due_on,
        state=state.value,
        days_left=(due_on - as_of).days,
        met_on=met_on,
        because=f"Counted from {opened_on}, the {what} review is due by {due_on}.",
        citation=citation,
    )


async def activity(
    session: AsyncSession,
    plan_year: int,
    contract_id: str | None,
    program_id: str | None,
    after: str | None,
    limit: int,
) -> list[EnrollmentActivity]:
    """What was done in the plan year for each enrolment, by enrolment id."""
    found = await store.active_enrollments(session, plan_year, contract_id, program_id, after, limit)
    done = await store.done_in_year(session, [one["enrollment_id"] for one in found], plan_year)
    counted = await problems_counted(session, [one["enrollment_id"] for one in found], plan_year)
    return [
        _activity(one, done.get(one["enrollment_id"], ()), counted.get(one["enrollment_id"], (0, 0))) for one in found
    ]


def _activity(
    enrollment: Mapping[str, str], done: Sequence[store.ReviewDone], problems: tuple[int, int]
) -> EnrollmentActivity:
    return EnrollmentActivity(
        enrollment_id=enrollment["enrollment_id"],
        member_id=enrollment["member_id"],
        program_id=enrollment["program_id"],
        contract_id=enrollment["contract_id"],
        cmrs=[
            CmrDone(
                review_id=one.review_id,
                held_on=one.on,
                method=one.held["method"],
                recipient=one.held["recipient"],
                provider_type=one.held["provider_type"],
                cognitively_impaired=one.held["cognitively_impaired"],
                minutes=one.held["minutes"],
                completed_on=one.done_on,
            )
            for one in done
            if one.kind == "cmr"
        ],
        tmrs=[
            TmrDone(review_id=one.review_id, done_on=one.on, follow_up=one.followed)
            for one in done
            if one.kind == "tmr"
        ],
        recommendations=problems[0],
        resolutions=problems[1],
    )
