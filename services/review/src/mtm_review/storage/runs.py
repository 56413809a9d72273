"""Keeps review runs and what became of each of their members.

A member's row changes in the transaction that opens the review, and only while it is still waiting: a run that was
killed goes on where it stopped, and two workers cannot open two reviews for one member of a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mtm_shared.storage.upsert import insert_all
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.storage.errors import ReviewRunNotFound
from mtm_review.storage.tables import run_members, runs

NOT_OPENED_SHOWN = 100
WAITING, OPENED, SKIPPED, FAILED = "waiting", "opened", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was asked for and how far it is."""

    review_run_id: str
    kind: str
    as_of: date
    program_id: str | None
    author: str
    state: str
    created_at: datetime
    finished_at: datetime | None = None
    enumerates: bool = False
    cursor: str | None = None
    enumerated: bool = True
    auto_complete: bool = True
    quarter: str | None = None


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A member without a review, and why."""

    member_id: str
    state: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one member."""

    state: str
    review_id: str | None = None
    code: str | None = None
    detail: str | None = None
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A member of the programme as a run takes one in: waiting, or skipped for what the enrolment says."""

    member_id: str
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """What became of one member, in a list."""

    position: int
    member_id: str
    state: str
    review_id: str | None
    review_status: str | None
    completed_by_engine: bool
    code: str | None
    detail: str | None


class RunRepository:
    """Runs in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, run: Run, member_ids: Sequence[str]) -> None:
        """Keep a new run with its members waiting."""
        await self._session.execute(insert(runs).values({name: getattr(run, name) for name in Run.__slots__}))
        rows = [
            {"review_run_id": run.review_run_id, "position": position, "member_id": member_id, "state": WAITING}
            for position, member_id in enumerate(member_ids)
        ]
        await insert_all(self._session, run_members, rows)

    async def get(self, review_run_id: str) -> Run:
        """The run; raises `ReviewRunNotFound`."""
        found = await self._session.execute(select(runs).where(runs.c.review_run_id == review_run_id))
        row = found.mappings().first()
        if row is None:
            raise ReviewRunNotFound
        return Run(**row)

    async def not_opened(self, review_run_id: str) -> Sequence[NotOpened]:
        """Members that were skipped or failed, in the order given."""
        found = await self._session.execute(
            select(run_members.c.member_id, run_members.c.state, run_members.c.code, run_members.c.detail)
            .where(run_members.c.review_run_id == review_run_id, run_members.c.state.in_((SKIPPED, FAILED)))
            .order_by(run_members.c.position)
            .limit(NOT_OPENED_SHOWN)
        )
        return [NotOpened(member_id, state, code or "", why or "") for member_id, state, code, why in found]

    async def waiting(self, review_run_id: str, limit: int) -> Sequence[str]:
        """The next members to open a review for."""
        found = await self._session.execute(
            select(run_members.c.member_id)
            .where(run_members.c.review_run_id == review_run_id, run_members.c.state == WAITING)
            .order_by(run_members.c.position)
            .limit(limit)
        )
        return found.scalars().all()

    async def claim(self, review_run_id: str, member_id: str, result: Result) -> bool:
        """Note what became of a waiting member; False when somebody else has done so."""
        updated = await self._session.execute(
            update(run_members)
            .where(
                run_members.c.review_run_id == review_run_id,
                run_members.c.member_id == member_id,
                run_members.c.state == WAITING,
            )
            .values({name: getattr(result, name) for name in Result.__slots__})
            .returning(run_members.c.position)
        )
        return updated.first() is not None

    async def advance(self, review_run_id: str, state: str, finished_at: datetime | None = None) -> bool:
        """Set the run's state; False when it was in it already."""
        updated = await self._session.execute(
            update(runs)
            .where(runs.c.review_run_id == review_run_id, runs.c.state != state)
            .values(state=state, finished_at=finished_at)
            .returning(runs.c.review_run_id)
        )
        return updated.first() is not None
