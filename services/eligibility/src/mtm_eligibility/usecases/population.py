"""Runs over the members, worked off in small transactions: targeting, and the sweep for who has died or left.

Each batch moves the checkpoint in the transaction that keeps its decisions, so that a run that was killed goes on
where it stopped, with no member lost and none twice. A member who cannot be determined is counted as failed, and the
rest goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import structlog
from mtm_shared.contracts.eligibility import DeterminationRequest
from mtm_shared.contracts.targeting import SweepCounts, SweepRequest, TargetingCounts, TargetingRunRequest
from mtm_shared.logs import describe_error
from mtm_shared.storage import JobQueue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import Span, departure
from mtm_eligibility.storage import enrollments as enrollment_store
from mtm_eligibility.storage import members as member_store
from mtm_eligibility.storage import runs as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import jobs, outbox
from mtm_eligibility.usecases.determinations import determine_member
from mtm_eligibility.usecases.enrollments import NewEnrollment, disenroll, enroll_member
from mtm_eligibility.usecases.errors import SourceNotOffered, UnknownRun
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.runtime import Runtime

_log = structlog.get_logger("mtm.population")
TARGETING, SWEEP = "targeting", "sweep"
MEMBERS_AT_ONCE: Final = 50
ENROLLMENTS_AT_ONCE: Final = 500


async def order_targeting(
    session: AsyncSession, runtime: Runtime, request: TargetingRunRequest, author: str, now: datetime
) -> str:
    """Keep a targeting run and its job; answers its id."""
    runtime.program(request.program_id)
    if request.carry_over_from is not None:
        runtime.program(request.carry_over_from)
    if request.source.kind != "stored":
        raise SourceNotOffered
    told = {"program_id": request.program_id, "carry_over_from": request.carry_over_from}
    return await _order(session, TARGETING, request.as_of, author, now, told)


async def order_sweep(session: AsyncSession, request: SweepRequest, author: str, now: datetime) -> str:
    """Keep a sweep and its job; answers its id."""
    return await _order(session, SWEEP, request.as_of, author, now, {})


async def _order(
    session: AsyncSession, kind: str, as_of: date, author: str, now: datetime, told: Mapping[str, Any]
) -> str:
    run_id = new_id("run", now)
    row = {"run_id": run_id, "kind": kind, "as_of": as_of, "author": author, "state": "queued", "created_at": now}
    await store.add_run(session, {**row, "after_id": "", "counts": {}, **told})
    await JobQueue(jobs).enqueue(session, kind, {"run_id": run_id}, now=now, key=run_id, max_attempts=20)
    return run_id


async def read_run(session: AsyncSession, run_id: str, kind: str) -> Row:
    """The run, or `UnknownRun`."""
    row = await store.read_run(session, run_id, kind)
    if row is None:
        raise UnknownRun
    return row


async def step(session: AsyncSession, runtime: Runtime, row: Row, now: datetime) -> Row | None:
    """One batch of a run; the run as it then stands, or None when it has ended."""
    batch = _target if row["kind"] == TARGETING else _sweep
    after, counts = await batch(session, runtime, row, now)
    if after is None:
        await store.end_run(session, row["run_id"], "done", now)
        told = {"run_id": row["run_id"], "kind": row["kind"], "state": "done", "counts": row["counts"]}
        await outbox.emit(session, "run.finished", told, now=now)
        return None
    values = {"after_id": after, "counts": counts, "state": "running"}
    if not await store.advance_run(session, row["run_id"], row["after_id"], **values):
        return None
    return {**row, **values}


async def _target(session: AsyncSession, runtime: Runtime, row: Row, now: datetime) -> tuple[str | None, Any]:
    counts = TargetingCounts(**row["counts"]).model_dump()
    members = await member_store.list_members(session, row["after_id"] or None, MEMBERS_AT_ONCE)
    covered = await member_store.covered_on(session, [member["member_id"] for member in members], row["as_of"])
    for member in members:
        counts["members"] += 1
        contract_id = covered.get(member["member_id"])
        if contract_id is None:
            counts["not_covered"] += 1
            continue
        target = _Target(member["member_id"], contract_id)
        tried = dict(counts)
        try:
            async with session.begin_nested():
                await _target_one(session, runtime, row, target, tried, now)
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - one member's record must not stop the run of all
            _log.error("member_not_determined", **describe_error(error))
            counts["failed"] += 1
        else:
            counts = tried
    return (members[-1]["member_id"] if members else None), counts


@dataclass(frozen=True, slots=True)
class _Target:
    member_id: str
    contract_id: str


async def _target_one(
    session: AsyncSession, runtime: Runtime, row: Row, target: _Target, counts: dict[str, int], now: datetime
) -> None:
    before = await _standing(session, target.member_id, row["program_id"])
    request = DeterminationRequest(program_id=row["program_id"], as_of=row["as_of"])
    found = await determine_member(session, runtime, target.member_id, request, now)
    await store.add_determination(session, row["run_id"], target.member_id, str(found.determination_id))
    counts["determined"] += 1
    counts[found.outcome] += 1
    if before:
        counts["already_enrolled"] += 1
    elif found.enrollment_id is not None:
        counts["enrolled"] += 1
    elif row["carry_over_from"] is not None and await _standing(session, target.member_id, row["carry_over_from"]):
        await _carry_over(session, runtime, row, target, str(found.determination_id), counts, now)
    elif any(notice.code == "opted_out" for notice in found.notices):
        counts["opted_out"] += 1


async def _carry_over(
    session: AsyncSession,
    runtime: Runtime,
    row: Row,
    target: _Target,
    determination_id: str,
    counts: dict[str, int],
    now: datetime,
) -> None:
    """Last year's enrolment goes on (CMS: enrolled to the year's end, and commonly rolled over; unverified)."""
    new = NewEnrollment(target.member_id, target.contract_id, row["as_of"], row["as_of"], determination_id, None)
    placed = await enroll_member(session, runtime.program(row["program_id"]), new, now)
    counts["carried_over" if placed.new else "opted_out"] += 1


async def _standing(session: AsyncSession, member_id: str, program_id: str) -> bool:
    rows = await enrollment_store.enrollments_of(session, member_id)
    return any(row["program_id"] == program_id and row["status"] == "enrolled" for row in rows)


async def _sweep(session: AsyncSession, runtime: Runtime, row: Row, now: datetime) -> tuple[str | None, Any]:
    counts = SweepCounts(**row["counts"]).model_dump()
    as_of: date = row["as_of"]
    found = await enrollment_store.standing(session, row["after_id"], ENROLLMENTS_AT_ONCE)
    spans = await member_store.read_coverage(session, {one["member_id"] for one in found})
    for one in found:
        counts["enrollments"] += 1
        known = [
            Span(span["contract_id"], span["effective_from"], span["effective_to"]) for span in spans[one["member_id"]]
        ]
        left = departure(one["contract_id"], one["enrolled_on"], one["death_date"], known, as_of)
        if left is not None:
            await disenroll(session, one, left.reason, left.on, now)
            counts["died" if left.reason == "01" else "left"] += 1
            continue
        counts["kept"] += 1
        counts["due_told"] += await _tell_due(session, runtime, one, as_of, now)
    return (found[-1]["enrollment_id"] if found else None), counts


async def _tell_due(session: AsyncSession, runtime: Runtime, row: Row, as_of: date, now: datetime) -> bool:
    """Tell once that an offer is due soon and has not been made."""
    program = runtime.programs.get(row["program_id"])
    owed = row["cmr_offered_on"] is None and not row["cmr_declined"] and row["due_told_on"] is None
    if program is None or not owed or (row["cmr_offer_due"] - as_of).days > program.services.warn_days.value:
        return False
    await enrollment_store.change_enrollment(session, row["enrollment_id"], due_told_on=as_of)
    names = ("enrollment_id", "member_id", "program_id", "contract_id")
    told = {**{name: row[name] for name in names}, "due_on": str(row["cmr_offer_due"])}
    await outbox.emit(session, "cmr.due", told, now=now)
    return True
