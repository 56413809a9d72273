"""Two transactions that decide on the same thing, one after the other."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def one_at_a_time(session: AsyncSession, name: str) -> None:
    """Waits for every other transaction that decides on the thing of this name; held until this one ends.

    What is read afterwards shows what the others committed (PostgreSQL, read committed). On SQLite nothing is to be
    done: there is one writing transaction at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
