"""A programme with one enrolled member, on 30 June 2026."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import postgres_database
from programme import NAMES, Programme, enrol, programme


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Programme]:
    """The three services on SQLite, for what no database can change."""
    async with programme(tmp_path) as all_three:
        all_three.clock.on("2026-06-30")
        await enrol(all_three, "M-1")
        yield all_three


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
async def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Programme]:
    """The three services on each kind of database."""
    with ExitStack() as stack:
        urls: dict[str, str] = {}
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            urls = {name: stack.enter_context(postgres_database(server)) for name in NAMES}
        async with programme(tmp_path, urls=urls) as all_three:
            all_three.clock.on("2026-06-30")
            await enrol(all_three, "M-1")
            yield all_three
