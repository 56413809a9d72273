"""Attempts to reach a member, kept one by one; where outreach stands is worked out from them (`domain/outreach.py`).

An attempt that was made is kept even if it was made outside the programme's hours, with a notice: leaving it out would
hide it. Three are refused, because they say something that cannot be so or must not be: a call from a number that the
programme did not tell its members, a result of another channel, and a call to who asked not to be called.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mtm_shared.contracts.eligibility import OptOutRequest
from mtm_shared.contracts.outreach import Attempt, AttemptNotice, AttemptRequest, Outreach
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain import outreach as domain
from mtm_eligibility.domain.outreach import CHANNELS_OF, SPOKEN, Channel, Result
from mtm_eligibility.domain.outreach_plan import digits_of
from mtm_eligibility.domain.program import Program
from mtm_eligibility.domain.representatives import DECIDING, TALKING
from mtm_eligibility.storage import contacts as contact_store
from mtm_eligibility.storage import enrollments as enrollment_store
from mtm_eligibility.storage import outreach as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.members import read_member
from mtm_eligibility.usecases.contacts import accepts, calls_unwanted, stop_calls
from mtm_eligibility.usecases.enrollments import opt_out, record_offer
from mtm_eligibility.usecases.errors import (
    BeforeEnrollment,
    CallerIdNotOfProgram,
    ChannelNotOfProgram,
    NoCallsWanted,
    NotEnrolled,
    RepresentativeNeeded,
    RepresentativeNotAccepted,
    ResultOfOtherChannel,
    UnknownEnrollment,
)
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.runtime import Runtime

_ENROLLED = "enrolled"
_OUTSIDE_HOURS = AttemptNotice(code="outside_call_hours", detail="The call was outside the programme's days and hours.")
_NO_NUMBER = AttemptNotice(code="from_number_not_told", detail="The number that the call came from was not told.")


async def record_attempt(
    session: AsyncSession, runtime: Runtime, enrollment_id: str, told: AttemptRequest, now: datetime
) -> Attempt:
    """Keep an attempt and what follows from it: the offer, the declined review, the wish not to be called."""
    row = await enrollment_store.read_enrollment(session, enrollment_id, to_change=True)
    if row is None:
        raise UnknownEnrollment
    program = runtime.program(row["program_id"])
    # A moment is a day too, in Python: ask for the moment first.
    moment = told.on if isinstance(told.on, datetime) else None
    day = told.on if moment is None else program.outreach.day_of(moment)
    _check_enrollment(row, day)
    notices = _check_contact(program, told, day, moment)
    await _check_member(session, row["member_id"], told, day)
    offers = told.offers_cmr and told.result in program.outreach.offering_results.value
    attempt = Attempt(
        attempt_id=new_id("att", now),
        enrollment_id=enrollment_id,
        on=day,
        at=moment,
        offered_cmr=offers,
        recorded_at=now,
        notices=notices,
        **told.model_dump(exclude={"on", "offers_cmr"}),
    )
    await store.add_attempt(session, **_columns(attempt))
    await _follow_up(session, row, attempt, now)
    return attempt


def _columns(attempt: Attempt) -> dict[str, Any]:
    values = attempt.model_dump(exclude={"on", "at", "notices"})
    notices = [notice.model_dump() for notice in attempt.notices]
    return {**values, "attempt_date": attempt.on, "attempted_at": attempt.at, "notices": notices}


def _check_enrollment(row: Row, day: date) -> None:
    if day < row["enrolled_on"]:
        raise BeforeEnrollment
    if row["status"] != _ENROLLED and (row["opted_out_on"] is None or day >= row["opted_out_on"]):
        raise NotEnrolled


def _check_contact(program: Program, told: AttemptRequest, day: date, moment: datetime | None) -> list[AttemptNotice]:
    channel, plan = Channel(told.channel), program.outreach
    if channel.value not in plan.channels.value:
        raise ChannelNotOfProgram
    if channel not in CHANNELS_OF[Result(told.result)]:
        raise ResultOfOtherChannel
    if channel not in SPOKEN:
        return []
    notices = [] if plan.within_hours(day, moment) else [_OUTSIDE_HOURS]
    known = {digits_of(number) for number in program.contact.caller_ids}
    if told.from_number is None:
        return [*notices, _NO_NUMBER] if known else notices
    if known and digits_of(told.from_number) not in known:
        raise CallerIdNotOfProgram
    return notices


async def _check_member(session: AsyncSession, member_id: str, told: AttemptRequest, day: date) -> None:
    """The member wants calls, and who spoke in the member's place may.

    The call in which a member asks not to be called may come on the day of the wish.
    """
    wishes = await contact_store.read_preferences(session, member_id)
    if Channel(told.channel) in SPOKEN and calls_unwanted(wishes, day) and told.result != Result.DO_NOT_CALL.value:
        raise NoCallsWanted
    if told.representative_id is None:
        if told.result == Result.REACHED_REPRESENTATIVE.value:
            raise RepresentativeNeeded
        return
    scopes = DECIDING if told.result == Result.DECLINED_CMR.value else TALKING
    row = await contact_store.read_representative(session, told.representative_id)
    if not accepts(row, member_id, scopes, day):
        raise RepresentativeNotAccepted


async def _follow_up(session: AsyncSession, row: Row, attempt: Attempt, now: datetime) -> None:
    if attempt.offered_cmr:
        await record_offer(session, attempt.enrollment_id, attempt.on, now)
    stays = row["status"] == _ENROLLED and not row["cmr_declined"]
    if attempt.result == Result.DECLINED_CMR.value and stays:
        declined = OptOutRequest(reason="03", on=attempt.on, scope="cmr_only")
        await opt_out(session, attempt.enrollment_id, declined, now)
    if attempt.result == Result.DO_NOT_CALL.value:
        await stop_calls(session, row["member_id"], attempt.on, now)


async def get_outreach(
    session: AsyncSession, runtime: Runtime, enrollment_id: str, as_of: date | None, now: datetime
) -> Outreach:
    """Where outreach stands on a day (today if none is given), with every attempt up to it."""
    row = await enrollment_store.read_enrollment(session, enrollment_id)
    if row is None:
        raise UnknownEnrollment
    program = runtime.program(row["program_id"])
    member = await read_member(session, row["member_id"])
    wishes = await contact_store.read_preferences(session, row["member_id"])
    attempts = (await store.attempts_of(session, [enrollment_id]))[enrollment_id]
    day = as_of or max([program.outreach.day_of(now), *(attempt["attempt_date"] for attempt in attempts)])
    made = [attempt for attempt in attempts if attempt["attempt_date"] <= day]
    found = standing_of(row, made, program, wishes, (member or {}).get("phone"), day)
    over = row["status"] != _ENROLLED
    return Outreach(
        enrollment_id=enrollment_id,
        member_id=row["member_id"],
        program_id=row["program_id"],
        status=found.status.value,
        attempts_counted=found.counted,
        attempts_needed=program.outreach.attempts.value,
        next_step=None if over or found.next_step is None else found.next_step.value,
        next_on=None if over else found.next_on,
        next_because=None if over or found.because is None else found.because.value,
        attempts=[_attempt_of(attempt) for attempt in made],
    )


def standing_of(
    enrollment: Row, attempts: Sequence[Row], program: Program, wishes: Row | None, phone: str | None, day: date
) -> domain.Outreach:
    """Where outreach stands, from rows."""
    preferred = None if wishes is None else wishes["preferred_channel"]
    standing = domain.Standing(
        enrolled_on=enrollment["enrolled_on"],
        declined=enrollment["cmr_declined"],
        do_not_call=calls_unwanted(wishes, day),
        has_phone=bool(digits_of(phone)),
        preferred=None if preferred is None else Channel(preferred),
    )
    made = [domain.Attempt(row["attempt_date"], Channel(row["channel"]), Result(row["result"])) for row in attempts]
    return domain.outreach_of(made, standing, program.outreach)


def _attempt_of(row: Row) -> Attempt:
    return Attempt(
        on=row["attempt_date"],
        at=row["attempted_at"],
        **{name: row[name] for name in Attempt.model_fields if name not in {"on", "at"}},
    )
