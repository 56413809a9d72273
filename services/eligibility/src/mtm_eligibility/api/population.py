"""Runs over the members: quarterly targeting, and the sweep for who has died or left."""

from fastapi import Request, Response
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Determination
from mtm_shared.contracts.targeting import (
    RunVersions,
    SweepCounts,
    SweepRequest,
    SweepStatus,
    TargetingCounts,
    TargetingLeftOut,
    TargetingManifest,
    TargetingRunRequest,
    TargetingRunStatus,
)
from mtm_shared.storage import Transaction
from mtm_shared.web import IdempotencyKey, PageQuery, Router, idempotent, page_of, problem_responses
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.api.dependencies import Id, Loaded, Reader, Writer
from mtm_eligibility.storage import runs as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases import population
from mtm_eligibility.usecases.errors import RunNotEnded

router = Router(prefix="/v1", tags=["runs"])


@router.post(
    "/targeting-runs",
    status_code=202,
    response_model=TargetingRunStatus,
    responses=problem_responses(404),
    summary="Target every stored member",
)
async def create_targeting_run(
    request: Request,
    body: TargetingRunRequest,
    session: Transaction,
    runtime: Loaded,
    caller: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Queued for the worker: a determination for each member, and an enrolment for the newly targeted."""

    async def create() -> TargetingRunStatus:
        run_id = await population.order_targeting(session, runtime, body, caller.subject, request.app.state.clock())
        return await _targeting(session, run_id)

    return await idempotent(request, session, body, create, status=202, headers=_location)


def _location(status: TargetingRunStatus) -> dict[str, str]:
    return {"Location": f"/v1/targeting-runs/{status.run_id}"}


async def _targeting(session: AsyncSession, run_id: str) -> TargetingRunStatus:
    row = await population.read_run(session, run_id, population.TARGETING)
    counts = TargetingCounts(**row["counts"])
    done = row["state"] == "done"
    total = counts.members if done else await store.count_members(session)
    progress = 1.0 if done or not total else round(min(counts.members / total, 1.0), 4)
    names = ("run_id", "program_id", "as_of", "carry_over_from", "state", "created_at", "finished_at")
    return TargetingRunStatus(**{name: row[name] for name in names}, progress=progress, counts=counts)


@router.get("/targeting-runs/{run_id}", responses=problem_responses(404), summary="Read a targeting run")
async def read_targeting_run(run_id: Id, session: Transaction, _: Reader) -> TargetingRunStatus:
    """State, progress and counts: members = determined + not_covered + failed."""
    return await _targeting(session, run_id)


@router.get("/targeting-runs/{run_id}/determinations", responses=problem_responses(404), summary="What a run decided")
async def list_run_determinations(run_id: Id, session: Transaction, page: PageQuery, _: Reader) -> Page[Determination]:
    """Determinations in the order of members."""
    await population.read_run(session, run_id, population.TARGETING)
    after = page.after(str)
    rows = await store.read_determinations(session, run_id, str(after[0]) if after else None, page.limit + 1)
    shown, cursor = page_of(rows, page.limit, lambda row: (row["member_id"],))
    items = [Determination.model_validate_json(row["body"]) for row in shown]
    return Page[Determination](items=items, next_cursor=cursor)


@router.get(
    "/targeting-runs/{run_id}/manifest",
    responses=problem_responses(404, s409="The run has not ended."),
    summary="What a run stands on",
)
async def read_targeting_manifest(run_id: Id, session: Transaction, _: Reader) -> TargetingManifest:
    """Counts, the versions that decided, and a SHA-256 chain over every decision in the order of members."""
    row = await population.read_run(session, run_id, population.TARGETING)
    if row["state"] != "done":
        raise RunNotEnded
    names = ("run_id", "program_id", "as_of", "carry_over_from")
    versions = [RunVersions(**version) for version in row["versions"] or []]
    counts = TargetingCounts(**row["counts"])
    return TargetingManifest(
        **{name: row[name] for name in names}, counts=counts, versions=versions, sha256=row["seal"]
    )


@router.get("/targeting-runs/{run_id}/left-out", responses=problem_responses(404), summary="Who was left out")
async def list_left_out(run_id: Id, session: Transaction, page: PageQuery, _: Reader) -> Page[TargetingLeftOut]:
    """Members who were not covered on the day, or who could not be determined, by id."""
    await population.read_run(session, run_id, population.TARGETING)
    after = page.after(str)
    rows = await store.read_left_out(session, run_id, str(after[0]) if after else None, page.limit + 1)
    shown, cursor = page_of(rows, page.limit, lambda row: (row["member_id"],))
    items = [TargetingLeftOut(member_id=row["member_id"], code=row["code"]) for row in shown]
    return Page[TargetingLeftOut](items=items, next_cursor=cursor)


@router.post("/enrollment-sweeps", status_code=202, response_model=SweepStatus, summary="Find who has died or left")
async def create_enrollment_sweep(
    request: Request, body: SweepRequest, session: Transaction, caller: Writer, key: IdempotencyKey = None
) -> Response:
    """Queued for the worker, which does the same once a day by itself; tells of offers that are due soon as well."""

    async def create() -> SweepStatus:
        run_id = await population.order_sweep(session, body, caller.subject, request.app.state.clock())
        return _sweep(await population.read_run(session, run_id, population.SWEEP))

    def location(status: SweepStatus) -> dict[str, str]:
        return {"Location": f"/v1/enrollment-sweeps/{status.run_id}"}

    return await idempotent(request, session, body, create, status=202, headers=location)


def _sweep(row: Row) -> SweepStatus:
    names = ("run_id", "as_of", "state", "created_at", "finished_at")
    return SweepStatus(**{name: row[name] for name in names}, counts=SweepCounts(**row["counts"]))


@router.get("/enrollment-sweeps/{run_id}", responses=problem_responses(404), summary="Read a sweep")
async def read_enrollment_sweep(run_id: Id, session: Transaction, _: Reader) -> SweepStatus:
    """State and counts: enrolments = kept + died + left."""
    return _sweep(await population.read_run(session, run_id, population.SWEEP))
