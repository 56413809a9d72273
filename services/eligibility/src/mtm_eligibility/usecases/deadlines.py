"""What eligibility owes by when: the offer of the comprehensive review (CMS yearly MTM guidance)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mtm_shared.contracts.deadlines import Deadline
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases import answers
from mtm_eligibility.usecases.runtime import Runtime

OWED = (DeadlineState.OVERDUE, DeadlineState.DUE_SOON, DeadlineState.OPEN)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines are asked for; without a state, what is still owed and due within the days."""

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
    )
    told = [_deadline(row, runtime.programs[row["program_id"]], asked.as_of) for row in _known(rows, runtime, asked)]
    wanted = [one for one in told if _wanted(one, runtime.programs[one.program_id], asked)]
    return wanted, rows[-1]["enrollment_id"] if len(rows) == limit else None


def _known(rows: Sequence[Row], runtime: Runtime, asked: Asked) -> list[Row]:
    return [row for row in rows if row["program_id"] in runtime.programs and row["enrolled_on"] <= asked.as_of]


def _deadline(row: Row, program: Program, as_of: date) -> Deadline:
    due_on: date = row["cmr_offer_due"]
    warn = program.services.warn_days.value
    waived = row["opted_out_on"] or (row["enrolled_on"] if row["cmr_declined"] else None)
    state = deadline_state(due_on, row["cmr_offered_on"], as_of, warn, waived_on=waived)
    within = program.services.cmr_offer_within_days
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
        met_on=row["cmr_offered_on"],
        because=f"Enrolled on {row['enrolled_on']}; the comprehensive review is to be offered by {due_on}.",
        citation=answers.citation(within.citation),
    )


def _wanted(one: Deadline, program: Program, asked: Asked) -> bool:
    if asked.state is not None:
        return one.state == asked.state
    within = program.services.warn_days.value if asked.within_days is None else asked.within_days
    return one.state in [state.value for state in OWED] and one.days_left <= within
