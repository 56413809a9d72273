"""Taking a targeted member in: once for a programme and contract, and never against the member's wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mtm_shared.values.deadline import DeadlineState, deadline_state
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.determination import Determination
from mtm_eligibility.domain.enrollment import ENROLLED, Held, Place, offer_due, place, year_end
from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import enrollments as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import outbox
from mtm_eligibility.usecases.ids import new_id


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
    """The enrolment that stands, None where the member has left; `new` when it was made or begun again now."""

    enrollment_id: str | None
    new: bool = False


async def enroll(
    session: AsyncSession,
    program: Program,
    decided: Determination,
    contract_id: str,
    determination_id: str,
    now: datetime,
) -> str | None:
    """Enrol a targeted member, or return the enrolment that stands; None when the member has left."""
    new = NewEnrollment(
        decided.member_id,
        contract_id,
        decided.as_of,
        decided.as_of,
        determination_id,
        None if decided.pathway is None else decided.pathway.value,
    )
    return (await enroll_member(session, program, new, now)).enrollment_id


async def enroll_member(session: AsyncSession, program: Program, new: NewEnrollment, now: datetime) -> Placed:
    """Enrol a member once, unless the member has left this programme, or MTM for good, or has died."""
    existing = await store.enrollments_of(session, new.member_id)
    honours = program.opt_out.permanent_is_honoured.value
    what, enrollment_id = place(
        [_held(row) for row in existing],
        program.program_id,
        new.contract_id,
        new.enrolled_on,
        honours_permanent=honours,
    )
    if what is Place.STANDS or what is Place.LEFT:
        return Placed(enrollment_id)
    if what is Place.AGAIN and enrollment_id is not None:
        return await _again(session, program, existing, enrollment_id, new, now)
    return await _new(session, program, existing, new, now)


async def _new(
    session: AsyncSession, program: Program, existing: Sequence[Row], new: NewEnrollment, now: datetime
) -> Placed:
    enrollment_id = new_id("enr", now)
    row = {name: getattr(new, name) for name in NewEnrollment.__slots__}
    row |= {"enrollment_id": enrollment_id, "program_id": program.program_id, "plan_year": program.plan_year}
    row |= {"status": ENROLLED, "cmr_declined": False, "permanent": False}
    row["cmr_offer_due"] = _due(program, existing, new.enrolled_on)
    await store.add_enrollment(session, row)
    await _tell(session, row, "enrolled", new.enrolled_on, now)
    return Placed(enrollment_id, new=True)


async def _again(
    session: AsyncSession,
    program: Program,
    existing: Sequence[Row],
    enrollment_id: str,
    new: NewEnrollment,
    now: datetime,
) -> Placed:
    """The member is back under the contract: the same enrolment goes on, with an offer owed if none was made."""
    (was,) = [row for row in existing if row["enrollment_id"] == enrollment_id]
    values: dict[str, Any] = {"status": ENROLLED, "opted_out_on": None, "opt_out_reason": None}
    values |= {"determination_id": new.determination_id, "pathway": new.pathway or was["pathway"]}
    if was["cmr_offered_on"] is None:
        values |= {"cmr_offer_due": _due(program, existing, new.enrolled_on), "due_told_on": None}
    await store.change_enrollment(session, enrollment_id, **values)
    await _tell(session, {**was, **values}, "reenrolled", new.enrolled_on, now)
    return Placed(enrollment_id, new=True)


def _due(program: Program, existing: Sequence[Row], enrolled_on: date) -> date:
    offers = [row["cmr_offered_on"] for row in existing if row["cmr_offered_on"] is not None]
    services = program.services
    return offer_due(
        enrolled_on,
        program.plan_year,
        max(offers, default=None),
        services.cmr_offer_within_days.value,
        services.cmr_every_days.value,
        _owed_by(program, existing),
    )


def _owed_by(program: Program, existing: Sequence[Row]) -> date | None:
    """The day of the offer that last year's standing enrolment still owed when its year ended."""
    last_day = year_end(program.plan_year - 1)
    for row in existing:
        if row["plan_year"] == program.plan_year - 1 and row["status"] == ENROLLED and not row["cmr_declined"]:
            state = deadline_state(row["cmr_offer_due"], row["cmr_offered_on"], last_day, 0)
            if state not in (DeadlineState.MET, DeadlineState.MET_LATE):
                owed: date = row["cmr_offer_due"]
                return owed
    return None


def _held(row: Row) -> Held:
    return Held(
        row["enrollment_id"],
        row["program_id"],
        row["contract_id"],
        row["status"],
        row["opt_out_reason"],
        row["opted_out_on"],
        row["permanent"],
    )


async def _tell(session: AsyncSession, row: Row, event: str, on: date, now: datetime) -> None:
    await store.add_event(session, row["enrollment_id"], event=event, event_date=on, recorded_at=now)
    names = ("enrollment_id", "member_id", "program_id", "contract_id")
    told = {**{name: row[name] for name in names}, "enrolled_on": str(on), "cmr_offer_due": str(row["cmr_offer_due"])}
    await outbox.emit(session, "member.enrolled", told, now=now)
