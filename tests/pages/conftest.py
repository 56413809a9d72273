"""Each plan's programme runs once for all sentences of its page."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from plan_pages import AETNA_CODES, HEALTH_OPTIONS_CODES, Plan
from programme import programme


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aetna(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Plan]:
    """Aetna's programme on 30 June 2021."""
    async with programme(tmp_path_factory.mktemp("aetna")) as running:
        running.clock.on("2021-06-30")
        yield Plan(running, "aetna-2021", 2021, AETNA_CODES)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def options(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Plan]:
    """The Health Options Program's programme on 1 July 2024, a Monday."""
    async with programme(tmp_path_factory.mktemp("options")) as running:
        running.clock.on("2024-07-01")
        yield Plan(running, "health-options-2024", 2024, HEALTH_OPTIONS_CODES)
