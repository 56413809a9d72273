"""Appointments of reviews."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mtm_shared.storage.types import UtcDateTime
from sqlalchemy import Column, ForeignKey, Index, Integer, RowMapping, String, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.storage.tables import metadata, reviews

appointments = Table(
    "appointments",
    metadata,
    Column("appointment_id", String(64), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("method", String(16), nullable=False),
    Column("with_whom", String(16), nullable=False),
    Column("provider", String(200)),
    Column("interpreter_language", String(200)),
    Column("state", String(16), nullable=False),
    Column("reason", String(2000)),
    Column("author", String(200), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_appointments_starts_at", "starts_at", "appointment_id"),
)
_SHOWN = (appointments, reviews.c.member_id)
_LONGEST = timedelta(minutes=240)


async def add(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a new appointment."""
    await session.execute(insert(appointments).values(**row))


async def get(session: AsyncSession, appointment_id: str) -> RowMapping | None:
    """An appointment with its member, or None."""
    query = select(*_SHOWN).join(reviews, reviews.c.review_id == appointments.c.review_id)
    found = await session.execute(query.where(appointments.c.appointment_id == appointment_id))
    return found.mappings().one_or_none()


async def change(session: AsyncSession, appointment_id: str, values: Mapping[str, Any]) -> None:
    """Overwrite some columns."""
    here = appointments.c.appointment_id == appointment_id
    await session.execute(update(appointments).where(here).values(**values))


async def booked_for(session: AsyncSession, provider: str, around: datetime) -> Sequence[RowMapping]:
    """Booked appointments of a provider that could overlap one that starts then."""
    query = select(appointments).where(
        appointments.c.provider == provider,
        appointments.c.state == "booked",
        appointments.c.starts_at.between(around - _LONGEST, around + _LONGEST),
    )
    return (await session.execute(query)).mappings().all()


async def page(
    session: AsyncSession,
    *,
    first: datetime | None,
    last: datetime | None,
    provider: str | None,
    state: str | None,
    review_id: str | None,
    after: str | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Appointments by id, which grows with the time of booking."""
    query = select(*_SHOWN).join(reviews, reviews.c.review_id == appointments.c.review_id)
    wanted = {"provider": provider, "state": state, "review_id": review_id}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(appointments.c[column] == value)
    if first is not None:
        query = query.where(appointments.c.starts_at >= first)
    if last is not None:
        query = query.where(appointments.c.starts_at < last)
    if after is not None:
        query = query.where(appointments.c.appointment_id > after)
    return (await session.execute(query.order_by(appointments.c.appointment_id).limit(limit))).mappings().all()
