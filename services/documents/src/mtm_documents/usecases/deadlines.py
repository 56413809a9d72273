"""What documents owes by when: the summary after a consultation, and safe disposal once a year.

42 CFR 423.153(d)(1)(vii)(D) and CMS's yearly guidance for the summary; 423.153(d)(1)(vii)(E) for safe disposal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mtm_shared.contracts.common import Citation
from mtm_shared.contracts.deadlines import Deadline, DeadlineKind
from mtm_shared.contracts.eligibility import Enrollment, ServiceClocks
from mtm_shared.contracts.reporting import CmrDone
from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import deliveries
from mtm_documents.usecases.ports import Eligibility, Reviews

TELLS_SAFE_DISPOSAL: Final = ("enrollment_letter", "cmr_summary", "safe_disposal")
"""The documents that carry the text on safe disposal."""
_OWED: Final = (DeadlineState.OVERDUE.value, DeadlineState.DUE_SOON.value, DeadlineState.OPEN.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines, of which page of enrolments; without a state, what is still owed and due within the days."""

    as_of: date
    within_days: int | None
    state: str | None
    kind: str | None
    program_id: str | None
    contract_id: str | None
    member_id: str | None
    cursor: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Owed:
    """Something that is owed, before it is told."""

    kind: DeadlineKind
    opened_on: date
    due_on: date
    because: str
    citation: Citation
    waived_on: date | None = None
    met: RowMapping | None = None
    review_id: str | None = None


async def document_deadlines(
    session: AsyncSession, eligibility: Eligibility, reviews: Reviews, asked: Asked
) -> tuple[list[Deadline], str | None]:
    """The deadlines of one page of enrolments, and eligibility's cursor of the next page."""
    page = await eligibility.enrollment_page(
        program_id=asked.program_id,
        contract_id=asked.contract_id,
        member_id=asked.member_id,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    standing = [one for one in page.items if one.enrolled_on <= asked.as_of]
    clocks = {name: (await eligibility.program(name)).clocks for name in {one.program_id for one in standing}}
    held = await _held(reviews, standing) if asked.kind != "safe_disposal" else {}
    members = sorted({one.member_id for one in standing})
    sent = await deliveries.first_sent(session, members, TELLS_SAFE_DISPOSAL, asked.as_of)
    told = []
    for enrollment in standing:
        of_program = clocks[enrollment.program_id]
        for owed in _owed(enrollment, held.get(enrollment.enrollment_id, ()), of_program, sent, asked.as_of):
            one = _deadline(enrollment, owed, asked.as_of, of_program.warn_days)
            if _wanted(one, of_program.warn_days, asked):
                told.append(one)
    return told, page.next_cursor


async def _held(reviews: Reviews, enrollments: Sequence[Enrollment]) -> Mapping[str, Sequence[CmrDone]]:
    """The consultations of these enrolments; what was done is told by plan year and programme, so all of it is read."""
    wanted = {one.enrollment_id for one in enrollments}
    held: dict[str, Sequence[CmrDone]] = {}
    for plan_year, program_id in sorted({(one.plan_year, one.program_id) for one in enrollments}):
        async for done in reviews.activity(plan_year=plan_year, program_id=program_id):
            if done.enrollment_id in wanted:
                held[done.enrollment_id] = done.cmrs
    return held


def _owed(
    enrollment: Enrollment, held: Sequence[CmrDone], clocks: ServiceClocks, sent: Sequence[RowMapping], as_of: date
) -> Iterator[_Owed]:
    for done in held:
        if done.held_on <= as_of:
            yield _summary(done, clocks, sent)
    if clocks.safe_disposal_required:
        yield _disposal(enrollment, clocks, sent)


def _summary(done: CmrDone, clocks: ServiceClocks, sent: Sequence[RowMapping]) -> _Owed:
    due_on = done.held_on + timedelta(days=clocks.summary_within_days)
    return _Owed(
        kind="cmr_summary",
        opened_on=done.held_on,
        due_on=due_on,
        because=f"The consultation was held on {done.held_on}; its summary is to be sent by {due_on}.",
        citation=clocks.citations["summary_within_days"],
        met=next((row for row in sent if row["kind"] == "cmr_summary" and row["review_id"] == done.review_id), None),
        review_id=done.review_id,
    )


def _disposal(enrollment: Enrollment, clocks: ServiceClocks, sent: Sequence[RowMapping]) -> _Owed:
    first, last = date(enrollment.plan_year, 1, 1), date(enrollment.plan_year, 12, 31)
    mine = (row for row in sent if row["member_id"] == enrollment.member_id and row["sent_on"] >= first)
    return _Owed(
        kind="safe_disposal",
        opened_on=enrollment.enrolled_on,
        due_on=last,
        because=f"Enrolled on {enrollment.enrolled_on}; information on safe disposal is to be sent by {last}.",
        citation=clocks.citations["safe_disposal_required"],
        waived_on=enrollment.opted_out_on,
        met=next(mine, None),
    )


def _deadline(enrollment: Enrollment, owed: _Owed, as_of: date, warn_days: int) -> Deadline:
    met_on = owed.met["sent_on"] if owed.met else None
    state = deadline_state(owed.due_on, met_on, as_of, warn_days, waived_on=owed.waived_on)
    return Deadline(
        kind=owed.kind,
        member_id=enrollment.member_id,
        enrollment_id=enrollment.enrollment_id,
        program_id=enrollment.program_id,
        contract_id=enrollment.contract_id,
        opened_on=owed.opened_on,
        due_on=owed.due_on,
        state=state.value,
        days_left=(owed.due_on - as_of).days,
        met_on=met_on,
        review_id=owed.review_id,
        document_id=owed.met["document_id"] if owed.met else None,
        because=owed.because,
        citation=owed.citation,
    )


def _wanted(one: Deadline, warn_days: int, asked: Asked) -> bool:
    if asked.kind is not None and one.kind != asked.kind:
        return False
    if asked.state is not None:
        return one.state == asked.state
    within = warn_days if asked.within_days is None else asked.within_days
    return one.state in _OWED and one.days_left <= within
