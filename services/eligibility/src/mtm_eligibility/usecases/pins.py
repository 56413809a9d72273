"""The PIN of a voicemail: made once, told once, kept only as look-up and hash.

The programme's page: "a voicemail message with a seven-digit PIN. You will need this PIN if you call back from a
different number than the one on file". It belongs to one enrolment; a new one voids the one before.
"""

import asyncio
import secrets
from datetime import date, datetime, timedelta
from typing import Final

from mtm_shared.contracts.identity import PinAnswer
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.program import Program
from mtm_eligibility.storage import identity as store
from mtm_eligibility.storage.contacts import read_preferences
from mtm_eligibility.storage.enrollments import read_enrollment
from mtm_eligibility.usecases.contacts import calls_unwanted
from mtm_eligibility.usecases.errors import NoCallsWanted, NoPinFree, NoPinInProgram, NotEnrolled, UnknownEnrollment
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.pin_hashing import SALT_BYTES, keyed, new_pin, slow_hash
from mtm_eligibility.usecases.runtime import Runtime

_DRAWS: Final = 100


def lookup_of(key: bytes, program_id: str, pin: str) -> str:
    """What a PIN of this programme is found by."""
    return keyed(key, "lookup", program_id, pin)


async def make_pin(session: AsyncSession, runtime: Runtime, key: bytes, enrollment_id: str, now: datetime) -> PinAnswer:
    """A new PIN for this enrolment; whatever PIN it had is void."""
    row = await read_enrollment(session, enrollment_id, to_change=True)
    if row is None:
        raise UnknownEnrollment
    program = runtime.program(row["program_id"])
    if not program.identity.uses_pin.value:
        raise NoPinInProgram
    if row["status"] != "enrolled":
        raise NotEnrolled
    today = program.outreach.day_of(now)
    if calls_unwanted(await read_preferences(session, row["member_id"]), today):
        raise NoCallsWanted
    await store.void_pins(session, enrollment_id, now)
    pin = await _free_pin(session, program, key, today, now)
    pin_id, salt = new_id("pin", now), secrets.token_bytes(SALT_BYTES)
    expires_on = today + timedelta(days=program.outreach.pin_valid_days.value)
    await store.add_pin(
        session,
        pin_id=pin_id,
        enrollment_id=enrollment_id,
        lookup=lookup_of(key, program.program_id, pin),
        salt=salt,
        hash=await asyncio.to_thread(slow_hash, key, pin, salt),
        created_at=now,
        expires_on=expires_on,
    )
    return PinAnswer(
        pin_id=pin_id, enrollment_id=enrollment_id, member_id=row["member_id"], pin=pin, expires_on=expires_on
    )


async def _free_pin(session: AsyncSession, program: Program, key: bytes, today: date, now: datetime) -> str:
    for _ in range(_DRAWS):
        pin = new_pin(program.identity)
        if await store.free_lookup(session, lookup_of(key, program.program_id, pin), today, now):
            return pin
    raise NoPinFree
