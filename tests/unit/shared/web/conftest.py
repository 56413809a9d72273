"""The sample service on SQLite, and on both engines where the engine matters."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from web_app import make_app, served, settings_for


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with the development key, on SQLite; bodies up to 20,000 bytes."""
    settings = settings_for(f"sqlite:///{tmp_path}/web.db", MTM_MAX_BODY_BYTES="20000")
    async with served(make_app(settings)) as client:
        yield client


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
async def client_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with the development key, on each database."""
    url = f"sqlite:///{tmp_path}/web.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgres_url")
    async with served(make_app(settings_for(url))) as client:
        yield client
