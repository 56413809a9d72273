"""Enrolment by opt-out only (42 CFR 423.153(d)(1)(v)): who is targeted is in, until the member leaves.

A member has one enrolment in a programme and contract, and a programme is one plan year. Who left this year's programme
is not enrolled in it again unless the member asks; who left for good is not enrolled in any. Who moved to another
contract is enrolled anew under it when targeted there; who is back under a contract goes on with the enrolment that
was. After the plan year an enrolment changes no more, but for the wish to stay away for good. Declining the
comprehensive review is not leaving: targeted reviews go on, and the review is offered again next year. Death and
disenrolment are no wish of the member: the enrolment ends as `disenrolled`, with reason 01 or 02 (CMS-10185).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mtm_shared.contracts.eligibility import Enrollment, EnrollmentEvent, OptInRequest, OptOutRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import (
    DEATH,
    DECLINE_ONLY,
    DISENROLLED,
    ENROLLED,
    LEFT_PLAN,
    OPTED_OUT,
    Happened,
    last_day_of,
    year_end,
)
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.members import read_member
from mtm_eligibility.storage.tables import outbox
from mtm_eligibility.usecases.errors import (
    AfterPlanYear,
    AlreadyDeclined,
    AlreadyOptedOut,
    BeforeEnrollment,
    BeforeOptIn,
    BeforeOptOut,
    NotOptedOut,
    PermanentNeedsProgram,
    PermanentNeedsWish,
    RecordedAsDead,
    UnknownEnrollment,
)


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
    values = {"status": DISENROLLED, "opted_out_on": on, "opt_out_reason": reason}
    await store.change_enrollment(session, enrollment_id, **values)
    await _event(session, enrollment_id, "disenrolled", on, now, reason=reason, scope="program", permanent=False)
    told = {**_told(row), "reason": reason, "scope": "program", "permanent": False, "on": str(on)}
    await outbox.emit(session, "member.opted_out", told, now=now)


async def opt_out(session: AsyncSession, enrollment_id: str, request: OptOutRequest, now: datetime) -> Enrollment:
    """The member leaves the programme, or declines the comprehensive review only."""
    row = await _to_change(session, enrollment_id, request.on)
    if request.permanent and request.scope == DECLINE_ONLY:
        raise PermanentNeedsProgram
    if request.permanent and request.reason in (DEATH, LEFT_PLAN):
        raise PermanentNeedsWish
    if request.on < last_day_of(await _history(session, enrollment_id), "opted_in"):
        raise BeforeOptIn
    if _only_for_good(row, request):
        await store.change_enrollment(session, enrollment_id, permanent=True)
    elif row["status"] != ENROLLED:
        raise AlreadyOptedOut
    elif request.on > year_end(row["plan_year"]):
        raise AfterPlanYear
    elif request.scope == DECLINE_ONLY:
        if row["cmr_declined"]:
            raise AlreadyDeclined
        await store.change_enrollment(session, enrollment_id, cmr_declined=True)
    elif request.reason in (DEATH, LEFT_PLAN):
        await disenroll(session, row, request.reason, request.on, now)
        return await get_enrollment(session, enrollment_id)
    else:
        values = {"opted_out_on": request.on, "opt_out_reason": request.reason, "permanent": request.permanent}
        await store.change_enrollment(session, enrollment_id, status=OPTED_OUT, **values)
    told = {"reason": request.reason, "scope": request.scope, "permanent": request.permanent}
    await _event(session, enrollment_id, "opted_out", request.on, now, **told)
    await outbox.emit(session, "member.opted_out", {**_told(row), **told, "on": str(request.on)}, now=now)
    return await get_enrollment(session, enrollment_id)


def _only_for_good(row: Row, request: OptOutRequest) -> bool:
    """The wish to stay away for good, of a member who has left already or whose plan year is over."""
    if not request.permanent or row["permanent"]:
        return False
    if row["status"] == ENROLLED:
        return request.on > year_end(row["plan_year"])
    return bool(row["opt_out_reason"] != DEATH and request.on >= row["opted_out_on"])


async def opt_in(session: AsyncSession, enrollment_id: str, request: OptInRequest, now: datetime) -> Enrollment:
    """The member asks to come back; an opt-out for good is taken back with it, and so is a death told in error.

    After the plan year there is nothing to come back to but a later programme: only the wish for good is taken back.
    """
    row = await _to_change(session, enrollment_id, request.on)
    if row["opt_out_reason"] == DEATH and await _recorded_as_dead(session, row["member_id"]):
        raise RecordedAsDead
    if request.on < last_day_of(await _history(session, enrollment_id), "opted_out"):
        raise BeforeOptOut
    if row["opted_out_on"] is not None and request.on < row["opted_out_on"]:
        raise BeforeOptOut
    if request.on > year_end(row["plan_year"]):
        if not row["permanent"]:
            raise NotOptedOut
        await store.change_enrollment(session, enrollment_id, permanent=False)
    elif row["status"] == ENROLLED and not row["cmr_declined"]:
        raise NotOptedOut
    else:
        values = {"opted_out_on": None, "opt_out_reason": None, "permanent": False, "cmr_declined": False}
        await store.change_enrollment(session, enrollment_id, status=ENROLLED, **values)
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
    status = ENROLLED if wanted.due is not None and wanted.status is None else wanted.status
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


async def _recorded_as_dead(session: AsyncSession, member_id: str) -> bool:
    member = await read_member(session, member_id)
    return member is not None and member["death_date"] is not None


def happened(rows: Sequence[Row]) -> list[Happened]:
    """Stored events as the rules read them."""
    return [Happened(row["event"], row["event_date"], row["scope"]) for row in rows]


async def _history(session: AsyncSession, enrollment_id: str) -> list[Happened]:
    return happened((await store.read_events(session, [enrollment_id]))[enrollment_id])


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
