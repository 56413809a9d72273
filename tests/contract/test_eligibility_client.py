"""The typed eligibility client against the real eligibility service: what a review relies on."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from mtm_eligibility.main import create_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_review.clients.eligibility import EligibilityProfiles
from mtm_review.usecases.ports import MemberNotFound, ProfilesUnavailable
from mtm_review.usecases.reading import read_profile
from mtm_shared.clients.connect import eligibility_client
from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.storage.migrate import migrate
from reviewing import expertise, settings

AS_OF = date(2026, 6, 30)
MEMBER = {
    "member": {
        "member_id": "A1",
        "birth_date": "1950-03-01",
        "sex": "female",
        "language": "es",
        "prescribers": [{"npi": "1234567893", "name": "Alma Ruiz, MD"}],
    },
    "coverage": {"contract_id": "S1234", "pbp_id": "001", "plan_type": "PDP", "effective_from": "2026-01-01"},
}


def a_fill(claim_id: str, day: str, **more: object) -> dict[str, object]:
    return {
        "claim_id": claim_id,
        "drug_name": "lisinopril 10 mg",
        "fill_date": day,
        "days_supply": 30,
        "quantity": "30",
        "total_cost": "10.00",
        "prescriber_npi": "1234567893",
        **more,
    }


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[httpx.AsyncBaseTransport]:
    """The eligibility service on SQLite, with one member."""
    url = f"sqlite+aiosqlite:///{tmp_path}/eligibility.db"
    migrate("eligibility", url)
    environ = {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": url}
    app = create_app(EligibilitySettings.from_environment("eligibility", environ))
    transport = httpx.ASGITransport(app)
    key = {"Authorization": "Bearer openmtm-development"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=key) as client,
    ):
        assert (await client.put("/v1/members/A1", json=MEMBER)).status_code == 200
        fills = [
            a_fill("c1", "2026-05-15"),
            a_fill("c2", "2026-06-14"),
            a_fill("c3", "2026-06-15"),
            a_fill("c3", "2026-06-15", adjustment="D"),
            a_fill("c4", "2026-06-20", drug_name="no such drug"),
        ]
        for fill in fills:
            answer = await client.post("/v1/members/A1/fills", json={"fills": [fill]})
            assert answer.status_code == 200, answer.text
        diagnoses = {"diagnoses": [{"icd10": "I10", "service_date": "2026-02-01", "setting": "outpatient"}]}
        assert (await client.post("/v1/members/A1/diagnoses", json=diagnoses)).status_code == 200
        yield transport


@pytest.fixture
async def client(provider: httpx.AsyncBaseTransport) -> AsyncIterator[EligibilityClient]:
    async with eligibility_client(settings(), transport=provider) as client:
        yield client


async def test_a_profile_becomes_a_list_to_review(client: EligibilityClient) -> None:
    profile = await EligibilityProfiles(client).profile("A1", AS_OF)
    subject = read_profile(profile, expertise().vocabulary, AS_OF)
    listed = {line.name: line for line in subject.medications}
    assert set(listed) == {"lisinopril 10 mg", "no such drug"}
    lisinopril = listed["lisinopril 10 mg"]
    assert (len(lisinopril.fills), lisinopril.status, lisinopril.prescriber) == (2, "active", "Alma Ruiz, MD")
    assert [condition.icd10 for condition in subject.patient.conditions] == ["I10"]
    assert subject.language == "es"


async def test_eligibility_and_review_speak_of_the_same_vocabulary(client: EligibilityClient) -> None:
    profile = await client.profile("A1", AS_OF)
    assert profile.vocabulary_version == expertise().vocabulary.version


async def test_a_drug_that_nobody_knows_is_named_once(client: EligibilityClient) -> None:
    profile = await EligibilityProfiles(client).profile("A1", AS_OF)
    assert [fill.drug for fill in profile.fills if fill.drug_name == "no such drug"] == [None]


async def test_an_unknown_member_is_not_found(client: EligibilityClient) -> None:
    with pytest.raises(MemberNotFound):
        await EligibilityProfiles(client).profile("nobody", AS_OF)


async def test_a_wrong_token_is_no_fault_of_the_member(provider: httpx.AsyncBaseTransport) -> None:
    environ = {"MTM_ENVIRONMENT": "development", "MTM_DEVELOPMENT_KEY": "another"}
    other = type(settings()).from_environment("review", environ)
    async with eligibility_client(other, transport=provider) as client:
        with pytest.raises(ProfilesUnavailable) as away:
            await EligibilityProfiles(client).profile("A1", AS_OF)
    assert away.value.retry_after == 60


async def test_a_service_that_is_away_is_unavailable() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with eligibility_client(settings(), transport=httpx.MockTransport(refuse)) as client:
        with pytest.raises(ProfilesUnavailable) as away:
            await EligibilityProfiles(client).profile("A1", AS_OF)
    assert away.value.retry_after > 0


async def test_representatives_of_a_day_are_read(client: EligibilityClient, provider: httpx.AsyncBaseTransport) -> None:
    told = {
        "name": "Alma Example",
        "relationship": "daughter",
        "scope": ["receive_documents"],
        "effective_from": "2026-01-01",
        "effective_to": "2026-06-30",
        "basis": "member_consent",
    }
    key = {"Authorization": "Bearer openmtm-development"}
    async with httpx.AsyncClient(transport=provider, base_url="http://test", headers=key) as http:
        assert (await http.post("/v1/members/A1/representatives", json=told)).status_code == 201
    shown = {
        day: [one.scope async for one in client.representatives("A1", on=date.fromisoformat(day))]
        for day in ("2025-12-31", "2026-06-30", "2026-07-01")
    }
    assert shown == {"2025-12-31": [], "2026-06-30": [["receive_documents"]], "2026-07-01": []}
