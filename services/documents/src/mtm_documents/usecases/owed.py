"""What documents owe by when: the written summary of a comprehensive review, and safe-disposal information once a year.

A summary within so many days of the consultation (42 CFR 423.153(d)(1)(vii)(B); 14 days in every programme), and
safe-disposal information to every enrolled member at least once in the plan year ((d)(1)(vii)(E)), by any document
that holds it. Both are met on the day on which the document was sent and did not come back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mtm_shared.contracts.common import Citation
from mtm_shared.contracts.deadlines import Deadline, DeadlineKind
from mtm_shared.contracts.eligibility import Enrollment, ServiceClocks
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.deliveries import disposal_told, summaries_sent
from mtm_documents.usecases.ordering import Sources, summary_due

_OWED = (DeadlineState.OVERDUE.value, DeadlineState.DUE_SOON.value, DeadlineState.OPEN.value)
SUMMARY: Final = "cmr_summary"
DISPOSAL: Final = "safe_disposal"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines; without a state, what is still owed and due within the days."""

    as_of: date
    within_days: int | None = None
    state: str | None = None
    program_id: str | None = None
    contract_id: str | None = None
    member_id: str | None = None


async def summary_deadlines(
    session: AsyncSession, sources: Sources, asked: Asked, plan_year: int, cursor: str | None, limit: int
) -> tuple[list[Deadline], str | None]:
    """The summaries of one page of what was done in a plan year."""
    page = await sources.reviews.activity_page(
        plan_year=plan_year,
        program_id=asked.program_id,
        contract_id=asked.contract_id,
        cursor=cursor,
        limit=limit,
    )
    mine = [one for one in page.items if asked.member_id in (None, one.member_id)]
    sent = await summaries_sent(session, [cmr.review_id for one in mine for cmr in one.cmrs])
    told = [deadline for one in mine for deadline in await _summaries(sources, one, sent, asked)]
    return told, page.next_cursor


async def _summaries(
    sources: Sources, one: EnrollmentActivity, sent: Mapping[str, tuple[date, str]], asked: Asked
) -> list[Deadline]:
    program = await sources.program(one.program_id)
    clocks = program.clocks
    told = []
    for cmr in one.cmrs:
        if cmr.held_on > asked.as_of:
            continue
        due = summary_due(cmr.held_on, program)
        met_on, document_id = _by(asked.as_of, sent.get(cmr.review_id))
        deadline = _deadline(
            SUMMARY, one, cmr.held_on, due, met_on, None, asked.as_of, clocks, clocks.citations["summary_within_days"]
        )
        told.append(deadline.model_copy(update={"review_id": cmr.review_id, "document_id": document_id}))
    return [deadline for deadline in told if _wanted(deadline, clocks, asked)]


async def disposal_deadlines(
    session: AsyncSession, sources: Sources, asked: Asked, plan_year: int, cursor: str | None, limit: int
) -> tuple[list[Deadline], str | None]:
    """The safe-disposal information of one page of a plan year's enrolments."""
    page = await sources.eligibility.enrollment_page(
        program_id=asked.program_id,
        contract_id=asked.contract_id,
        member_id=asked.member_id,
        plan_year=plan_year,
        cursor=cursor,
        limit=limit,
    )
    standing = [one for one in page.items if one.enrolled_on <= asked.as_of]
    sent = await disposal_told(session, [one.enrollment_id for one in standing])
    told: list[Deadline] = []
    for one in standing:
        clocks = (await sources.program(one.program_id)).clocks
        if not clocks.safe_disposal_required:
            continue
        met_on, document_id = _by(asked.as_of, sent.get(one.enrollment_id))
        due = date(one.plan_year, 12, 31)
        cited = clocks.citations["safe_disposal_required"]
        deadline = _deadline(DISPOSAL, one, one.enrolled_on, due, met_on, one.opted_out_on, asked.as_of, clocks, cited)
        told.append(deadline.model_copy(update={"document_id": document_id}))
        if not _wanted(told[-1], clocks, asked):
            told.pop()
    return told, page.next_cursor


def _by(as_of: date, sent: tuple[date, str] | None) -> tuple[date, str] | tuple[None, None]:
    """What was sent by a day; what was sent later is not known on it."""
    return sent if sent is not None and sent[0] <= as_of else (None, None)


def _deadline(
    kind: DeadlineKind,
    of: Enrollment | EnrollmentActivity,
    opened_on: date,
    due_on: date,
    met_on: date | None,
    waived_on: date | None,
    as_of: date,
    clocks: ServiceClocks,
    citation: Citation,
) -> Deadline:
    state = deadline_state(due_on, met_on, as_of, clocks.warn_days, waived_on=waived_on)
    what = "written summary" if kind == SUMMARY else "safe-disposal information"
    return Deadline(
        kind=kind,
        member_id=of.member_id,
        enrollment_id=of.enrollment_id,
        program_id=of.program_id,
        contract_id=of.contract_id or "",
        opened_on=opened_on,
        due_on=due_on,
        state=state.value,
        days_left=(due_on - as_of).days,
        met_on=met_on,
        because=f"Counted from {opened_on}, the {what} is to be sent by {due_on}.",
        citation=citation,
    )


def _wanted(one: Deadline, clocks: ServiceClocks, asked: Asked) -> bool:
    if asked.state is not None:
        return one.state == asked.state
    within = clocks.warn_days if asked.within_days is None else asked.within_days
    return one.state in _OWED and one.days_left <= within
