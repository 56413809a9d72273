"""What eligibility owes by when: the offer of the comprehensive review (CMS yearly MTM guidance)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mtm_shared.contracts.deadlines import Deadline
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import declined_on, year_end
from mtm_eligibility.domain.program import Program, Services
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases import answers
from mtm_eligibility.usecases.enrollments import happened
from mtm_eligibility.usecases.runtime import Runtime

OWED = (DeadlineState.OVERDUE, DeadlineState.DUE_SOON, DeadlineState.OPEN)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines are asked for; without a state, what is still owed and due within the days.

    What a plan year that is over has left undone cannot be made good: it is told when it is asked for by its state.
    """

    as_of: date
    within_days: int | None = None
    state: str | None = None
    program_id: str | None = None
    contract_id: str | None = None
    member_id: str | None = None


async def offer_deadlines(
    session: AsyncSession, runtime: Runtime, asked: Asked, after: str | None, limit: int
) -> tuple[list[Deadline], str | None]:
    """The deadlines of one page of enrolments, and the enrolment that the next page begins after."""
    rows = await store.list_enrollments(
        session,
        status=None,
        due=None,
        member_id=asked.member_id,
        program_id=asked.program_id,
        contract_id=asked.contract_id,
        plan_year=None,
        after=after,
        limit=limit,
        since_year=asked.as_of.year if asked.state is None else None,
    )
    history = await store.read_events(session, [row["enrollment_id"] for row in rows if row["cmr_declined"]])
    told = [
        _deadline(
            row,
            declined_on(happened(history.get(row["enrollment_id"], []))),
            runtime.programs[row["program_id"]],
            asked.as_of,
        )
        for row in _known(rows, runtime, asked)
    ]
    wanted = [one for one in told if _wanted(one, runtime.programs[one.program_id], asked)]
    return wanted, rows[-1]["enrollment_id"] if len(rows) == limit else None


def _known(rows: Sequence[Row], runtime: Runtime, asked: Asked) -> list[Row]:
    return [row for row in rows if row["program_id"] in runtime.programs and row["enrolled_on"] <= asked.as_of]


def _deadline(row: Row, declined: date | None, program: Program, as_of: date) -> Deadline:
    due_on: date = row["cmr_offer_due"]
    clocks = program.services
    ended = [day for day in (row["opted_out_on"], declined, _over(row)) if day is not None]
    state = deadline_state(due_on, row["cmr_offered_on"], as_of, clocks.warn_days.value, waived_on=min(ended))
    newly = due_on == row["enrolled_on"] + timedelta(days=clocks.cmr_offer_within_days.value)
    met_on = row["cmr_offered_on"]
    return Deadline(
        kind="cmr_offer",
        member_id=row["member_id"],
        enrollment_id=row["enrollment_id"],
        program_id=row["program_id"],
        contract_id=row["contract_id"],
        opened_on=row["enrolled_on"],
        due_on=due_on,
        state=state.value,
        days_left=(due_on - as_of).days,
        met_on=met_on if met_on is not None and met_on <= as_of else None,
        because=_because(row, newly, clocks),
        citation=answers.citation((clocks.cmr_offer_within_days if newly else clocks.cmr_every_days).citation),
    )


def _over(row: Row) -> date:
    """The day from which an offer that is not late yet is owed under the next plan year's enrolment, if at all."""
    return year_end(row["plan_year"]) + timedelta(days=1)


def _because(row: Row, newly: bool, clocks: Services) -> str:
    due_on = row["cmr_offer_due"]
    if newly:
        within = clocks.cmr_offer_within_days.value
        return f"Enrolled on {row['enrolled_on']}: the review is to be offered within {within} days, by {due_on}."
    every = clocks.cmr_every_days.value
    return f"Enrolled in an earlier year: the review is to be offered again within {every} days, by {due_on}."


def _wanted(one: Deadline, program: Program, asked: Asked) -> bool:
    if asked.state is not None:
        return one.state == asked.state
    within = program.services.warn_days.value if asked.within_days is None else asked.within_days
    return one.state in [state.value for state in OWED] and one.days_left <= within
