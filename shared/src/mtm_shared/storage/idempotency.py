"""Where first answers are kept by their `Idempotency-Key`, in the service's own database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.types import UtcDateTime, json_column
from mtm_shared.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given; `digest` is of the body that it answered."""

    digest: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def idempotency_table(metadata: MetaData, name: str = "idempotency_keys") -> Table:
    """The table, to be created by the service's migrations. `owner` is a hash of caller, method and path."""
    return Table(
        name,
        metadata,
        Column("key", String(255), primary_key=True),
        Column("owner", String(64), primary_key=True),
        Column("digest", String(64), nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", json_column(), nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", UtcDateTime, nullable=False, index=True),
    )


async def claim_key(
    session: AsyncSession, table: Table, *, key: str, owner: str, digest: str, now: datetime
) -> StoredAnswer | None:
    """None when the key is now ours; otherwise what is kept under it.

    The insert comes first: on PostgreSQL a second request with the key waits here until the first has committed.
    """
    row = {"key": key, "owner": owner, "digest": digest, "status": 0, "headers": {}, "body": b"", "created_at": now}
    statement = upsert(table, [row], ["key", "owner"], session.get_bind().dialect.name, update=())
    claimed = await session.execute(statement.returning(table.c.key))
    if claimed.first() is not None:
        return None
    found = await session.execute(
        select(table.c.digest, table.c.status, table.c.headers, table.c.body).where(
            table.c.key == key, table.c.owner == owner
        )
    )
    kept = found.one()
    return StoredAnswer(kept.digest, kept.status, kept.headers, kept.body)


async def store_answer(session: AsyncSession, table: Table, *, key: str, owner: str, answer: StoredAnswer) -> None:
    """Keep the answer under a key that `claim_key` gave us, in the same transaction."""
    await session.execute(
        update(table)
        .where(table.c.key == key, table.c.owner == owner)
        .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
    )


async def forget_keys(session: AsyncSession, table: Table, before: datetime) -> None:
    """Drop keys older than the time for which callers may send a request again."""
    await session.execute(delete(table).where(table.c.created_at < before))
