"""Judges recommendations from later claims: of one member whenever a review is opened, or of everyone in a run."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from mtm_shared.contracts.member import Profile, ProfileFill
from mtm_shared.contracts.recommendations import ResolutionRunRequest
from mtm_shared.storage.audit import worked
from mtm_shared.storage.jobs import JobQueue
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.dosing import dispensed_amount
from mtm_review.domain.resolution import LOWER, Days, Dispensed, Patience, Question, Record, Verdict, is_resolved, judge
from mtm_review.reference.recommending import load_recommending
from mtm_review.storage import recommendations as store
from mtm_review.storage.tables import audit_trail, jobs, outbox
from mtm_review.usecases.opening import new_id
from mtm_review.usecases.ports import Begin, Clock, MemberNotFound, Profiles, ProfilesRefused, Understands
from mtm_review.usecases.reading import read_profile
from mtm_review.usecases.recommendations import changed_on_of
from mtm_review.usecases.understanding import understand

JOB_KIND = "resolution_run"
BATCH = 100
MAX_ATTEMPTS = 20


class ResolutionRunNotFound(Exception):
    """No such run."""


async def judge_member(session: AsyncSession, profile: Profile, vocabulary: Understands, as_of: date) -> dict[str, int]:
    """Judge the member's undecided recommendations; how many there are of each verdict."""
    rows = await store.undecided_of(session, profile.member.member_id)
    if not rows:
        return {}
    record = Record(
        fills=tuple(one for fill in profile.fills for one in _dispensed(fill, vocabulary)),
        absences=tuple(Days(stay.from_, stay.to) for stay in profile.stays if stay.kind != "hospice"),
        coverage=tuple(Days(span.effective_from, span.effective_to) for span in profile.coverage),
        ended_on=read_profile(profile, vocabulary, as_of).patient.ends,
    )
    known = load_recommending()
    patience = Patience(known.grace_days, known.settling_days, known.window_days)
    counts: dict[str, int] = {}
    for row in rows:
        verdict = judge(_question(row), record, as_of, patience)
        await store.change(session, row["recommendation_id"], _kept(row, verdict, as_of))
        counts[verdict.state] = counts.get(verdict.state, 0) + 1
    return counts


def _question(row: RowMapping) -> Question:
    expects = row["expects"]
    return Question(
        changes=tuple(expects["changes"]),
        ingredients=frozenset(expects["ingredients"]),
        to_ingredients=frozenset(expects["to_ingredients"]),
        sent_on=row["sent_on"],
        accepted_on=_accepted_on(row),
        direction=expects.get("direction") or LOWER,
    )


def _accepted_on(row: RowMapping) -> date | None:
    """The day of the yes that stands."""
    if row["outcome"] not in ("accepted", "accepted_with_change") or not row["outcomes"]:
        return None
    return date.fromisoformat(row["outcomes"][-1]["on"])


def _kept(row: RowMapping, verdict: Verdict, as_of: date) -> dict[str, Any]:
    told = {
        "state": verdict.state,
        "change": verdict.change,
        "on": None if verdict.on is None else verdict.on.isoformat(),
        "because": verdict.because,
        "evidence": list(verdict.evidence),
        "decidable_on": None if verdict.decidable_on is None else verdict.decidable_on.isoformat(),
        "as_of": as_of.isoformat(),
    }
    return {
        "resolution_state": verdict.state,
        "resolution": told,
        "resolved": is_resolved(row["outcome"], verdict.state, changed_on_of(row["outcomes"])),
    }


def _dispensed(fill: ProfileFill, vocabulary: Understands) -> list[Dispensed]:
    """A fill; of a combination, each ingredient with its own daily amount."""
    drug = understand(vocabulary, fill.ndc, fill.rxcui, fill.drug_name).drug
    if drug is None:
        return [Dispensed(fill.drug_name or "a drug", frozenset(), fill.fill_date, fill.days_supply)]
    return [
        Dispensed(
            drug.name,
            frozenset({ingredient.rxcui}),
            fill.fill_date,
            fill.days_supply,
            dispensed_amount(drug, ingredient.rxcui, fill.quantity, fill.days_supply),
        )
        for ingredient in drug.ingredients
    ]


async def order_run(session: AsyncSession, asked: ResolutionRunRequest, now: datetime) -> RowMapping:
    """Keep a run and its job."""
    run_id = new_id("rsl", now)
    row = {"run_id": run_id, "as_of": asked.as_of, "program_id": asked.program_id, "state": "queued", "after_id": ""}
    await store.add_run(session, row | {"members": 0, "failed": 0, "counts": {}, "created_at": now})
    queue = JobQueue(jobs)
    await queue.enqueue(
        session, JOB_KIND, {"resolution_run_id": run_id}, now=now, key=run_id, max_attempts=MAX_ATTEMPTS
    )
    return await read_run(session, run_id)


async def read_run(session: AsyncSession, run_id: str) -> RowMapping:
    """The run, or `ResolutionRunNotFound`."""
    row = await store.get_run(session, run_id)
    if row is None:
        raise ResolutionRunNotFound
    return row


async def work_off_run(
    run_id: str,
    begin: Begin,
    profiles: Profiles,
    vocabulary: Understands,
    clock: Clock,
    checkpoint: Callable[[], Awaitable[None]],
) -> None:
    """Judge every member with undecided recommendations; each in a transaction with the checkpoint."""
    async with begin() as session:
        row = dict(await read_run(session, run_id))
    while row["state"] not in ("done", "failed"):
        async with begin() as session:
            members = await store.undecided_members(session, row["program_id"], row["after_id"], BATCH)
        if not members:
            break
        for member_id in members:
            await checkpoint()
            row = await _one(row, member_id, begin, profiles, vocabulary, clock())
    async with begin() as session:
        await store.end_run(session, run_id, "done", clock())
        told = {"run_id": run_id, "kind": "resolution", "state": "done", "counts": row["counts"]}
        await outbox.emit(session, "run.finished", told, now=clock())


async def _one(
    row: dict[str, Any], member_id: str, begin: Begin, profiles: Profiles, vocabulary: Understands, now: datetime
) -> dict[str, Any]:
    try:
        profile = await profiles.profile(member_id, row["as_of"])
    except (MemberNotFound, ProfilesRefused):
        profile = None
    async with begin() as session:
        found = {} if profile is None else await judge_member(session, profile, vocabulary, row["as_of"])
        counts = {state: row["counts"].get(state, 0) + found.get(state, 0) for state in {*row["counts"], *found}}
        values = {
            "after_id": member_id,
            "members": row["members"] + 1,
            "failed": row["failed"] + (profile is None),
            "counts": counts,
            "state": "running",
        }
        await store.advance_run(session, row["run_id"], row["after_id"], values)
        await audit_trail.record(session, worked(now, "resolution_run.judge", [member_id], run_id=row["run_id"]))
    return {**row, **values}


async def fail_run(run_id: str, begin: Begin, now: datetime) -> None:
    """Say that a run will not go on."""
    async with begin() as session:
        await store.end_run(session, run_id, "failed", now)
