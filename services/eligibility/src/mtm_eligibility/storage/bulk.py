"""Many rows in one go: upserts by primary key, and look-ups by long lists of keys in bounded pieces."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from mtm_shared.storage.upsert import chunks, upsert_all
from sqlalchemy import Executable, Table
from sqlalchemy.ext.asyncio import AsyncSession

Row = Mapping[str, Any]
Thing = TypeVar("Thing")

# Both databases refuse a statement with more than about 32,000 parameters.
PIECE = 2000


def pieces(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """The things in lists that fit into one statement."""
    return chunks(things, PIECE)


async def upsert_rows(session: AsyncSession, table: Table, rows: Iterable[Row]) -> None:
    """Insert the rows or overwrite those with the same primary key; columns that no row names keep their values."""
    await upsert_all(session, table, rows, [column.name for column in table.primary_key.columns])


async def all_rows(session: AsyncSession, query: Executable) -> list[Row]:
    """What the query finds, each row by its column names."""
    result = await session.execute(query)
    names = list(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


async def one_row(session: AsyncSession, query: Executable) -> Row | None:
    """The only row that the query finds, or None."""
    rows = await all_rows(session, query)
    return rows[0] if rows else None
