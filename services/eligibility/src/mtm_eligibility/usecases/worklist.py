"""Whom to contact on a day, by which channel and why, with what the caller or writer has to know."""

from datetime import date

from mtm_shared.contracts.outreach import OutreachScript, WorklistItem
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.outreach import Channel
from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import outreach as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases.contacts import calls_unwanted
from mtm_eligibility.usecases.outreach import standing_of
from mtm_eligibility.usecases.runtime import Runtime


async def worklist(
    session: AsyncSession, runtime: Runtime, program_id: str, on: date, after: str | None, limit: int
) -> tuple[list[WorklistItem], str | None]:
    """Those of the next `limit` enrolments who are to be contacted by the day, and where to go on.

    Attempts after the day are not looked at. A member who has died, left or declined the review is on no list.
    """
    program = runtime.program(program_id)
    found = await store.to_contact(session, program_id=program_id, plan_year=on.year, after=after, limit=limit + 1)
    rows = found[:limit]
    attempts = await store.attempts_of(session, [row["enrollment_id"] for row in rows])
    script = script_of(program)
    items = []
    for row in rows:
        made = [attempt for attempt in attempts[row["enrollment_id"]] if attempt["attempt_date"] <= on]
        item = _item(row, made, program, script, on)
        if item is not None:
            items.append(item)
    return items, rows[-1]["enrollment_id"] if len(found) > limit else None


def _item(row: Row, made: list[Row], program: Program, script: OutreachScript, on: date) -> WorklistItem | None:
    if row["enrolled_on"] > on or (row["death_date"] is not None and row["death_date"] <= on):
        return None
    unwanted = calls_unwanted(row, on)
    stands = standing_of(row, made, program, row, row["phone"], on)
    if stands.next_step is None or stands.next_on is None or stands.because is None or stands.next_on > on:
        return None
    return WorklistItem(
        **{name: row[name] for name in ("enrollment_id", "member_id", "program_id", "contract_id")},
        channel=stands.next_step.value,
        due_on=stands.next_on,
        because=stands.because.value,
        attempts_counted=stands.counted,
        attempts_needed=program.outreach.attempts.value,
        language=row["preferred_language"] or row["member_language"],
        preferred_time=row["preferred_time"],
        do_not_call=unwanted,
        cmr_offer_due=row["cmr_offer_due"],
        cmr_offered_on=row["cmr_offered_on"],
        script=script,
    )


def script_of(program: Program) -> OutreachScript:
    """The programme's own numbers and hours: to call from, and to name for calling back."""
    channels = [*program.contact.for_purpose("scheduling"), *program.contact.for_purpose("questions")]
    told = next((channel for channel in channels if channel.kind == Channel.PHONE), None)
    return OutreachScript(
        caller_ids=list(program.contact.caller_ids),
        call_back="" if told is None else told.value,
        hours="" if told is None else told.hours,
        hours_es="" if told is None else told.hours_es,
        tty="" if told is None else told.tty,
        leaves_pin=program.identity.uses_pin.value,
        pin_digits=program.identity.pin_digits.value,
    )
