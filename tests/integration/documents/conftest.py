"""The documents service on each database, over the real eligibility and review services."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from whole_job import Services, running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/documents.db"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
async def services(empty_database: str, tmp_path: Path) -> AsyncIterator[Services]:
    """The three services, with documents on each kind of database."""
    async with running(tmp_path, empty_database) as clients:
        yield clients


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Services]:
    """The three services on SQLite, for what no database can change."""
    async with running(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/documents.db") as clients:
        yield clients
