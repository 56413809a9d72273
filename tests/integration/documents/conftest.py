"""The documents service on each database, over the real eligibility and review services."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from whole_job import Services, running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
async def services(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Services]:
    """The three services, with documents on each kind of database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/documents.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("fresh_postgres_url"))
    async with running(tmp_path, url) as clients:
        yield clients


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Services]:
    """The three services on SQLite, for what no database can change."""
    async with running(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/documents.db") as clients:
        yield clients
