"""Runs over the members, worked off in small transactions: targeting, and the sweep for who has died or left.

Each batch moves the checkpoint in the transaction that keeps its decisions, so that a run that was killed goes on
where it stopped, with no member lost and none twice. A member who cannot be determined is counted as failed and named
with those who were left out, and the rest goes on.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from mtm_shared.contracts.targeting import SweepCounts, SweepRequest, TargetingCounts, TargetingRunRequest
from mtm_shared.storage import JobQueue
from mtm_shared.storage.audit import worked
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import DEATH, Span, departure, year_end
from mtm_eligibility.storage import enrollments as enrollment_store
from mtm_eligibility.storage import members as member_store
from mtm_eligibility.storage import runs as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import audit_trail, jobs, outbox
from mtm_eligibility.usecases.enrollments import disenroll
from mtm_eligibility.usecases.errors import CarryOverNotPossible, SourceNotOffered, UnknownRun
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.runtime import Runtime
from mtm_eligibility.usecases.targeting import check_counts, target_batch

TARGETING, SWEEP = "targeting", "sweep"
ENROLLMENTS_AT_ONCE: Final = 500


async def order_targeting(
    session: AsyncSession, runtime: Runtime, request: TargetingRunRequest, author: str, now: datetime
) -> str:
    """Keep a targeting run and its job; answers its id."""
    program = runtime.program(request.program_id)
    if request.carry_over_from is not None:
        before = runtime.program(request.carry_over_from)
        if not before.plan_year + 1 == program.plan_year == request.as_of.year:
            raise CarryOverNotPossible
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


class RunMovedOn(Exception):
    """Another worker has the run; what this one did is rolled back."""


async def step(session: AsyncSession, runtime: Runtime, row: Row, now: datetime) -> Row | None:
    """One batch of a run; the run as it then stands, or None when it has ended."""
    batch = target_batch if row["kind"] == TARGETING else _sweep
    after, changed = await batch(session, runtime, row, now)
    if after is None:
        if row["kind"] == TARGETING:
            check_counts(TargetingCounts(**row["counts"]))
        await end(session, row, "done", now)
        return None
    values = {**changed, "after_id": after, "state": "running"}
    if not await store.advance_run(session, row["run_id"], row["after_id"], **values):
        raise RunMovedOn
    return {**row, **values}


async def end(session: AsyncSession, row: Row, state: str, now: datetime) -> None:
    """The run is done, or has failed; other systems are told once."""
    if not await store.end_run(session, row["run_id"], state, now):
        raise RunMovedOn
    told = {"run_id": row["run_id"], "kind": row["kind"], "state": state, "counts": row["counts"]}
    await outbox.emit(session, "run.finished", told, now=now)


async def _sweep(session: AsyncSession, runtime: Runtime, row: Row, now: datetime) -> tuple[str | None, dict[str, Any]]:
    """Look at the next standing enrolments. What is told of a year later than the year after it finds nobody."""
    counts = SweepCounts(**row["counts"]).model_dump()
    as_of: date = row["as_of"]
    found = await enrollment_store.standing(session, row["after_id"], as_of.year - 1, ENROLLMENTS_AT_ONCE)
    spans = await member_store.read_coverage(session, {one["member_id"] for one in found})
    for one in found:
        counts["enrollments"] += 1
        known = [
            Span(span["contract_id"], span["effective_from"], span["effective_to"]) for span in spans[one["member_id"]]
        ]
        left = departure(one["contract_id"], one["enrolled_on"], one["plan_year"], one["death_date"], known, as_of)
        if left is not None:
            await disenroll(session, one, left.reason, left.on, now)
            counts["died" if left.reason == DEATH else "left"] += 1
            continue
        counts["kept"] += 1
        counts["due_told"] += await _tell_due(session, runtime, one, as_of, now)
    seen = [one["member_id"] for one in found]
    await audit_trail.record(session, worked(now, "sweep.look", seen, run_id=row["run_id"]))
    return (found[-1]["enrollment_id"] if found else None), {"counts": counts}


async def _tell_due(session: AsyncSession, runtime: Runtime, row: Row, as_of: date, now: datetime) -> bool:
    """Tell once that an offer is due soon and has not been made."""
    program = runtime.programs.get(row["program_id"])
    owed = row["cmr_offered_on"] is None and not row["cmr_declined"] and row["due_told_on"] is None
    owed = owed and row["enrolled_on"] <= as_of <= year_end(row["plan_year"])
    if program is None or not owed or (row["cmr_offer_due"] - as_of).days > program.services.warn_days.value:
        return False
    await enrollment_store.change_enrollment(session, row["enrollment_id"], due_told_on=as_of)
    names = ("enrollment_id", "member_id", "program_id", "contract_id")
    told = {**{name: row[name] for name in names}, "due_on": str(row["cmr_offer_due"])}
    await outbox.emit(session, "cmr.due", told, now=now)
    return True
