"""The eligibility service on SQLite, for samples that go through the real import."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deciding import Service, eligibility_service
from mtm_shared.storage import migrate


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    url = f"sqlite+aiosqlite:///{tmp_path}/eligibility.db"
    migrate("eligibility", url)
    async with eligibility_service(url, tmp_path / "data") as service:
        yield service
