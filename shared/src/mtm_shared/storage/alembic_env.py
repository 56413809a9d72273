"""What every service's `migrations/env.py` does: `alembic_env.run(metadata)`.

Migrations run over the same async engines as the service. PostgreSQL: an advisory lock lets one migration run at a
time, however many replicas start. SQLite: foreign keys are off meanwhile, because altering a table there means
copying and dropping it, which would delete the rows that refer to it.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from alembic import context
from sqlalchemy import Connection, MetaData, text

from mtm_shared.storage.engine import make_engine

_LOCK: Final = 0x4D544D  # "MTM"


def run(metadata: MetaData) -> None:
    """Run what Alembic was asked for, against the address given to `migrate` or in `MTM_DATABASE_URL`."""
    url = context.config.attributes.get("url") or os.environ.get("MTM_DATABASE_URL")
    if not url:
        raise SystemExit("MTM_DATABASE_URL must be set")
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_online(url, metadata))
        return
    # Called from a test's event loop: use a loop of our own in another thread.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(_in_thread, context.config.attributes, url, metadata).result()


def _in_thread(_attributes: object, url: str, metadata: MetaData) -> None:
    asyncio.run(_online(url, metadata))


async def _online(url: str, metadata: MetaData) -> None:
    engine = make_engine(url, foreign_keys=False)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate, metadata)
            await connection.commit()
    finally:
        await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
