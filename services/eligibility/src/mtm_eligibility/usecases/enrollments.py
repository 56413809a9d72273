"""Enrolment by opt-out only (42 CFR 423.153(d)(1)(v)): who is targeted is in, until the member leaves.

A member has one enrolment in a programme and contract, and a programme is one plan year. Who left this year's programme
is not enrolled in it again unless the member asks; who left for good is not enrolled in any. Who moved to another
contract is enrolled anew under it when targeted there. Declining the comprehensive review is not leaving: targeted
reviews go on, and the review is offered again next year. Death and disenrolment are no wish of the member: the
enrolment ends as `disenrolled`, with reason 01 or 02 (CMS-10185).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mtm_shared.contracts.eligibility import Enrollment, EnrollmentEvent, OptInRequest, OptOutRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.determination import Determination
from mtm_eligibility.domain.enrollment import offer_due
from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import outbox
from mtm_eligibility.usecases.errors import (
    AlreadyDeclined,
    AlreadyOptedOut,
    BeforeEnrollment,
    BeforeOptIn,
    BeforeOptOut,
    NotOptedOut,
    PermanentNeedsProgram,
    PermanentNeedsWish,
    UnknownEnrollment,
)
from mtm_eligibility.usecases.ids import new_id

_ENROLLED, _OPTED_OUT, _DISENROLLED = "enrolled", "opted_out", "disenrolled"
_DEATH, _LEFT_PLAN = "01", "02"


async def enroll(
    session: AsyncSession,
    program: Program,
    decided: Determination,
    contract_id: str,
    determination_id: str,
    now: datetime,
) -> str | None:
    """Enrol a targeted member, or return the enrolment that stands; None when the member has opted out."""
    new = NewEnrollment(
        decided.member_id,
        contract_id,
        decided.as_of,
        decided.as_of,
        determination_id,
        None if decided.pathway is None else decided.pathway.value,
    )
    return (await enroll_member(session, program, new, now)).enrollment_id


@dataclass(frozen=True, slots=True)
class NewEnrollment:
    """Who is enrolled under which contract, since when, and why."""

    member_id: str
    contract_id: str
    targeted_on: date
    enrolled_on: date
    determination_id: str
    pathway: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """The enrolment that stands, None where the member has opted out; `new` when it was made now."""

    enrollment_id: str | None
    new: bool = False


async def enroll_member(session: AsyncSession, program: Program, new: NewEnrollment, now: datetime) -> Placed:
    """Enrol a member once, unless the member has left this programme, or MTM for good, or has died."""
    existing = await store.enrollments_of(session, new.member_id)
    for row in existing:
        if row["program_id"] != program.program_id:
            continue
        if row["status"] == _ENROLLED:
            return Placed(row["enrollment_id"])
        if row["status"] == _OPTED_OUT or row["opt_out_reason"] == _DEATH or row["contract_id"] == new.contract_id:
            return Placed(None)
    if program.opt_out.permanent_is_honoured.value and any(row["permanent"] for row in existing):
        return Placed(None)
    services = program.services
    offers = [row["cmr_offered_on"] for row in existing if row["cmr_offered_on"] is not None]
    due = offer_due(
        new.enrolled_on,
        program.plan_year,
        max(offers, default=None),
        services.cmr_offer_within_days.value,
        services.cmr_every_days.value,
    )
    enrollment_id = new_id("enr", now)
    row = {name: getattr(new, name) for name in NewEnrollment.__slots__}
    row |= {"enrollment_id": enrollment_id, "program_id": program.program_id, "plan_year": program.plan_year}
    row |= {"status": _ENROLLED, "cmr_offer_due": due, "cmr_declined": False, "permanent": False}
    await store.add_enrollment(session, row)
    await _event(session, enrollment_id, "enrolled", new.enrolled_on, now)
    told = {**_told(row), "enrolled_on": str(new.enrolled_on), "cmr_offer_due": str(due)}
    await outbox.emit(session, "member.enrolled", told, now=now)
    return Placed(enrollment_id, new=True)


def _told(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("enrollment_id", "member_id", "program_id", "contract_id")}


async def record_offer(session: AsyncSession, enrollment_id: str, on: date, now: datetime) -> None:
    """The comprehensive review was offered on this day; the first day counts."""
    row = await _to_change(session, enrollment_id, on)
    if row["cmr_offered_on"] is None or on < row["cmr_offered_on"]:
        await store.change_enrollment(session, enrollment_id, cmr_offered_on=on)
        await _event(session, enrollment_id, "cmr_offered", on, now)


async def disenroll(session: AsyncSession, row: Row, reason: str, on: date, now: datetime) -> None:
    """End an enrolment because the member died (01) or left the contract (02)."""
    enrollment_id = row["enrollment_id"]
    values = {"status": _DISENROLLED, "opted_out_on": on, "opt_out_reason": reason}
    await store.change_enrollment(session, enrollment_id, **values)
    await _event(session, enrollment_id, "disenrolled", on, now, reason=reason, scope="program", permanent=False)
    told = {**_told(row), "reason": reason, "scope": "program", "permanent": False, "on": str(on)}
    await outbox.emit(session, "member.opted_out", told, now=now)


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
    elif request.reason in (_DEATH, _LEFT_PLAN):
        if request.permanent:
            raise PermanentNeedsWish
        await disenroll(session, row, request.reason, request.on, now)
        return await get_enrollment(session, enrollment_id)
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
    told = {"reason": request.reason, "scope": request.scope, "permanent": request.permanent, "on": str(request.on)}
    await outbox.emit(session, "member.opted_out", {**_told(row), **told}, now=now)
    return await get_enrollment(session, enrollment_id)


async def opt_in(session: AsyncSession, enrollment_id: str, request: OptInRequest, now: datetime) -> Enrollment:
    """The member asks to come back; an opt-out for good is taken back with it."""
    row = await _to_change(session, enrollment_id, request.on)
    if row["status"] == _ENROLLED and not row["cmr_declined"]:
        raise NotOptedOut
    if row["opted_out_on"] is not None and request.on < row["opted_out_on"]:
        raise BeforeOptOut
    if row["opt_out_reason"] == _DEATH:
        raise NotOptedOut
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
    plan_year: int | None = None


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
        plan_year=wanted.plan_year,
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
        recorded_at=row["recorded_at"],
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
