"""Databases for the storage tests: a file of its own on SQLite, a database of its own on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from mtm_shared.storage import Database
from storage_tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """The same tables on both engines."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    else:
        url = request.getfixturevalue("fresh_postgres_url")
    database = Database.at(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.dispose()
