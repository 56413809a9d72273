"""The loop that works off jobs: lease, handle, finish; heartbeats while a handler runs; stops without losing work."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.logs import describe_error
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import Job, JobQueue, LeaseLost

_LONGEST_BACKOFF: Final = timedelta(minutes=5)
_log = structlog.get_logger("mtm.worker")


class GiveUp(Exception):
    """Raised by a handler: trying again cannot help; `code` is kept with the job and holds no member data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with. `stopping` is set when the worker wants to end: leave at a checkpoint."""

    job: Job
    database: Database
    queue: JobQueue
    stopping: asyncio.Event
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A transaction of its own, for one step of the work."""
        async with self.database.writing() as session, session.begin():
            yield session


Handler = Callable[[JobContext], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How patient a worker is, in seconds."""

    lease: float = 60.0
    poll: float = 0.2
    grace: float = 20.0


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that is put in the queue once in every period of `every`, whichever worker sees the period begin first."""

    kind: str
    every: timedelta


class TryLater(Exception):
    """Raised by a handler: it failed as `code` says, and is to be tried again after `delay` (attempts permitting)."""

    def __init__(self, code: str, delay: timedelta) -> None:
        super().__init__(code)
        self.code, self.delay = code, delay


class ComeBack(Exception):
    """Raised by a handler that saw `stopping` at a checkpoint: the job goes back untried."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def worker_name() -> str:
    """Unique among workers; tells a person where to look."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid4().hex[:8]}"


def backoff(attempts: int) -> timedelta:
    """2, 4, 8 … seconds, at most five minutes."""
    return min(timedelta(seconds=2.0 ** min(attempts, 12)), _LONGEST_BACKOFF)


async def run_worker(
    database: Database,
    queue: JobQueue,
    handlers: Mapping[str, Handler],
    stop: asyncio.Event,
    *,
    worker_id: str | None = None,
    options: WorkerOptions | None = None,
    clock: Callable[[], datetime] = _utc_now,
    periodic: Sequence[Periodic] = (),
) -> None:
    """Work until `stop` is set. A failing database is waited for, not died of."""
    worker = _Worker(database, queue, handlers, stop, worker_id or worker_name(), options or WorkerOptions(), clock)
    begun: dict[str, int] = {}
    while not stop.is_set():
        try:
            await _begin_periods(database, queue, periodic, begun, clock())
            worked = await worker.work_once()
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            _log.error("worker_database_error", **describe_error(error))
            worked = False
        if not worked:
            await worker.pause()


async def _begin_periods(
    database: Database, queue: JobQueue, periodic: Sequence[Periodic], begun: dict[str, int], now: datetime
) -> None:
    """Queue what has not been queued in its current period; `begun` holds the last period seen of each kind."""
    for job in periodic:
        number = int(now.timestamp() // job.every.total_seconds())
        if begun.get(job.kind) != number:
            async with database.writing() as session, session.begin():
                await queue.enqueue(session, job.kind, {"period": number}, now=now, key=f"{job.kind}:{number}")
            begun[job.kind] = number


async def work_off(
    database: Database,
    queue: JobQueue,
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime] = _utc_now,
) -> int:
    """Work until nothing is due and return how many jobs were handled; for tests and one-off commands."""
    worker = _Worker(database, queue, handlers, asyncio.Event(), worker_name(), WorkerOptions(), clock)
    handled = 0
    while await worker.work_once():
        handled += 1
    return handled


@dataclass(frozen=True, slots=True)
class _Worker:
    database: Database
    queue: JobQueue
    handlers: Mapping[str, Handler]
    stop: asyncio.Event
    worker_id: str
    options: WorkerOptions
    clock: Callable[[], datetime]

    async def work_once(self) -> bool:
        """Handle one job; False when none is due."""
        kinds = list(self.handlers)
        # A look first: on SQLite a lease takes the write lock, and an idle worker must not hold up writers.
        async with self.database.reading() as session:
            if not await self.queue.is_due(session, self.clock(), kinds):
                return False
        async with self.database.writing() as session, session.begin():
            job = await self.queue.lease(session, self.worker_id, self.clock(), self.options.lease, kinds)
        if job is None:
            return False
        await self._handle(job)
        return True

    async def pause(self) -> None:
        """Until the next poll or the stop."""
        await self._stopped_within(self.options.poll)

    async def _stopped_within(self, seconds: float) -> bool:
        # Not `wait_for`: before Python 3.12 it can swallow a cancellation.
        try:
            async with asyncio.timeout(seconds):
                await self.stop.wait()
        except TimeoutError:
            return False
        return True

    async def _handle(self, job: Job) -> None:
        log = _log.bind(kind=job.kind, job_id=job.job_id, attempt=job.attempts)
        context = JobContext(job, self.database, self.queue, self.stop, self.clock)
        try:
            await self._with_heartbeat(job, context)
        except LeaseLost:
            log.warning("job_lease_lost")
        except ComeBack:
            await self._close(job, "release")
            log.info("job_released")
        except GiveUp as error:
            await self._close(job, "fail", error.code, None)
            log.error("job_dead", code=error.code)
        except TryLater as later:
            await self._close(job, "fail", later.code, self.clock() + later.delay)
            log.warning("job_dead" if job.last_attempt else "job_postponed", code=later.code)
        except Exception as error:  # noqa: BLE001 - whatever a handler does, the worker goes on
            retry_at = None if job.last_attempt else self.clock() + backoff(job.attempts)
            await self._close(job, "fail", type(error).__name__, retry_at)
            log.error("job_failed" if retry_at else "job_dead", **describe_error(error))
        else:
            await self._close(job, "finish")
            log.info("job_done")

    async def _close(self, job: Job, how: str, *arguments: object) -> None:
        """Finish, fail or release; a lease lost meanwhile is somebody else's job, and one closed already is done."""
        with contextlib.suppress(LeaseLost):
            async with self.database.writing() as session, session.begin():
                await getattr(self.queue, how)(session, job, self.clock(), *arguments)

    async def _with_heartbeat(self, job: Job, context: JobContext) -> None:
        """Run the handler, extending its lease; cancel it when the lease is lost or the grace after a stop is over."""
        task = asyncio.ensure_future(self.handlers[job.kind](context))
        guard = asyncio.ensure_future(self._guard(job))
        try:
            await asyncio.wait({task, guard}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            await _cancelled(task)
            guard.result()
            raise ComeBack
        finally:
            await _cancelled(task, guard)

    async def _guard(self, job: Job) -> None:
        """Ends (or raises `LeaseLost`) when the handler has to be cancelled."""
        beat = self.options.lease / 3
        while not await self._stopped_within(beat):
            await self._extend(job)
        left = self.options.grace
        while left > 0:
            await asyncio.sleep(min(beat, left))
            left -= beat
            if left > 0:
                await self._extend(job)

    async def _extend(self, job: Job) -> None:
        """Extend the lease, or raise `LeaseLost`; a busy database (on SQLite perhaps by the handler) is no reason."""
        try:
            async with self.database.writing() as session, session.begin():
                await self.queue.extend(session, job, self.clock(), self.options.lease)
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            _log.warning("job_lease_not_extended", job_id=job.job_id, **describe_error(error))


async def _cancelled(*tasks: asyncio.Future[None]) -> None:
    """End tasks that still run, and wait until they have; a cancellation of the caller is not swallowed."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not print it (and its message) later
