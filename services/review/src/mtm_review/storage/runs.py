"""Keeps review runs and what became of each of their members.

A member's row changes in the transaction that opens the review, and only while it is still waiting: a run that was
killed goes on where it stopped, and two workers cannot open two reviews for one member of a run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mtm_shared.storage.upsert import insert_all
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.storage.errors import ReviewRunNotFound
from mtm_review.storage.tables import findings, reviews, run_members, runs

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
    listed: bool = True
    auto_complete: bool = True


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


class RunRepository:
    """Runs in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, run: Run, member_ids: Sequence[str]) -> None:
        """Keep a new run with its members waiting."""
        await self._session.execute(
            insert(runs).values(
                review_run_id=run.review_run_id,
                kind=run.kind,
                as_of=run.as_of,
                program_id=run.program_id,
                author=run.author,
                state=run.state,
                created_at=run.created_at,
                listed=run.listed,
                auto_complete=run.auto_complete,
            )
        )
        await self.list_members(run.review_run_id, member_ids)

    async def list_members(self, review_run_id: str, member_ids: Sequence[str]) -> None:
        """Add members to a run, behind those that are listed; who is listed already is left out."""
        found = await self._session.execute(
            select(run_members.c.member_id).where(run_members.c.review_run_id == review_run_id)
        )
        known = set(found.scalars())
        rows = [
            {"review_run_id": review_run_id, "position": position, "member_id": member_id, "state": WAITING}
            for position, member_id in enumerate((one for one in member_ids if one not in known), len(known))
        ]
        await insert_all(self._session, run_members, rows)

    async def all_listed(self, review_run_id: str) -> None:
        """Every member of the run is listed."""
        await self._session.execute(update(runs).where(runs.c.review_run_id == review_run_id).values(listed=True))

    async def outcome(self, review_run_id: str) -> tuple[int, Mapping[str, int]]:
        """How many of the run's reviews are completed, and their findings by severity."""
        mine = (run_members.c.review_run_id == review_run_id) & (run_members.c.review_id == reviews.c.review_id)
        done = await self._session.scalar(
            select(func.count()).select_from(run_members).join(reviews, mine).where(reviews.c.status == "completed")
        )
        found = await self._session.execute(
            select(findings.c.severity, func.count())
            .join(run_members, run_members.c.review_id == findings.c.review_id)
            .where(run_members.c.review_run_id == review_run_id)
            .group_by(findings.c.severity)
        )
        return done or 0, {str(severity): int(number) for severity, number in found}

    async def reviewed_since(self, member_id: str, kind: str, program_id: str, first: date, last: date) -> bool:
        """Whether the member has had a review of the kind under the programme in these days."""
        had = select(reviews.c.review_id).where(
            reviews.c.member_id == member_id,
            reviews.c.kind == kind,
            reviews.c.program_id == program_id,
            reviews.c.as_of.between(first, last),
        )
        return (await self._session.execute(had.limit(1))).first() is not None

    async def get(self, review_run_id: str) -> Run:
        """The run; raises `ReviewRunNotFound`."""
        found = await self._session.execute(select(runs).where(runs.c.review_run_id == review_run_id))
        row = found.mappings().first()
        if row is None:
            raise ReviewRunNotFound
        return Run(**row)

    async def counts(self, review_run_id: str) -> Mapping[str, int]:
        """How many members are in each state."""
        found = await self._session.execute(
            select(run_members.c.state, func.count())
            .where(run_members.c.review_run_id == review_run_id)
            .group_by(run_members.c.state)
        )
        return {str(row[0]): int(row[1]) for row in found.all()}

    async def not_opened(self, review_run_id: str) -> Sequence[NotOpened]:
        """Members that were skipped or failed, in the order given."""
        found = await self._session.execute(
            select(run_members.c.member_id, run_members.c.state, run_members.c.code, run_members.c.detail)
            .where(run_members.c.review_run_id == review_run_id, run_members.c.state.in_((SKIPPED, FAILED)))
            .order_by(run_members.c.position)
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
            .values(state=result.state, review_id=result.review_id, code=result.code, detail=result.detail)
            .returning(run_members.c.position)
        )
        return updated.first() is not None

    async def advance(self, review_run_id: str, state: str, finished_at: datetime | None = None) -> None:
        """Set the run's state."""
        await self._session.execute(
            update(runs).where(runs.c.review_run_id == review_run_id).values(state=state, finished_at=finished_at)
        )
