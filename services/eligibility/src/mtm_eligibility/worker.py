"""The worker: imports and runs over the members, worked off piece by piece, each piece in its own transaction."""

import asyncio
from datetime import timedelta
from pathlib import Path

from mtm_shared.clients.webhooks import delivery_handlers
from mtm_shared.contracts.targeting import SweepRequest
from mtm_shared.storage import ComeBack, Database, GiveUp, Handler, JobContext, JobQueue, Periodic, run_worker
from mtm_shared.storage.audit_chain import SEALING, seal_handler
from mtm_shared.vocabulary import load_vocabulary

from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.storage import imports as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import audit_trail, jobs, outbox
from mtm_eligibility.usecases import population
from mtm_eligibility.usecases.imports.requests import JOB
from mtm_eligibility.usecases.imports.running import ImportFailed, MovedOn, fingerprint, open_source, step
from mtm_eligibility.usecases.lexicon import Lexicon
from mtm_eligibility.usecases.population import read_run
from mtm_eligibility.usecases.runtime import Runtime

QUEUE = JobQueue(jobs)
DAILY = Periodic("daily_sweep", timedelta(days=1))


async def handle_import(context: JobContext) -> None:
    """Work off one import from its checkpoint. Repeating it is safe: the checkpoint moves with the rows before it."""
    import_id = str(context.job.payload["import_id"])
    try:
        await _work_off(context, import_id)
    except ImportFailed as failed:
        await _fail(context, import_id, failed.code, failed.detail)
        raise GiveUp(failed.code) from failed
    except (ComeBack, MovedOn):
        raise
    except Exception:
        if context.job.last_attempt:
            await _fail(context, import_id, "internal_error", "the import stopped on an unexpected error")
        raise


async def _work_off(context: JobContext, import_id: str) -> None:
    row: Row | None = await _begin(context, import_id)
    if row is None:
        return
    source = open_source(row)
    while row is not None:
        if context.stopping.is_set():
            raise ComeBack
        async with context.transaction() as session:
            row = await step(session, source, row, context.clock())
        # Let the heartbeat of the lease run between chunks.
        await asyncio.sleep(0)
    _forget(source.path, await _read(context, import_id))


async def _begin(context: JobContext, import_id: str) -> Row | None:
    """The import, now running; None when it has ended before."""
    row = await _read(context, import_id)
    if row is None or row["state"] in {"done", "failed"}:
        return None
    values = {"state": "running"}
    if row["sha256"] is None:
        try:
            values["sha256"] = await asyncio.to_thread(fingerprint, Path(row["path"]))
        except OSError:
            raise ImportFailed("file_missing", "the file is not there any more") from None
    async with context.transaction() as session:
        await store.change_import(session, import_id, **values)
    return {**row, **values}


async def _read(context: JobContext, import_id: str) -> Row | None:
    async with context.database.reading() as session:
        return await store.read_import(session, import_id)


async def _fail(context: JobContext, import_id: str, code: str, detail: str) -> None:
    async with context.transaction() as session:
        await store.change_import(
            session,
            import_id,
            state="failed",
            failure_code=code,
            failure_detail=detail,
            finished_at=context.clock(),
        )
    row = await _read(context, import_id)
    if row is not None:
        _forget(Path(row["path"]), row)


def _forget(path: Path, row: Row | None) -> None:
    """An uploaded file is member data: it does not stay longer than it is needed."""
    if row is not None and row["spooled"]:
        path.unlink(missing_ok=True)


async def handle_population(context: JobContext, runtime: Runtime) -> None:
    """Work off a targeting run or a sweep from its checkpoint."""
    run_id = str(context.job.payload["run_id"])
    try:
        async with context.database.reading() as session:
            row: Row | None = await read_run(session, run_id, context.job.kind)
        while row is not None and row["state"] not in {"done", "failed"}:
            if context.stopping.is_set():
                raise ComeBack
            async with context.transaction() as session:
                row = await population.step(session, runtime, row, context.clock())
            await asyncio.sleep(0)
    except (ComeBack, population.RunMovedOn):
        raise
    except Exception:
        if context.job.last_attempt:
            async with context.transaction() as session:
                await population.end(
                    session, await read_run(session, run_id, context.job.kind), "failed", context.clock()
                )
        raise


async def handle_daily(context: JobContext) -> None:
    """Once a day: order a sweep as of today."""
    now = context.clock()
    async with context.transaction() as session:
        await population.order_sweep(session, SweepRequest(as_of=now.date()), "worker", now)


def handlers(runtime: Runtime) -> dict[str, Handler]:
    """Everything that this worker can do."""

    async def over_members(context: JobContext) -> None:
        await handle_population(context, runtime)

    return {
        JOB: handle_import,
        population.TARGETING: over_members,
        population.SWEEP: over_members,
        DAILY.kind: handle_daily,
        SEALING.kind: seal_handler(audit_trail),
        **delivery_handlers(outbox),
    }


async def work(settings: EligibilitySettings, stop: asyncio.Event) -> None:
    """Work off jobs until `stop` is set."""
    runtime = Runtime.load(Lexicon(load_vocabulary(settings.vocabulary_path)))
    database = Database.at(settings.database_url)
    try:
        await run_worker(database, QUEUE, handlers(runtime), stop, periodic=[SEALING, DAILY])
    finally:
        await database.dispose()
