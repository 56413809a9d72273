"""What reviews are owed by when, over a page of eligibility's enrolments; reviews are joined by one query a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mtm_shared.contracts.common import Citation
from mtm_shared.contracts.deadlines import Deadline
from mtm_shared.contracts.eligibility import Enrollment, Program
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.clocks import Enrolled, Met, Window, cmr_window, tmr_windows
from mtm_review.domain.review import ReviewKind
from mtm_review.storage.activity import ActivityRepository, Done
from mtm_review.usecases.completing import declined_since
from mtm_review.usecases.ports import EnrollmentsAsked, Population, ProgramNotFound

OWED = frozenset({DeadlineState.OVERDUE.value, DeadlineState.DUE_SOON.value, DeadlineState.OPEN.value})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines are asked for; without a state, what is still owed and due within the days."""

    as_of: date
    within_days: int | None = None
    kind: str | None = None
    state: str | None = None


async def review_deadlines(
    session: AsyncSession,
    population: Population,
    asked: Asked,
    whom: EnrollmentsAsked,
    cursor: str | None,
    limit: int,
) -> tuple[list[Deadline], str | None]:
    """The deadlines of one page of enrolments, and eligibility's cursor to the next page."""
    page = await population.enrollments(whom, cursor, limit)
    begun = [one for one in page.items if one.enrolled_on <= asked.as_of]
    ids, members = [one.enrollment_id for one in begun], sorted({one.member_id for one in begun})
    done = await ActivityRepository(session).done(ids, members) if begun else []
    told: list[Deadline] = []
    programs: dict[str, Program | None] = {}
    for enrollment in begun:
        program = await _program(enrollment.program_id, population, programs)
        if program is not None:
            own = [one for one in done if one.member_id == enrollment.member_id]
            told.extend(one for one in _deadlines(enrollment, program, own, asked) if _wanted(one, program, asked))
    return told, page.next_cursor


async def _program(program_id: str, population: Population, known: dict[str, Program | None]) -> Program | None:
    """The programme, asked for once; None where eligibility no longer has its file."""
    if program_id not in known:
        try:
            known[program_id] = await population.program(program_id)
        except ProgramNotFound:
            known[program_id] = None
    return known[program_id]


def _deadlines(enrollment: Enrollment, program: Program, done: Sequence[Done], asked: Asked) -> Iterator[Deadline]:
    clocks = program.clocks
    enrolled = Enrolled(enrollment.enrolled_on, enrollment.plan_year)
    seen = [one for one in done if _day(one) <= asked.as_of]
    mine = [one for one in seen if one.enrollment_id == enrollment.enrollment_id]
    left_on = enrollment.opted_out_on if enrollment.status != "enrolled" else None
    if asked.kind in (None, "cmr"):
        earlier = [
            _day(one) for one in seen if one.kind is ReviewKind.CMR and one.enrollment_id != enrollment.enrollment_id
        ]
        window = cmr_window(enrolled, clocks.cmr_every_days, _met(mine, ReviewKind.CMR), earlier)
        waived = min((day for day in (left_on, declined_since(enrollment)) if day is not None), default=None)
        yield _told("cmr", window, enrollment, program, asked, waived, clocks.citations["cmr_every_days"])
    if asked.kind in (None, "tmr"):
        for window in tmr_windows(enrolled, clocks.tmr_every_days, _met(mine, ReviewKind.TMR)):
            yield _told("tmr", window, enrollment, program, asked, left_on, clocks.citations["tmr_every_days"])


def _day(one: Done) -> date:
    day = one.held_on if one.kind is ReviewKind.CMR and one.held_on is not None else one.completed_on
    assert day is not None, "only completed reviews stop a clock"
    return day


def _met(done: Sequence[Done], kind: ReviewKind) -> list[Met]:
    return [Met(one.review_id, _day(one)) for one in done if one.kind is kind]


def _told(
    kind: str,
    window: Window,
    enrollment: Enrollment,
    program: Program,
    asked: Asked,
    waived_on: date | None,
    citation: Citation,
) -> Deadline:
    met_on = window.met.on if window.met is not None else None
    warn = program.clocks.warn_days
    state = deadline_state(window.due_on, met_on, asked.as_of, warn, waived_on=waived_on)
    name = "comprehensive" if kind == "cmr" else "targeted"
    return Deadline.model_validate(
        {
            "kind": kind,
            "member_id": enrollment.member_id,
            "enrollment_id": enrollment.enrollment_id,
            "program_id": enrollment.program_id,
            "contract_id": enrollment.contract_id,
            "opened_on": window.opened_on,
            "due_on": window.due_on,
            "state": state.value,
            "days_left": (window.due_on - asked.as_of).days,
            "met_on": met_on,
            "review_id": window.met.review_id if window.met is not None else None,
            "because": f"The {window.started_by} was on {window.opened_on}; a {name} review is due by {window.due_on}.",
            "citation": citation,
        }
    )


def _wanted(one: Deadline, program: Program, asked: Asked) -> bool:
    if asked.state is not None:
        return one.state == asked.state
    within = program.clocks.warn_days if asked.within_days is None else asked.within_days
    return one.state in OWED and one.days_left <= within
