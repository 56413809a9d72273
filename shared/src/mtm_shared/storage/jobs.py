"""Work that outlives a request, as rows: put there in the transaction that needs it, leased by workers.

A lease is a promise for a while: a worker that dies loses it and another one takes the job again, so that a handler
may run more than once and must be safe to repeat. Finishing needs the lease that was taken (worker and attempt), so a
worker that slept through its lease cannot finish what another one is doing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.types import UtcDateTime, big_identity, json_column
from mtm_shared.storage.upsert import upsert

QUEUED: Final = "queued"
LEASED: Final = "leased"
DONE: Final = "done"
DEAD: Final = "dead"


class LeaseLost(Exception):
    """The job is no longer this worker's."""


@dataclass(frozen=True, slots=True)
class Job:
    """A leased job; `attempts` counts this one."""

    job_id: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    max_attempts: int
    worker_id: str

    @property
    def last_attempt(self) -> bool:
        """True when failing now is final."""
        return self.attempts >= self.max_attempts


def jobs_table(metadata: MetaData, name: str = "jobs") -> Table:
    """The table, to be created by the service's migrations. Payloads hold ids, not member data."""
    return Table(
        name,
        metadata,
        Column("number", big_identity(), primary_key=True, autoincrement=True),
        Column("job_id", String(32), nullable=False, unique=True),
        Column("kind", String(64), nullable=False),
        Column("key", String(200), unique=True),
        Column("payload", json_column(), nullable=False),
        Column("state", String(16), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("max_attempts", Integer, nullable=False),
        Column("run_after", UtcDateTime, nullable=False),
        Column("worker_id", String(64)),
        Column("leased_until", UtcDateTime),
        Column("error_code", String(200)),
        Column("created_at", UtcDateTime, nullable=False),
        Column("ended_at", UtcDateTime),
        Index(f"ix_{name}_state_run_after", "state", "run_after"),
    )


class JobQueue:
    """The operations on a jobs table; the caller's session decides the transaction."""

    def __init__(self, table: Table) -> None:
        self.table = table

    async def enqueue(
        self,
        session: AsyncSession,
        kind: str,
        payload: Mapping[str, Any],
        *,
        now: datetime,
        key: str | None = None,
        max_attempts: int = 5,
        run_after: datetime | None = None,
    ) -> str:
        """The id of the new job, or of the one that was enqueued with this key before."""
        job_id = uuid4().hex
        row = {
            "job_id": job_id,
            "kind": kind,
            "key": key,
            "payload": dict(payload),
            "state": QUEUED,
            "attempts": 0,
            "max_attempts": max_attempts,
            "run_after": run_after or now,
            "created_at": now,
        }
        if key is None:
            await session.execute(self.table.insert().values(row))
            return job_id
        statement = upsert(self.table, [row], ["key"], session.get_bind().dialect.name, update=())
        await session.execute(statement)
        found = await session.execute(select(self.table.c.job_id).where(self.table.c.key == key))
        return str(found.scalar_one())

    async def lease(
        self, session: AsyncSession, worker_id: str, now: datetime, seconds: float, kinds: Sequence[str] = ()
    ) -> Job | None:
        """The oldest job that is due, for `seconds`; jobs whose lease ran out are due again until attempts end."""
        await self._bury(session, now)
        t = self.table.c
        query = select(self.table).where(self._due(now, kinds)).order_by(t.run_after, t.number).limit(1)
        found = (await session.execute(query.with_for_update(skip_locked=True))).first()
        if found is None:
            return None
        await session.execute(
            update(self.table)
            .where(t.number == found.number)
            .values(
                state=LEASED,
                attempts=found.attempts + 1,
                worker_id=worker_id,
                leased_until=now + timedelta(seconds=seconds),
            )
        )
        return _job(found, worker_id)

    async def is_due(self, session: AsyncSession, now: datetime, kinds: Sequence[str] = ()) -> bool:
        """Whether `lease` would find a job: a look that takes no lock, for workers with nothing to do."""
        found = await session.execute(select(self.table.c.number).where(self._due(now, kinds)).limit(1))
        return found.first() is not None

    def _due(self, now: datetime, kinds: Sequence[str]) -> ColumnElement[bool]:
        t = self.table.c
        due = or_(and_(t.state == QUEUED, t.run_after <= now), and_(t.state == LEASED, t.leased_until <= now))
        return and_(due, t.kind.in_(list(kinds))) if kinds else due

    async def _bury(self, session: AsyncSession, now: datetime) -> None:
        """A job that took its worker with it on every attempt is not tried for ever."""
        t = self.table.c
        spent = and_(t.state == LEASED, t.leased_until <= now, t.attempts >= t.max_attempts)
        numbers = select(t.number).where(spent).order_by(t.number).limit(100).with_for_update(skip_locked=True)
        dead = (await session.execute(numbers)).scalars().all()
        if dead:
            await session.execute(
                update(self.table)
                .where(t.number.in_(dead))
                .values(state=DEAD, error_code="lease_expired", ended_at=now, leased_until=None)
            )

    async def extend(self, session: AsyncSession, job: Job, now: datetime, seconds: float) -> None:
        """Hold the lease for `seconds` from now, or raise `LeaseLost`."""
        await self._change(session, job, leased_until=now + timedelta(seconds=seconds))

    async def finish(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """The job is done, or `LeaseLost`; call it in the transaction of the work to make both one."""
        await self._change(session, job, state=DONE, ended_at=now, leased_until=None, error_code=None)

    async def fail(
        self, session: AsyncSession, job: Job, now: datetime, error_code: str, retry_at: datetime | None
    ) -> None:
        """Try again at `retry_at`, or never (`dead`) when that is None or attempts have run out."""
        code = error_code[:200]
        if retry_at is None or job.last_attempt:
            await self._change(session, job, state=DEAD, error_code=code, ended_at=now, leased_until=None)
        else:
            await self._change(
                session, job, state=QUEUED, error_code=code, run_after=retry_at, leased_until=None, worker_id=None
            )

    async def release(self, session: AsyncSession, job: Job, now: datetime) -> None:
        """Give the job back untried, because this worker is stopping."""
        await self._change(
            session,
            job,
            state=QUEUED,
            run_after=now,
            attempts=job.attempts - 1,
            leased_until=None,
            worker_id=None,
        )

    async def counts(self, session: AsyncSession) -> dict[str, int]:
        """How many jobs are in each state."""
        t = self.table.c
        rows = await session.execute(select(t.state, func.count()).group_by(t.state))
        return {str(row[0]): int(row[1]) for row in rows.all()}

    async def _change(self, session: AsyncSession, job: Job, **values: Any) -> None:
        t = self.table.c
        held = and_(
            t.job_id == job.job_id,
            t.state == LEASED,
            t.worker_id == job.worker_id,
            t.attempts == job.attempts,
        )
        result = await session.execute(update(self.table).where(held).values(**values))
        if not isinstance(result, CursorResult) or result.rowcount != 1:
            raise LeaseLost


def _job(row: Row[Any], worker_id: str) -> Job:
    return Job(row.job_id, row.kind, row.payload, row.attempts + 1, row.max_attempts, worker_id)
