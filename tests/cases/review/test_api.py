"""The labelled cases over HTTP: `POST /v1/screenings` says what the kernel says. Stays are known to reviews only."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cases.review.cases import Case, load_cases
from reviewing import review_service, telling

CASES = [case for case in load_cases() if not case.stays]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """One running service for all cases; a screening touches no database."""
    folder: Path = tmp_path_factory.mktemp("screenings")
    async with review_service(f"sqlite+aiosqlite:///{folder}/review.db", telling()) as client:
        yield client


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
async def test_case(client: httpx.AsyncClient, case: Case) -> None:
    answer = await client.post("/v1/screenings", json=case.body)
    assert answer.status_code == 200, answer.text
    case.check(answer.json())
