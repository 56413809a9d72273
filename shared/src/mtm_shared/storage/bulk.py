"""Many rows at once into PostgreSQL: COPY into a temporary table, then one merge (about twice an executemany).

Everything happens in the caller's transaction; the temporary table ends with it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import Column as TableColumn
from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession


async def copy_and_merge(
    session: AsyncSession,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    changed: Sequence[str],
) -> None:
    """Upsert rows with equal columns and distinct keys; without `changed`, rows that are there stay as they are."""
    columns = list(rows[0])
    waiting = await _waiting_table(session, table, columns)
    connection = await session.connection()
    raw: Any = (await connection.get_raw_connection()).driver_connection
    records = _records(table, rows, columns, connection.dialect)
    try:
        await raw.copy_records_to_table(waiting.name, records=records, columns=columns)
    except asyncpg.PostgresError as error:
        # As SQLAlchemy would have raised it, without the text, which repeats values.
        raise DBAPIError(f"COPY {table.name}", None, error, hide_parameters=True) from None
    except (OverflowError, ValueError, TypeError):
        # The driver's own words for a value that its column's type cannot hold.
        unfit = asyncpg.DataError("a value does not fit its column")
        raise DBAPIError(f"COPY {table.name}", None, unfit, hide_parameters=True) from None
    merge: Any = postgresql.insert(table).from_select(columns, select(*(waiting.c[name] for name in columns)))
    if changed:
        merge = merge.on_conflict_do_update(
            index_elements=list(keys), set_={name: merge.excluded[name] for name in changed}
        )
    else:
        merge = merge.on_conflict_do_nothing(index_elements=list(keys))
    await session.execute(merge)
    await session.execute(text(f"TRUNCATE {waiting.name}"))


async def _waiting_table(session: AsyncSession, table: Table, columns: Sequence[str]) -> Table:
    """A temporary table with these columns; made through the session, so that the transaction has begun."""
    digest = hashlib.sha256("\x1f".join((table.name, *columns)).encode()).hexdigest()[:12]
    name = f"waiting_{digest}"
    listed = ", ".join(f'"{column}"' for column in columns)
    await session.execute(
        text(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ON COMMIT DROP AS "  # noqa: S608 - our own table's names
            f'SELECT {listed} FROM "{table.name}" WITH NO DATA'
        )
    )
    return Table(name, MetaData(), *(TableColumn(column, table.c[column].type) for column in columns))


def _records(
    table: Table, rows: Iterable[Mapping[str, Any]], columns: Sequence[str], dialect: Dialect
) -> Iterable[tuple[Any, ...]]:
    """The rows as the driver takes them, through each column type's own conversion."""
    converters = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns]
    for row in rows:
        yield tuple(
            row[name] if convert is None else convert(row[name])
            for name, convert in zip(columns, converters, strict=True)
        )
