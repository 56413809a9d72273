"""One batch of a targeting run: every member is determined, and the newly targeted are enrolled (opt-out only).

Who is enrolled already stays so, whatever the criteria say now. With last year's programme named, who was enrolled in
it at its end goes on from 1 January, or from the first day under the contract if that is later.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

import structlog
from mtm_shared.contracts.eligibility import Determination, DeterminationRequest
from mtm_shared.contracts.targeting import TargetingCounts
from mtm_shared.logs import describe_error
from mtm_shared.storage.audit import worked
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import ENROLLED, Span, covered_since
from mtm_eligibility.storage import enrollments as enrollment_store
from mtm_eligibility.storage import members as member_store
from mtm_eligibility.storage import runs as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import audit_trail
from mtm_eligibility.usecases.determinations import determine_member
from mtm_eligibility.usecases.enrolling import NewEnrollment, enroll_member
from mtm_eligibility.usecases.runtime import Runtime

_log = structlog.get_logger("mtm.population")
MEMBERS_AT_ONCE: Final = 50
NOT_COVERED, FAILED = "not_covered", "failed"


class CountsDoNotAddUp(Exception):
    """A member is in no count or in two: the run must not be called done."""


@dataclass(frozen=True, slots=True)
class Target:
    """A member, and the contract on the day of the run."""

    member_id: str
    contract_id: str


async def target_batch(
    session: AsyncSession, runtime: Runtime, row: Row, now: datetime
) -> tuple[str | None, dict[str, Any]]:
    """Decide on the next members; the last of them, and what of the run changes with them."""
    counts = TargetingCounts(**row["counts"]).model_dump()
    seal, versions = row["seal"], list(row["versions"] or [])
    members = await member_store.list_members(session, row["after_id"] or None, MEMBERS_AT_ONCE)
    covered = await member_store.covered_on(session, [member["member_id"] for member in members], row["as_of"])
    for member in members:
        counts["members"] += 1
        contract_id = covered.get(member["member_id"])
        if contract_id is None:
            counts[NOT_COVERED] += 1
            await store.add_left_out(session, row["run_id"], member["member_id"], NOT_COVERED)
            continue
        tried = dict(counts)
        found = await _try(session, runtime, row, Target(member["member_id"], contract_id), tried, now)
        if found is None:
            counts[FAILED] += 1
            await store.add_left_out(session, row["run_id"], member["member_id"], FAILED)
            continue
        counts, seal = tried, sealed(seal, found)
        made = found.made_by.model_dump(mode="json", include={"rules_fingerprint", "vocabulary_version"})
        made["service_version"] = found.made_by.service_version
        if made not in versions:
            versions.append(made)
    seen = [member["member_id"] for member in members]
    await audit_trail.record(session, worked(now, "targeting.determine", seen, run_id=row["run_id"]))
    after = seen[-1] if seen else None
    return after, {"counts": counts, "seal": seal, "versions": versions}


def sealed(seal: str, found: Determination) -> str:
    """The seal over one more decision: a chain, so that it does not matter where a run was interrupted.

    Ids that every run gives anew are left out: the same members and versions give the same seal.
    """
    told = found.model_dump_json(exclude={"determination_id", "enrollment_id"})
    return sha256(f"{seal}\n{told}".encode()).hexdigest()


def check_counts(counts: TargetingCounts) -> None:
    """Members = determined + not covered + failed, and every determination has one outcome."""
    outcomes = counts.eligible + counts.not_eligible + counts.cannot_tell
    if counts.members != counts.determined + counts.not_covered + counts.failed or counts.determined != outcomes:
        raise CountsDoNotAddUp


async def _try(
    session: AsyncSession, runtime: Runtime, row: Row, target: Target, counts: dict[str, int], now: datetime
) -> Determination | None:
    try:
        async with session.begin_nested():
            return await _target_one(session, runtime, row, target, counts, now)
    except (SQLAlchemyError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - one member's record must not stop the run of all
        _log.error("member_not_determined", **describe_error(error))
        return None


async def _target_one(
    session: AsyncSession, runtime: Runtime, row: Row, target: Target, counts: dict[str, int], now: datetime
) -> Determination:
    rows = await enrollment_store.enrollments_of(session, target.member_id)
    standing = {one["program_id"] for one in rows if one["status"] == ENROLLED}
    goes_on = row["program_id"] not in standing and row["carry_over_from"] in standing
    request = DeterminationRequest(program_id=row["program_id"], as_of=row["as_of"], enroll=not goes_on)
    found = await determine_member(session, runtime, target.member_id, request, now)
    await store.add_determination(session, row["run_id"], target.member_id, str(found.determination_id))
    counts["determined"] += 1
    counts[found.outcome] += 1
    if row["program_id"] in standing:
        counts["already_enrolled"] += 1
    elif goes_on:
        counts["carried_over" if await _carry_over(session, runtime, row, target, found, now) else "opted_out"] += 1
    elif found.enrollment_id is not None:
        counts["enrolled"] += 1
    elif any(notice.code == "opted_out" for notice in found.notices):
        counts["opted_out"] += 1
    return found


async def _carry_over(
    session: AsyncSession, runtime: Runtime, row: Row, target: Target, found: Determination, now: datetime
) -> bool:
    """Last year's enrolment goes on (CMS: enrolled to the year's end, and commonly rolled over; unverified)."""
    program = runtime.program(row["program_id"])
    spans = (await member_store.read_coverage(session, [target.member_id]))[target.member_id]
    known = [Span(span["contract_id"], span["effective_from"], span["effective_to"]) for span in spans]
    since = max(date(program.plan_year, 1, 1), covered_since(target.contract_id, known, row["as_of"]))
    made = str(found.determination_id)
    new = NewEnrollment(target.member_id, target.contract_id, row["as_of"], since, made, found.pathway)
    return (await enroll_member(session, program, new, now)).new
