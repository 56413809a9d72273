"""A job is done once, by whoever holds its lease; a worker may die at any point and nothing is lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from mtm_shared.storage import (
    ComeBack,
    Database,
    GiveUp,
    Job,
    JobContext,
    LeaseLost,
    WorkerOptions,
    run_worker,
    work_off,
)
from sqlalchemy.exc import OperationalError
from storage_tables import queue

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(seconds=61)


async def enqueue(database: Database, kind: str = "count", **options: object) -> str:
    async with database.writing() as session, session.begin():
        return await queue.enqueue(session, kind, {"n": 1}, now=START, **options)  # type: ignore[arg-type]


async def lease(
    database: Database, worker: str = "one", now: datetime = START, kinds: tuple[str, ...] = ()
) -> Job | None:
    async with database.writing() as session, session.begin():
        return await queue.lease(session, worker, now, 60, kinds)


async def taken(database: Database, worker: str = "one", now: datetime = START) -> Job:
    job = await lease(database, worker, now)
    assert job is not None
    return job


async def counts(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return await queue.counts(session)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


async def test_a_job_is_leased_by_one_worker_only(database: Database) -> None:
    await enqueue(database)
    assert await lease(database, "one") is not None
    assert await lease(database, "two") is None


async def test_workers_at_the_same_time_take_different_jobs(database: Database) -> None:
    for _ in range(4):
        await enqueue(database)
    jobs = await asyncio.gather(*(lease(database, str(number)) for number in range(4)))
    assert len({job.job_id for job in jobs if job}) == 4


async def test_the_oldest_due_job_of_the_kinds_comes_first(database: Database) -> None:
    await enqueue(database, "other")
    first = await enqueue(database)
    await enqueue(database)
    job = await lease(database, kinds=("count",))
    assert job is not None
    assert job.job_id == first


async def test_a_job_for_later_waits(database: Database) -> None:
    await enqueue(database, run_after=LATER)
    assert await lease(database) is None
    assert await lease(database, now=LATER) is not None


async def test_the_same_key_is_the_same_job(database: Database) -> None:
    assert await enqueue(database, key="run-1") == await enqueue(database, key="run-1")
    assert await counts(database) == {"queued": 1}


async def test_a_job_enqueued_in_a_transaction_that_fails_was_never_there(database: Database) -> None:
    async def enqueue_and_fail() -> None:
        async with database.writing() as session, session.begin():
            await queue.enqueue(session, "count", {}, now=START)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await enqueue_and_fail()
    assert await counts(database) == {}


async def test_a_lost_lease_is_taken_over_and_its_first_holder_cannot_finish(database: Database) -> None:
    await enqueue(database)
    lost = await taken(database, "one")
    again = await taken(database, "two", LATER)
    assert again.attempts == 2
    with pytest.raises(LeaseLost):
        async with database.writing() as session, session.begin():
            await queue.finish(session, lost, LATER)
    async with database.writing() as session, session.begin():
        await queue.finish(session, again, LATER)
    assert await counts(database) == {"done": 1}


async def test_an_extended_lease_is_not_taken_over(database: Database) -> None:
    await enqueue(database)
    job = await taken(database)
    async with database.writing() as session, session.begin():
        await queue.extend(session, job, START + timedelta(seconds=50), 60)
    assert await lease(database, "two", LATER) is None


async def test_a_job_that_takes_its_worker_with_it_every_time_is_buried(database: Database) -> None:
    await enqueue(database, max_attempts=2)
    await taken(database, "one")
    await taken(database, "two", LATER)
    assert await lease(database, "three", LATER + timedelta(seconds=61)) is None
    assert await counts(database) == {"dead": 1}


async def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(database: Database) -> None:
    clock = Clock()
    tried: list[int] = []

    async def fail(context: JobContext) -> None:
        tried.append(context.job.attempts)
        raise ValueError("member CANARY")

    await enqueue(database, max_attempts=3)
    for _ in range(5):
        await work_off(database, queue, {"count": fail}, clock=clock)
        clock.now += timedelta(minutes=6)
    assert tried == [1, 2, 3]
    assert await counts(database) == {"dead": 1}


async def test_the_error_kept_with_a_job_holds_no_message(database: Database) -> None:
    async def fail(_context: JobContext) -> None:
        raise ValueError("member CANARY")

    await enqueue(database, max_attempts=1)
    await work_off(database, queue, {"count": fail}, clock=Clock())
    async with database.reading() as session:
        row = (await session.execute(queue.table.select())).one()
    assert row.error_code == "ValueError"


async def test_a_handler_can_give_up_at_once(database: Database) -> None:
    async def give_up(_context: JobContext) -> None:
        raise GiveUp("file_not_found")

    await enqueue(database)
    assert await work_off(database, queue, {"count": give_up}, clock=Clock()) == 1
    assert await counts(database) == {"dead": 1}


async def test_a_handler_that_comes_back_has_used_no_attempt(database: Database) -> None:
    attempts: list[int] = []

    async def once_later(context: JobContext) -> None:
        attempts.append(context.job.attempts)
        if len(attempts) == 1:
            raise ComeBack

    await enqueue(database)
    assert await work_off(database, queue, {"count": once_later}, clock=Clock()) == 2
    assert attempts == [1, 1]


async def test_a_worker_stops_when_told_and_finishes_what_it_holds(database: Database) -> None:
    stop = asyncio.Event()

    async def work(context: JobContext) -> None:
        stop.set()
        await asyncio.sleep(0)
        assert context.stopping.is_set()

    await enqueue(database)
    await enqueue(database)
    async with asyncio.timeout(10):
        await run_worker(database, queue, {"count": work}, stop, clock=Clock())
    assert await counts(database) == {"done": 1, "queued": 1}


async def test_a_handler_that_does_not_leave_in_time_is_cancelled_and_its_job_given_back(database: Database) -> None:
    stop = asyncio.Event()

    async def never(_context: JobContext) -> None:
        stop.set()
        await asyncio.Event().wait()

    await enqueue(database)
    options = WorkerOptions(lease=0.3, grace=0.05)
    async with asyncio.timeout(10):
        await run_worker(database, queue, {"count": never}, stop, options=options)
    assert await counts(database) == {"queued": 1}


async def test_a_lease_that_cannot_be_extended_for_a_while_does_not_end_the_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def busy(*_arguments: object) -> None:
        tried.set()
        raise OperationalError("UPDATE jobs", None, Exception("database is locked"))

    async def work(_context: JobContext) -> None:
        await tried.wait()
        stop.set()

    monkeypatch.setattr(queue, "extend", busy)
    stop = asyncio.Event()
    await enqueue(database)
    async with asyncio.timeout(10):
        await run_worker(database, queue, {"count": work}, stop, options=WorkerOptions(lease=0.1))
    assert await counts(database) == {"done": 1}


async def test_a_handler_is_cancelled_when_its_lease_is_lost(database: Database) -> None:
    stop = asyncio.Event()
    cancelled = asyncio.Event()

    async def slow(context: JobContext) -> None:
        async with context.transaction() as session:
            await session.execute(queue.table.update().values(worker_id="somebody else"))
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            stop.set()
            raise

    await enqueue(database)
    options = WorkerOptions(lease=0.1)
    async with asyncio.timeout(10):
        await run_worker(database, queue, {"count": slow}, stop, options=options)
    assert cancelled.is_set()
    assert await counts(database) == {"leased": 1}
