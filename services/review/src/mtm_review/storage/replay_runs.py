"""Keeps replay runs: which reviews are waiting, and every finding that differs, counted by rule in the database.

A review's row changes in the transaction that keeps its differences, and only while it is still waiting: a run that was
killed goes on where it stopped, and nothing is counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import distinct, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.replaying import Difference, Replay
from mtm_review.storage.errors import ReplayRunNotFound
from mtm_review.storage.tables import replay_differences, replay_run_reviews, replay_runs, reviews

WAITING, REPLAYED, FAILED = "waiting", "replayed", "failed"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class ReplayRun:
    """What a run was asked for and how far it is; `as_of` None means each review's own day."""

    replay_run_id: str
    knowledge_version: str
    as_of: date | None
    author: str
    state: str
    created_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What became of findings of one rule for one cause, and in how many reviews."""

    rule_id: str
    cause: str
    added: int
    removed: int
    changed: int
    reviews: int


class ReplayRunRepository:
    """Replay runs in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, run: ReplayRun, member_ids: Sequence[str] | None) -> None:
        """Keep a new run with the latest review of each of the members (None: of all) waiting."""
        await self._session.execute(
            insert(replay_runs).values(
                replay_run_id=run.replay_run_id,
                knowledge_version=run.knowledge_version,
                as_of=run.as_of,
                author=run.author,
                state=run.state,
                created_at=run.created_at,
            )
        )
        # Ids of reviews sort by the time of making.
        latest = select(
            literal(run.replay_run_id), func.max(reviews.c.review_id), literal(WAITING), literal(0)
        ).group_by(reviews.c.member_id)
        if member_ids is not None:
            latest = latest.where(reviews.c.member_id.in_(member_ids))
        columns = ["replay_run_id", "review_id", "state", "differences"]
        await self._session.execute(insert(replay_run_reviews).from_select(columns, latest))

    async def get(self, replay_run_id: str) -> ReplayRun:
        """The run; raises `ReplayRunNotFound`."""
        found = await self._session.execute(select(replay_runs).where(replay_runs.c.replay_run_id == replay_run_id))
        row = found.mappings().first()
        if row is None:
            raise ReplayRunNotFound
        return ReplayRun(**row)

    async def counts(self, replay_run_id: str) -> Mapping[str, int]:
        """How many reviews are in each state."""
        found = await self._session.execute(
            select(replay_run_reviews.c.state, func.count())
            .where(replay_run_reviews.c.replay_run_id == replay_run_id)
            .group_by(replay_run_reviews.c.state)
        )
        return {str(row[0]): int(row[1]) for row in found.all()}

    async def differing(self, replay_run_id: str) -> int:
        """How many reviews have a difference."""
        found = await self._session.scalar(
            select(func.count()).where(
                replay_run_reviews.c.replay_run_id == replay_run_id, replay_run_reviews.c.differences > 0
            )
        )
        return found or 0

    async def by_rule(self, replay_run_id: str) -> Sequence[RuleCount]:
        """Differences by rule and cause, in order of the rules."""
        table = replay_differences
        found = await self._session.execute(
            select(
                table.c.rule_id,
                table.c.cause,
                *(func.count().filter(table.c.what == what) for what in (ADDED, REMOVED, CHANGED)),
                func.count(distinct(table.c.review_id)),
            )
            .where(table.c.replay_run_id == replay_run_id)
            .group_by(table.c.rule_id, table.c.cause)
            .order_by(table.c.rule_id, table.c.cause)
        )
        return [RuleCount(*row) for row in found.all()]

    async def waiting(self, replay_run_id: str, limit: int) -> Sequence[str]:
        """The next reviews to replay."""
        table = replay_run_reviews
        found = await self._session.execute(
            select(table.c.review_id)
            .where(table.c.replay_run_id == replay_run_id, table.c.state == WAITING)
            .order_by(table.c.review_id)
            .limit(limit)
        )
        return found.scalars().all()

    async def keep(self, replay_run_id: str, review_id: str, replay: Replay | None) -> bool:
        """Note what a waiting review's replay found (None: it failed); False when somebody else has done so."""
        rows = [] if replay is None else _rows(replay_run_id, review_id, replay)
        table = replay_run_reviews
        updated = await self._session.execute(
            update(table)
            .where(table.c.replay_run_id == replay_run_id, table.c.review_id == review_id, table.c.state == WAITING)
            .values(
                state=FAILED if replay is None else REPLAYED,
                differences=len({row["finding_id"] for row in rows}),
            )
            .returning(table.c.review_id)
        )
        if updated.first() is None:
            return False
        if rows:
            await self._session.execute(insert(replay_differences), rows)
        return True

    async def advance(self, replay_run_id: str, state: str, finished_at: datetime | None = None) -> None:
        """Set the run's state."""
        await self._session.execute(
            update(replay_runs)
            .where(replay_runs.c.replay_run_id == replay_run_id)
            .values(state=state, finished_at=finished_at)
        )


def _rows(replay_run_id: str, review_id: str, replay: Replay) -> list[dict[str, str]]:
    told: tuple[tuple[str, tuple[Difference, ...]], ...] = (
        (ADDED, replay.added),
        (REMOVED, replay.removed),
        (CHANGED, replay.changed),
    )
    return [
        {
            "replay_run_id": replay_run_id,
            "review_id": review_id,
            "finding_id": difference.finding.finding_id,
            "cause": cause.value,
            "what": what,
            "rule_id": difference.finding.rule_id,
            "severity": difference.finding.severity,
        }
        for what, differences in told
        for difference in differences
        for cause in difference.causes
    ]
