"""Enrolment by opt-out only (42 CFR 423.153(d)(1)(v)): who is targeted is in, until the member leaves.

A member has one enrolment in a programme, and a programme is one plan year. Who left this year's programme is not
enrolled in it again unless the member asks; who left for good is not enrolled in any. Declining the comprehensive
review is not leaving: targeted reviews go on, and the review is offered again next year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mtm_shared.contracts.eligibility import Enrollment, EnrollmentEvent, OptInRequest, OptOutRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.determination import Determination
from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases.errors import (
    AlreadyDeclined,
    AlreadyOptedOut,
    BeforeEnrollment,
    BeforeOptIn,
    BeforeOptOut,
    NotOptedOut,
    PermanentNeedsProgram,
    UnknownEnrollment,
)
from mtm_eligibility.usecases.ids import new_id

_ENROLLED, _OPTED_OUT = "enrolled", "opted_out"


async def enroll(
    session: AsyncSession,
    program: Program,
    decided: Determination,
    contract_id: str,
    determination_id: str,
    now: datetime,
) -> str | None:
    """Enrol a targeted member, or return the enrolment that stands; None when the member has opted out."""
    existing = await store.enrollments_of(session, decided.member_id)
    for row in existing:
        if row["program_id"] == program.program_id:
            return row["enrollment_id"] if row["status"] == _ENROLLED else None
    if program.opt_out.permanent_is_honoured.value and any(row["permanent"] for row in existing):
        return None
    enrollment_id = new_id("enr", now)
    due = decided.as_of + timedelta(days=program.services.cmr_offer_within_days.value)
    await store.add_enrollment(
        session,
        {
            "enrollment_id": enrollment_id,
            "member_id": decided.member_id,
            "program_id": program.program_id,
            "contract_id": contract_id,
            "status": _ENROLLED,
            "determination_id": determination_id,
            "pathway": None if decided.pathway is None else decided.pathway.value,
            "targeted_on": decided.as_of,
            "enrolled_on": decided.as_of,
            "plan_year": program.plan_year,
            "cmr_offer_due": due,
            "cmr_declined": False,
            "permanent": False,
        },
    )
    await _event(session, enrollment_id, "enrolled", decided.as_of, now)
    return enrollment_id


async def opt_out(session: AsyncSession, enrollment_id: str, request: OptOutRequest, now: datetime) -> Enrollment:
    """The member leaves the programme, or declines the comprehensive review only."""
    row = await _to_change(session, enrollment_id, request.on)
    if row["status"] != _ENROLLED:
        raise AlreadyOptedOut
    history = (await store.read_events(session, [enrollment_id]))[enrollment_id]
    if any(event["event"] == "opted_in" and event["event_date"] > request.on for event in history):
        raise BeforeOptIn
    if request.scope == "cmr_only":
        if request.permanent:
            raise PermanentNeedsProgram
        if row["cmr_declined"]:
            raise AlreadyDeclined
        await store.change_enrollment(session, enrollment_id, cmr_declined=True)
    else:
        await store.change_enrollment(
            session,
            enrollment_id,
            status=_OPTED_OUT,
            opted_out_on=request.on,
            opt_out_reason=request.reason,
            permanent=request.permanent,
        )
    await _event(
        session, enrollment_id, "opted_out", request.on, now,
        reason=request.reason, scope=request.scope, permanent=request.permanent,
    )  # fmt: skip
    return await get_enrollment(session, enrollment_id)


async def opt_in(session: AsyncSession, enrollment_id: str, request: OptInRequest, now: datetime) -> Enrollment:
    """The member asks to come back; an opt-out for good is taken back with it."""
    row = await _to_change(session, enrollment_id, request.on)
    if row["status"] == _ENROLLED and not row["cmr_declined"]:
        raise NotOptedOut
    if row["opted_out_on"] is not None and request.on < row["opted_out_on"]:
        raise BeforeOptOut
    await store.change_enrollment(
        session,
        enrollment_id,
        status=_ENROLLED,
        opted_out_on=None,
        opt_out_reason=None,
        permanent=False,
        cmr_declined=False,
    )
    await _event(session, enrollment_id, "opted_in", request.on, now)
    return await get_enrollment(session, enrollment_id)


async def record_offer(session: AsyncSession, enrollment_id: str, on: date, now: datetime) -> None:
    """The comprehensive review was offered on this day; the first day of the plan year is the one that counts."""
    row = await store.read_enrollment(session, enrollment_id, to_change=True)
    if row is None:
        raise UnknownEnrollment
    if row["cmr_offered_on"] is not None and row["cmr_offered_on"] <= on:
        return
    await store.change_enrollment(session, enrollment_id, cmr_offered_on=on)
    await _event(session, enrollment_id, "cmr_offered", on, now)


async def get_enrollment(session: AsyncSession, enrollment_id: str, *, to_change: bool = False) -> Enrollment:
    """One enrolment with its history, or `UnknownEnrollment`; locked when it is to be changed."""
    row = await store.read_enrollment(session, enrollment_id, to_change=to_change)
    if row is None:
        raise UnknownEnrollment
    return (await with_history(session, [row]))[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments are asked for; None asks for all."""

    status: str | None = None
    due: date | None = None
    program_id: str | None = None
    contract_id: str | None = None
    member_id: str | None = None


async def list_enrollments(session: AsyncSession, wanted: Wanted, after: str | None, limit: int) -> list[Enrollment]:
    """Enrolments by id. No review is owed to who has left or declined it: `due` alone asks for the enrolled."""
    status = _ENROLLED if wanted.due is not None and wanted.status is None else wanted.status
    rows = await store.list_enrollments(
        session,
        status=status,
        due=wanted.due,
        member_id=wanted.member_id,
        program_id=wanted.program_id,
        contract_id=wanted.contract_id,
        after=after,
        limit=limit,
    )
    return await with_history(session, rows)


async def with_history(session: AsyncSession, rows: Sequence[Row]) -> list[Enrollment]:
    """Rows as the wire shows enrolments."""
    history = await store.read_events(session, [row["enrollment_id"] for row in rows])
    return [
        Enrollment(
            **{name: row[name] for name in Enrollment.model_fields if name != "events"},
            events=[_event_of(event) for event in history[row["enrollment_id"]]],
        )
        for row in rows
    ]


def _event_of(row: Row) -> EnrollmentEvent:
    return EnrollmentEvent(
        event=row["event"],
        on=row["event_date"],
        reason=row["reason"],
        scope=row["scope"],
        permanent=row["permanent"],
    )


async def _to_change(session: AsyncSession, enrollment_id: str, on: date) -> Row:
    row = await store.read_enrollment(session, enrollment_id, to_change=True)
    if row is None:
        raise UnknownEnrollment
    if on < row["enrolled_on"]:
        raise BeforeEnrollment
    return row


async def _event(session: AsyncSession, enrollment_id: str, event: str, on: date, now: datetime, **values: Any) -> None:
    await store.add_event(session, enrollment_id, event=event, event_date=on, recorded_at=now, **values)
