"""Recommendations, follow-ups and the runs that judge them. Outcomes are added, never changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mtm_shared.storage.types import UtcDateTime, json_column
from mtm_shared.storage.upsert import chunks
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.storage.tables import metadata, reviews

_PIECE = 2_000
recommendations = Table(
    "recommendations",
    metadata,
    Column("recommendation_id", String(64), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("enrollment_id", String(64)),
    Column("program_id", String(64)),
    Column("to", String(12), nullable=False),
    Column("finding_id", String(64)),
    Column("prescriber_npi", String(10)),
    Column("text", Text, nullable=False),
    Column("problem_category", String(32), nullable=False),
    Column("expects", json_column(), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("author", String(200), nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("outcomes", json_column(), nullable=False),
    Column("resolution_state", String(16), nullable=False),
    Column("resolution", json_column(), nullable=False),
    Column("resolved", Boolean, nullable=False),
    Column("reply_token", String(64), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_recommendations_review", "review_id", "recommendation_id"),
    Index("ix_recommendations_member", "member_id", "recommendation_id"),
    Index("ix_recommendations_year", "sent_on", "enrollment_id"),
)
follow_ups = Table(
    "follow_ups",
    metadata,
    Column("follow_up_id", String(64), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("program_id", String(64)),
    Column("kind", String(20), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("recommendation_id", String(64)),
    Column("finding_id", String(64)),
    Column("note", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("state", String(8), nullable=False),
    Column("done_on", Date),
    Column("result", Text),
    Index("ix_follow_ups_due", "state", "due_on", "follow_up_id"),
)
resolution_runs = Table(
    "resolution_runs",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("program_id", String(64)),
    Column("state", String(16), nullable=False),
    Column("after_id", String(64), nullable=False),
    Column("members", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("counts", json_column(), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
_R = recommendations.c


async def add(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a new recommendation."""
    await session.execute(insert(recommendations).values(**row))


async def get(session: AsyncSession, recommendation_id: str, *, to_change: bool = False) -> RowMapping | None:
    """A recommendation, or None; locked when it is to be changed."""
    query = select(recommendations).where(_R.recommendation_id == recommendation_id)
    return (await session.execute(query.with_for_update() if to_change else query)).mappings().one_or_none()


async def by_token(session: AsyncSession, token: str) -> RowMapping | None:
    """The recommendation with this reply token, locked; or None."""
    query = select(recommendations).where(_R.reply_token == token).with_for_update()
    return (await session.execute(query)).mappings().one_or_none()


async def change(session: AsyncSession, recommendation_id: str, values: Mapping[str, Any]) -> None:
    """Overwrite some columns."""
    here = _R.recommendation_id == recommendation_id
    await session.execute(update(recommendations).where(here).values(**values))


async def of_review(session: AsyncSession, review_id: str) -> Sequence[RowMapping]:
    """The recommendations of a review, oldest first."""
    query = select(recommendations).where(_R.review_id == review_id).order_by(_R.recommendation_id)
    return (await session.execute(query)).mappings().all()


async def page(
    session: AsyncSession, wanted: Mapping[str, Any], sent_by: date | None, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Recommendations by id whose columns have the wanted values; `sent_by` keeps those sent by that day."""
    query = select(recommendations).order_by(_R.recommendation_id).limit(limit)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(_R[column] == value)
    if sent_by is not None:
        query = query.where(_R.sent_on <= sent_by)
    if after is not None:
        query = query.where(_R.recommendation_id > after)
    return (await session.execute(query)).mappings().all()


async def undecided_of(session: AsyncSession, member_id: str) -> Sequence[RowMapping]:
    """The member's recommendations that later claims may still decide, locked."""
    query = select(recommendations).where(_R.member_id == member_id, _R.resolution_state.in_(("none", "cannot_tell")))
    return (await session.execute(query.with_for_update())).mappings().all()


async def undecided_members(session: AsyncSession, program_id: str | None, after: str, limit: int) -> Sequence[str]:
    """Members with recommendations that later claims may still decide, in the order of their ids."""
    query = select(_R.member_id).where(_R.resolution_state.in_(("none", "cannot_tell")), _R.member_id > after)
    if program_id is not None:
        query = query.where(_R.program_id == program_id)
    return (await session.execute(query.distinct().order_by(_R.member_id).limit(limit))).scalars().all()


async def problems_counted(
    session: AsyncSession, enrollment_ids: Sequence[str], plan_year: int
) -> dict[str, tuple[int, int]]:
    """Recommendations to prescribers that were sent in the year, and those of them that are resolved, by enrolment."""
    found: dict[str, tuple[int, int]] = {}
    resolved = func.sum(case((_R.resolved, 1), else_=0))
    for piece in chunks(enrollment_ids, _PIECE):
        query = (
            select(_R.enrollment_id, func.count(), resolved)
            .where(_R.enrollment_id.in_(piece), _R.to == "prescriber")
            .where(_R.sent_on.between(date(plan_year, 1, 1), date(plan_year, 12, 31)))
            .group_by(_R.enrollment_id)
        )
        for enrollment_id, number, done in await session.execute(query):
            found[enrollment_id] = (int(number), int(done or 0))
    return found


async def by_category(session: AsyncSession, plan_year: int, program_id: str | None) -> Sequence[RowMapping]:
    """How many recommendations to prescribers there are of each category, outcome and resolution."""
    columns = (_R.problem_category, _R.outcome, _R.resolved, _R.resolution_state)
    query = (
        select(*columns, func.count().label("number"))
        .where(_R.to == "prescriber", _R.sent_on.between(date(plan_year, 1, 1), date(plan_year, 12, 31)))
        .group_by(*columns)
    )
    if program_id is not None:
        query = query.where(_R.program_id == program_id)
    return (await session.execute(query)).mappings().all()


async def add_follow_up(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a new follow-up."""
    await session.execute(insert(follow_ups).values(**row))


async def follow_up(session: AsyncSession, follow_up_id: str) -> RowMapping | None:
    """A follow-up, or None."""
    query = select(follow_ups).where(follow_ups.c.follow_up_id == follow_up_id).with_for_update()
    return (await session.execute(query)).mappings().one_or_none()


async def end_follow_up(session: AsyncSession, follow_up_id: str, done_on: date, result: str) -> None:
    """The follow-up was done."""
    values = {"state": "done", "done_on": done_on, "result": result}
    await session.execute(update(follow_ups).where(follow_ups.c.follow_up_id == follow_up_id).values(**values))


async def follow_ups_page(
    session: AsyncSession, wanted: Mapping[str, Any], due: date | None, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Follow-ups by id; `due` keeps those that are due by that day."""
    query = select(follow_ups).order_by(follow_ups.c.follow_up_id).limit(limit)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(follow_ups.c[column] == value)
    if due is not None:
        query = query.where(follow_ups.c.due_on <= due)
    if after is not None:
        query = query.where(follow_ups.c.follow_up_id > after)
    return (await session.execute(query)).mappings().all()


async def add_run(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a new run."""
    await session.execute(insert(resolution_runs).values(**row))


async def get_run(session: AsyncSession, run_id: str) -> RowMapping | None:
    """A run, or None."""
    query = select(resolution_runs).where(resolution_runs.c.run_id == run_id)
    return (await session.execute(query)).mappings().one_or_none()


async def advance_run(session: AsyncSession, run_id: str, before: str, values: Mapping[str, Any]) -> bool:
    """Move a run's checkpoint; False when somebody else has."""
    here = (resolution_runs.c.run_id == run_id) & (resolution_runs.c.after_id == before)
    changed = await session.execute(
        update(resolution_runs).where(here).values(**values).returning(resolution_runs.c.run_id)
    )
    return changed.first() is not None


async def end_run(session: AsyncSession, run_id: str, state: str, now: datetime) -> None:
    """The run is done, or has failed."""
    values = {"state": state, "finished_at": now}
    await session.execute(update(resolution_runs).where(resolution_runs.c.run_id == run_id).values(**values))
