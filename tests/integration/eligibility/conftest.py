"""The eligibility service on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deciding import Service, eligibility_service
from mtm_shared.storage import migrate
from outreaching import Team, team_on


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/eligibility.db"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
async def service(empty_database: str, tmp_path: Path) -> AsyncIterator[Service]:
    """The service on a migrated database of each kind."""
    migrate("eligibility", empty_database)
    async with eligibility_service(empty_database, tmp_path / "data") as service:
        yield service


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Service]:
    """The service on SQLite, for what no database can change."""
    url = f"sqlite+aiosqlite:///{tmp_path}/eligibility.db"
    migrate("eligibility", url)
    async with eligibility_service(url, tmp_path / "data") as service:
        yield service


@pytest.fixture
async def team(empty_database: str, tmp_path: Path) -> AsyncIterator[Team]:
    """A programme's team on each kind of database, on a steered clock."""
    migrate("eligibility", empty_database)
    async with team_on(empty_database, tmp_path / "data") as team:
        yield team


@pytest.fixture
async def quick_team(tmp_path: Path) -> AsyncIterator[Team]:
    """A programme's team on SQLite, for what no database can change."""
    url = f"sqlite+aiosqlite:///{tmp_path}/eligibility.db"
    migrate("eligibility", url)
    async with team_on(url, tmp_path / "data") as team:
        yield team
