"""Insert or update, in the words that SQLite and PostgreSQL share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from mtm_shared.storage.bulk import copy_and_merge

_T = TypeVar("_T")
# asyncpg takes 32,767 parameters in a statement, SQLite 32,766.
PARAMETER_LIMIT: Final = 32_000
_BATCH: Final = 1_000
# Below this a temporary table costs more than it saves.
_COPY_FROM: Final = 500
_COPY_AT_ONCE: Final = 50_000


def upsert(
    table: Table,
    rows: Sequence[Mapping[str, Any]] | None,
    keys: Sequence[str],
    dialect: str,
    *,
    update: Sequence[str] | None = None,
) -> Insert:
    """`INSERT … ON CONFLICT (keys) DO UPDATE`; `update=()` leaves what is there.

    With `rows=None` the values come as parameters of `execute`. `update` defaults to every given column but the keys.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    given = list(rows[0]) if rows else [column.name for column in table.columns]
    if rows is not None:
        statement = statement.values(list(rows))
    changed = [name for name in given if name not in keys] if update is None else list(update)
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(keys))  # type: ignore[no-any-return]
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(keys), set_={name: statement.excluded[name] for name in changed}
    )


async def upsert_all(
    session: AsyncSession,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    keys: Sequence[str],
    *,
    update: Sequence[str] | None = None,
) -> None:
    """Upsert any number of rows with equal columns; the last of several rows with one key wins."""
    last = {tuple(row[key] for key in keys): dict(row) for row in rows}
    if not last:
        return
    columns = list(next(iter(last.values())))
    changed = [name for name in columns if name not in keys] if update is None else list(update)
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql" and len(last) >= _COPY_FROM:
        for many in chunks(last.values(), _COPY_AT_ONCE):
            await copy_and_merge(session, table, many, keys, changed)
        return
    statement = upsert(table, None, keys, dialect, update=changed)
    for batch in chunks(last.values(), _BATCH):
        await session.execute(statement, batch)


async def insert_all(session: AsyncSession, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert any number of rows with equal columns."""
    for batch in chunks(rows, _BATCH):
        await session.execute(table.insert(), [dict(row) for row in batch])


def chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of at most `size` items, in order; for `IN (…)` stay below `PARAMETER_LIMIT`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
