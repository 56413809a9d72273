"""A programme with one enrolled member, on 30 June 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from programme import Programme, enrol, programme


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Programme]:
    """The three services with one member who is enrolled since 30 June 2026."""
    async with programme(tmp_path) as all_three:
        all_three.clock.on("2026-06-30")
        await enrol(all_three, "M-1")
        yield all_three
