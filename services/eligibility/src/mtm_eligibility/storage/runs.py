"""Runs over the members and what they decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row
from mtm_eligibility.storage.run_tables import member_runs, run_determinations, run_left_out
from mtm_eligibility.storage.tables import determinations, members


async def add_run(session: AsyncSession, row: Row) -> None:
    """Keep a new run."""
    await session.execute(insert(member_runs).values(**row))


async def read_run(session: AsyncSession, run_id: str, kind: str) -> Row | None:
    """A run of that kind, or None."""
    query = select(member_runs).where(member_runs.c.run_id == run_id, member_runs.c.kind == kind)
    return await one_row(session, query)


async def advance_run(session: AsyncSession, run_id: str, before: str, **values: Any) -> bool:
    """Move the checkpoint; False when somebody else has moved it."""
    here = (member_runs.c.run_id == run_id) & (member_runs.c.after_id == before)
    changed = await session.execute(update(member_runs).where(here).values(**values).returning(member_runs.c.run_id))
    return changed.first() is not None


async def end_run(session: AsyncSession, run_id: str, state: str, now: datetime) -> bool:
    """The run is done, or has failed; False when it had ended before."""
    here = (member_runs.c.run_id == run_id) & member_runs.c.state.not_in(["done", "failed"])
    ended = update(member_runs).where(here).values(state=state, finished_at=now).returning(member_runs.c.run_id)
    return (await session.execute(ended)).first() is not None


async def count_members(session: AsyncSession) -> int:
    """How many members there are."""
    return int(await session.scalar(select(func.count()).select_from(members)) or 0)


async def add_determination(session: AsyncSession, run_id: str, member_id: str, determination_id: str) -> None:
    """Note what the run decided of a member."""
    row = {"run_id": run_id, "member_id": member_id, "determination_id": determination_id}
    await session.execute(insert(run_determinations).values(**row))


async def add_left_out(session: AsyncSession, run_id: str, member_id: str, code: str) -> None:
    """Note a member of whom the run decided nothing, and why."""
    await session.execute(insert(run_left_out).values(run_id=run_id, member_id=member_id, code=code))


async def read_left_out(session: AsyncSession, run_id: str, after: str | None, limit: int) -> Sequence[Row]:
    """Members of whom the run decided nothing, in the order of their ids."""
    query = select(run_left_out).where(run_left_out.c.run_id == run_id).order_by(run_left_out.c.member_id)
    if after is not None:
        query = query.where(run_left_out.c.member_id > after)
    return await all_rows(session, query.limit(limit))


async def read_determinations(session: AsyncSession, run_id: str, after: str | None, limit: int) -> Sequence[Row]:
    """What the run decided, in the order of members."""
    made, kept = run_determinations.c, determinations.c
    query = (
        select(made.member_id, kept.determination_id, kept.body)
        .join(determinations, kept.determination_id == made.determination_id)
        .where(made.run_id == run_id)
        .order_by(made.member_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(made.member_id > after)
    return await all_rows(session, query)
