"""Who is calling: answers checked so that nobody learns which of them was wrong, and nobody can try for long.

Every request does the same work whatever it holds: the same questions to the database and exactly one slow hash, of
the PIN that was given or of none. Failures count towards a lock by everything that was claimed (number, member, PIN)
and by whom it could have been. The last lock is silent: a caller must not learn from it that a PIN exists.
"""

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mtm_shared.contracts.identity import Verification, VerificationRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.identity import Answers, Candidate, identified, locked_until
from mtm_eligibility.domain.outreach_plan import OutreachPlan, digits_of
from mtm_eligibility.domain.representatives import TALKING
from mtm_eligibility.storage import identity as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.contacts import read_representative
from mtm_eligibility.usecases.contacts import accepts
from mtm_eligibility.usecases.errors import TooManyAttempts
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.pin_hashing import SALT_BYTES, keyed, slow_hash
from mtm_eligibility.usecases.pins import lookup_of
from mtm_eligibility.usecases.runtime import Runtime

_HOUR: Final = timedelta(hours=1)
_VERIFIED, _FAILED, _LOCKED = "verified", "failed", "locked"
_NOBODY: Final = b"\x00" * SALT_BYTES
_SILENT: Final = 3
# Locks are at most so many windows apart from what made them.
_LOOK_BACK: Final = 10


@dataclass(frozen=True, slots=True)
class Guard:
    """The service's key, who asks (the client of the API), and when."""

    key: bytes
    caller: str
    now: datetime


async def verify(session: AsyncSession, runtime: Runtime, told: VerificationRequest, guard: Guard) -> Verification:
    """Whether the caller is the member, or a representative of the member; raises `TooManyAttempts`."""
    program = runtime.program(told.program_id)
    plan = program.outreach
    people = await _candidates(session, told, plan, guard)
    answers = Answers(
        told.birth_date, told.zip_code, digits_of(told.calling_number), told.member_id, told.representative_id
    )
    claims = _claims(told, guard.key)
    silent = _silent([each for each in people if _claimed(each, answers)], claims, guard.key)
    caller = keyed(guard.key, "caller", guard.caller)
    await store.hold_keys(session, {*claims, *silent, caller})
    await _check_rate(session, claims, caller, plan, guard.now)
    until = await _lock(session, claims, plan, guard.now)
    hidden = await _lock(session, silent, plan, guard.now)
    person = identified(people, answers, uses_pin=program.identity.uses_pin.value)
    if until is not None or hidden is not None:
        person = None
    outcome = _LOCKED if until is not None else _FAILED if person is None else _VERIFIED
    verification_id = new_id("ver", guard.now)
    kept = {
        "verification_id": verification_id,
        "program_id": told.program_id,
        "tried_at": guard.now,
        "outcome": outcome,
        "enrollment_id": None if person is None else person.enrollment_id,
        "representative_id": None if person is None else told.representative_id,
    }
    await store.keep_try(session, kept, {*claims, *silent, caller})
    if person is None:
        until = await _lock(session, claims, plan, guard.now)
        return Verification(
            verification_id=verification_id,
            verified=False,
            reason="locked" if outcome == _LOCKED else "not_verified",
            locked_until=until,
        )
    return await _verified(session, verification_id, person, told)


async def _verified(
    session: AsyncSession, verification_id: str, person: Candidate, told: VerificationRequest
) -> Verification:
    spoken_for = await read_representative(session, told.representative_id or "")
    return Verification(
        verification_id=verification_id,
        verified=True,
        reason="verified",
        member_id=person.member_id,
        enrollment_id=person.enrollment_id,
        representative_id=told.representative_id,
        representative_scope=None if spoken_for is None else spoken_for["scope"],
    )


async def _candidates(
    session: AsyncSession, told: VerificationRequest, plan: OutreachPlan, guard: Guard
) -> list[Candidate]:
    """Everybody whom the answers could mean, with one slow hash on the way, whatever was given."""
    row = await store.read_pin(session, lookup_of(guard.key, told.program_id, told.pin or ""))
    today = plan.day_of(guard.now)
    found = row if row is not None and row["expires_on"] >= today else None
    salt = _NOBODY if found is None else found["salt"]
    hashed = await asyncio.to_thread(slow_hash, guard.key, told.pin or "", salt)
    right = hmac.compare_digest(hashed, _NOBODY * 2 if found is None else found["hash"])
    by_pin = found["enrollment_id"] if found is not None and right else None
    born = await store.people_born(session, told.program_id, told.birth_date)
    named = await store.people_named(session, told.program_id, told.member_id, by_pin)
    speaker = await read_representative(session, told.representative_id or "")
    people = {row["enrollment_id"]: row for row in (*born, *named)}
    return [_candidate(person, by_pin, speaker, plan, guard.now) for person in people.values()]


def _candidate(person: Row, by_pin: str | None, speaker: Row | None, plan: OutreachPlan, now: datetime) -> Candidate:
    speaks = accepts(speaker, person["member_id"], TALKING, plan.day_of(now))
    numbers = {digits_of(person["phone"])}
    representatives: frozenset[str] = frozenset()
    if speaker is not None and speaks:
        numbers.add(digits_of(speaker["phone"]))
        representatives = frozenset({speaker["representative_id"]})
    return Candidate(
        member_id=person["member_id"],
        enrollment_id=person["enrollment_id"],
        birth_date=person["birth_date"],
        zip_code=person["zip_code"] or (person["address"] or {}).get("zip_code") or "",
        numbers=frozenset(numbers - {""}),
        pin_matches=person["enrollment_id"] == by_pin,
        representatives=representatives,
    )


def _claimed(candidate: Candidate, answers: Answers) -> bool:
    """Whether the caller claimed to be this member by something else than a birth date."""
    on_file = answers.calling_number in candidate.numbers
    return candidate.pin_matches or on_file or answers.member_id == candidate.member_id


def _silent(claimed: Sequence[Candidate], claims: set[str], key: bytes) -> set[str]:
    """Keys of those whom the caller could be, always equally many: what is done for them must not tell that there are.

    The keys that fill up follow from the claims, so that they add nothing to the locks of the claims themselves.
    """
    members = sorted({each.member_id for each in claimed})[:_SILENT]
    filled = [keyed(key, "nobody", str(number), *sorted(claims)) for number in range(_SILENT - len(members))]
    return {*(keyed(key, "locked_member", member_id) for member_id in members), *filled}


def _claims(told: VerificationRequest, key: bytes) -> set[str]:
    given: Mapping[str, str | None] = {
        "number": digits_of(told.calling_number),
        "member": told.member_id,
        "pin_given": told.pin,
    }
    return {keyed(key, kind, told.program_id, value) for kind, value in given.items() if value}


async def _lock(session: AsyncSession, keys: set[str], plan: OutreachPlan, now: datetime) -> datetime | None:
    """The last lock of any of these keys that stands now."""
    minutes, most = plan.locked_minutes.value, plan.max_failures.value
    since = now - timedelta(minutes=minutes) * _LOOK_BACK
    found = []
    for key in sorted(keys):
        rows = await store.tries_with(session, key, since)
        tried = [(row["tried_at"], row["outcome"] == _VERIFIED) for row in rows if row["outcome"] != _LOCKED]
        until = locked_until(tried, now, max_failures=most, locked_minutes=minutes)
        if until is not None:
            found.append(until)
    return max(found, default=None)


async def _check_rate(session: AsyncSession, claims: set[str], caller: str, plan: OutreachPlan, now: datetime) -> None:
    """Tries with each claim, and failures of each client of the API, in the last hour."""
    for key in sorted(claims):
        _check_count(await store.tries_with(session, key, now - _HOUR), plan.attempts_per_hour.value, now)
    failures = [row for row in await store.tries_with(session, caller, now - _HOUR) if row["outcome"] != _VERIFIED]
    _check_count(failures, plan.caller_failures_per_hour.value, now)


def _check_count(rows: Sequence[Row], most: int, now: datetime) -> None:
    if len(rows) >= most:
        free = rows[len(rows) - most]["tried_at"] + _HOUR
        raise TooManyAttempts(max(1, int((free - now).total_seconds()) + 1))
