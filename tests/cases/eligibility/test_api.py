"""Every worked case over HTTP: given at once, and stored and then decided on, with the same answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cases.eligibility.cases import Case, as_table, load_cases, mismatches
from deciding import Service, eligibility_service
from mtm_shared.storage import migrate

CASES = load_cases()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One service for all cases; each case is a member of its own."""
    folder: Path = tmp_path_factory.mktemp("cases")
    url = f"sqlite+aiosqlite:///{folder}/eligibility.db"
    migrate("eligibility", url)
    async with eligibility_service(url, folder / "data") as service:
        yield service


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
async def test_case(service: Service, case: Case) -> None:
    ask = {"program_id": case.program_id, "as_of": case.as_of.isoformat()}
    answer = await service.ok("POST", "/v1/determinations/evaluate", ask | {"record": case.record})
    assert mismatches(case, answer) == [], as_table(case)
    rejected = await service.store(**{"drug_management": None, **case.record})
    if rejected:
        # A code that is no ICD-10-CM code is told to the caller and not stored; given at once, it stays in the record.
        assert {each["code"] for each in rejected} == {"invalid_icd10"}
        return
    path = f"/v1/members/{case.record['member']['member_id']}/determinations"
    stored = await service.ok("POST", path, ask)
    assert stored | {"determination_id": None, "enrollment_id": None} == answer, as_table(case)
