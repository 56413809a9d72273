"""The review service on each database, with an eligibility service that knows a few members."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from mtm_shared.storage.migrate import migrate
from reviewing import MEMBERS, review_service, telling


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/review.db"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def database_url(empty_database: str) -> str:
    """A migrated database of each kind."""
    migrate("review", empty_database)
    return empty_database


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running service."""
    async with review_service(database_url, telling(*MEMBERS)) as client:
        yield client


@pytest.fixture
async def quick_client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running service on SQLite, for what no database can change."""
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)
    async with review_service(url, telling(*MEMBERS)) as client:
        yield client
