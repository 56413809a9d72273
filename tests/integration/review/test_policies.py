"""Sponsors' policies over HTTP: acting on screenings and reviews, only tried, and the burden of alerts with them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from mtm_review.cli import forecast_handler
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import forecast_members, jobs
from mtm_review.usecases import forecast as forecasting
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import run_worker, work_off
from mtm_shared.web.settings import SettingsRefused
from policies import document, on_the_wire, write
from reviewing import MEMBERS, NOW, a_profile, expertise, review_service, telling

NSAIDS, NSAIDS_HF = "duplicate_therapy.nsaids", "drug_disease.nsaids_heart_failure"
SCREENING = {
    "as_of": "2026-06-30",
    "member": {"birth_date": "1950-03-01"},
    "medications": [{"name": "naproxen 500 mg"}, {"name": "meloxicam 15 mg"}],
    "conditions": [{"icd10": "I50.9"}],
}
OFF = [{"rule": NSAIDS}]
IN_HEART_FAILURE = a_profile("D4").filling("cilostazol 100 mg").diagnosed("I50.9").enrolled_in("cms-2026")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Policies for the members' programme in 2026, and for another contract until 2025."""
    policies = tmp_path / "policies"
    policies.mkdir()
    write(policies, "a.toml", document(off=[*OFF, {"rule": "drug_disease.cilostazol_heart_failure"}]))
    ended = {"effective_from": date(2025, 1, 1), "expires_on": date(2025, 12, 31), "programs": None}
    write(
        policies, "b.toml", document(policy_id="ended", contracts=["S1234"], off=[{"screen": "drug_disease"}], **ended)
    )
    return policies


@pytest.fixture
async def client(database_url: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with review_service(database_url, telling(*MEMBERS, IN_HEART_FAILURE), policies=folder) as client:
        yield client


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database.at(database_url)
    yield database
    await database.dispose()


async def screened(client: httpx.AsyncClient, **options: Any) -> dict[str, Any]:
    answer = await client.post("/v1/screenings", json={**SCREENING, "options": options})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rules(answer: dict[str, Any]) -> set[str]:
    return {finding["rule_id"] for finding in answer["findings"]}


async def review_of(client: httpx.AsyncClient, member_id: str) -> dict[str, Any]:
    answer = await client.post("/v1/reviews", json={"member_id": member_id, "kind": "cmr", "as_of": "2026-06-30"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_loaded_policy_acts_on_a_screening_that_names_it(client: httpx.AsyncClient) -> None:
    plain, acting = await screened(client), await screened(client, policy="example-2026")
    assert (plain["policy"], plain["made_by"]["policy_version"]) == (None, None)
    assert rules(plain) - rules(acting) == {NSAIDS}
    assert [item["reason"] for item in acting["suppressed"] if item["rule_id"] == NSAIDS] == ["policy"]
    told = acting["policy"]
    assert (told["policy_id"], told["state"], told["expires_on"]) == ("example-2026", "active", "2026-12-31")
    assert (told["hidden"], told["shown"], told["would_hide"]) == (1, 0, [])
    assert acting["made_by"]["policy_version"] == f"example-2026@{told['version']}"


@pytest.mark.parametrize("sent", [False, True])
async def test_a_shadow_policy_changes_nothing_and_says_what_it_would_do(client: httpx.AsyncClient, sent: bool) -> None:
    policy: Any = on_the_wire(document(off=OFF)) if sent else "example-2026"
    plain, shadow = await screened(client), await screened(client, policy=policy, shadow=True)
    told = shadow.pop("policy")
    assert plain.pop("policy") is None
    assert shadow == plain
    assert [moved["rule_id"] for moved in told["would_hide"]] == [NSAIDS]
    assert (told["hidden"], told["shadow"]) == (1, True)


async def test_a_policy_that_is_sent_acts_like_one_that_is_loaded(client: httpx.AsyncClient) -> None:
    answer = await screened(client, policy=on_the_wire(document(severity=[{"rule": NSAIDS_HF, "to": "moderate"}])))
    severities = {finding["severity"] for finding in answer["findings"] if finding["rule_id"] == NSAIDS_HF}
    assert (severities, answer["policy"]["lowered"]) == ({"moderate"}, 2)


@pytest.mark.parametrize(
    ("options", "code", "pointers"),
    [
        ({"policy": "nobody-2026"}, "unknown_policy", ["/options/policy"]),
        (
            {"policy": on_the_wire(document(off=[{"rule": "nothing"}], exempt=[{"drugs": ["?"], "screen": "dose"}]))},
            "policy_refused",
            ["/options/policy/off/0/rule", "/options/policy/exempt/0/drugs"],
        ),
        (
            {"policy": on_the_wire(document(expires_on=date(2030, 1, 1)))},
            "policy_refused",
            ["/options/policy/expires_on"],
        ),
        ({"shadow": True}, "invalid_request", ["/options"]),
    ],
)
async def test_a_policy_that_cannot_be_used_is_422_with_its_places(
    client: httpx.AsyncClient, options: dict[str, Any], code: str, pointers: list[str]
) -> None:
    answer = await client.post("/v1/screenings", json={**SCREENING, "options": options})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


async def test_an_expired_policy_does_nothing_and_says_so(client: httpx.AsyncClient) -> None:
    answer = await screened(client, policy="ended")
    assert rules(answer) == rules(await screened(client))
    assert (answer["policy"]["state"], answer["policy"]["hidden"]) == ("expired", 0)
    assert answer["made_by"]["policy_version"] is None
    assert "policy_expired" in [gap["code"] for gap in answer["not_checked"]]


async def test_a_review_is_by_the_policy_of_the_members_programme_and_says_so(client: httpx.AsyncClient) -> None:
    review = await review_of(client, "A1")
    assert NSAIDS not in rules(review)
    assert [item["reason"] for item in review["suppressed"] if item["rule_id"] == NSAIDS] == ["policy"]
    assert review["made_by"]["policy_version"].startswith("example-2026@1+")
    expired = [gap for gap in review["not_checked"] if gap["code"] == "policy_expired"]
    assert [gap["value"] for gap in expired] == ["ended"]


async def test_a_review_without_a_programme_is_by_no_policy(client: httpx.AsyncClient) -> None:
    assert (await review_of(client, "B2"))["made_by"]["policy_version"] is None


async def test_a_contraindicated_finding_stays_in_a_review_and_says_why(client: httpx.AsyncClient) -> None:
    review = await review_of(client, "D4")
    assert "drug_disease.cilostazol_heart_failure" in rules(review)
    assert "policy_may_not_hide" in [gap["code"] for gap in review["not_checked"]]


async def test_a_review_that_is_screened_again_is_by_the_policy_again(client: httpx.AsyncClient) -> None:
    review = await review_of(client, "A1")
    path = f"/v1/reviews/{review['review_id']}"
    body = {"author": "pat", "medications": [{"name": "acetaminophen 500 mg", "source": "otc"}]}
    again = (await client.post(f"{path}/medications", json=body)).json()
    assert again["made_by"] == review["made_by"]
    assert NSAIDS not in rules(again)
    kept = (await client.get(path)).json()
    assert kept["made_by"] == review["made_by"]


async def test_readiness_lists_the_policies_with_their_state(client: httpx.AsyncClient) -> None:
    policies = (await client.get("/readyz")).json()["versions"]["policies"]
    assert [(one["policy_id"], one["state"]) for one in policies] == [("example-2026", "active"), ("ended", "expired")]


def test_a_service_does_not_start_with_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", document(off=[{"rule": "nothing"}]))
    environ = {"MTM_ENVIRONMENT": "development", "MTM_POLICIES": str(tmp_path)}
    with pytest.raises(SettingsRefused, match=r"MTM_POLICIES cannot be used: a\.toml\.off\[0\]\.rule: must be a rule"):
        ReviewSettings.from_environment("review", environ)
    with pytest.raises(SettingsRefused, match="MTM_POLICIES cannot be used: nowhere: must be a folder"):
        ReviewSettings.from_environment("review", {**environ, "MTM_POLICIES": str(tmp_path / "nowhere")})


FORECAST: dict[str, Any] = {"as_of": "2026-06-30"}


async def work(database: Database, folder: Path) -> None:
    handlers = {"policy_forecast": forecast_handler(expertise(folder))}
    await work_off(database, JobQueue(jobs), handlers, clock=lambda: NOW)


async def forecast(client: httpx.AsyncClient, database: Database, folder: Path, **asked: Any) -> dict[str, Any]:
    ordered = await client.post("/v1/policy-forecasts", json={**FORECAST, **asked})
    assert (ordered.status_code, ordered.json()["state"]) == (202, "queued"), ordered.text
    await work(database, folder)
    done: dict[str, Any] = (await client.get(ordered.headers["Location"])).json()
    assert (done["state"], done["progress"]) == ("done", 1)
    return done


async def test_a_forecast_counts_findings_without_and_with_the_policy(
    client: httpx.AsyncClient, database: Database, folder: Path
) -> None:
    for member_id in ("A1", "B2", "C3", "D4"):
        await review_of(client, member_id)
    done = await forecast(
        client, database, folder, policy="example-2026", screens=["duplicate_therapy", "drug_disease"]
    )
    burden = done["burden"]
    assert done["counts"] == {"members": 4, "done": 4, "waiting": 0, "without_review": 0}
    assert (burden["members"], burden["states"], burden["hidden"]) == (4, {"active": 4}, 1)
    assert burden["may_not_hide"] == 1
    assert burden["without"]["findings"] - burden["with_policy"]["findings"] == 1
    line = next(line for line in burden["by_rule"] if line["name"] == NSAIDS)
    assert (line["without"], line["with_policy"], line["without_per_100"], line["with_per_100"]) == (1, 0, 25, 0)
    assert done["made_by"]["policy_version"].startswith("example-2026@1+")
    assert "A1" not in str(burden)


async def test_without_a_policy_named_each_member_is_counted_by_their_payers(
    client: httpx.AsyncClient, database: Database, folder: Path
) -> None:
    for member_id in ("A1", "B2"):
        await review_of(client, member_id)
    assert (await forecast(client, database, folder))["burden"]["states"] == {"active": 1, "none": 1}


async def test_a_policy_to_come_is_judged_on_its_own_day(
    client: httpx.AsyncClient, database: Database, folder: Path
) -> None:
    await review_of(client, "A1")
    coming = document(policy_id="next", effective_from=date(2027, 1, 1), expires_on=date(2027, 12, 31), off=OFF)
    before = await forecast(client, database, folder, policy=on_the_wire(coming))
    assert (before["burden"]["states"], before["burden"]["hidden"]) == ({"not_yet": 1}, 0)
    after = await forecast(client, database, folder, policy=on_the_wire(coming), as_of="2027-01-01")
    assert (after["burden"]["states"], after["burden"]["hidden"]) == ({"active": 1}, 1)


async def test_the_latest_review_of_each_member_up_to_the_day_is_counted(
    client: httpx.AsyncClient, database: Database, folder: Path
) -> None:
    for as_of in ("2026-06-30", "2026-05-31", "2026-07-31"):
        body = {"member_id": "A1", "kind": "tmr", "as_of": as_of}
        assert (await client.post("/v1/reviews", json=body)).status_code == 201
    await review_of(client, "B2")
    done = await forecast(client, database, folder, member_ids=["A1", "nobody"], policy="example-2026")
    assert done["counts"] == {"members": 1, "done": 1, "waiting": 0, "without_review": 1}
    async with database.reading() as session:
        (row,) = (await session.execute(forecast_members.select())).mappings().all()
    kept = (await client.get(f"/v1/reviews/{row['review_id']}")).json()
    assert (kept["member_id"], kept["as_of"]) == ("A1", "2026-06-30")
    assert (await forecast(client, database, folder, program_id="cms-2026"))["counts"]["members"] == 1


async def test_no_review_is_no_burden(client: httpx.AsyncClient, database: Database, folder: Path) -> None:
    done = await forecast(client, database, folder)
    assert (done["counts"]["members"], done["burden"]["without"]["findings"]) == (0, 0)


async def test_a_forecast_goes_on_where_a_stopping_worker_left_it(
    client: httpx.AsyncClient, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member_id in ("A1", "B2", "C3"):
        await review_of(client, member_id)
    ordered = await client.post("/v1/policy-forecasts", json=FORECAST)
    stop, seen = asyncio.Event(), forecasting._seen

    def stopping(*args: Any) -> Any:
        stop.set()
        return seen(*args)

    monkeypatch.setattr(forecasting, "BATCH", 1)
    monkeypatch.setattr(forecasting, "_seen", stopping)
    handlers = {"policy_forecast": forecast_handler(expertise(folder))}
    await run_worker(database, JobQueue(jobs), handlers, stop, clock=lambda: NOW)
    left = (await client.get(ordered.headers["Location"])).json()
    assert (left["state"], left["counts"]["done"], left["burden"]) == ("running", 1, None)
    await work(database, folder)
    done = (await client.get(ordered.headers["Location"])).json()
    assert (done["state"], done["burden"]["members"]) == ("done", 3)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"policy": "nobody-2026"}, "unknown_policy", "/policy"),
        ({"policy": on_the_wire(document(off=[{"rule": "nothing"}]))}, "policy_refused", "/policy/off/0/rule"),
        ({"as_of": "2099-01-01"}, "as_of_too_far_ahead", "/as_of"),
        ({"member_ids": ["A1", "A1"]}, "invalid_request", ""),
    ],
)
async def test_a_forecast_that_makes_no_sense_is_422(
    client: httpx.AsyncClient, change: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await client.post("/v1/policy-forecasts", json={**FORECAST, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_the_same_key_orders_one_forecast(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "burden-1"}
    first = await client.post("/v1/policy-forecasts", json=FORECAST, headers=key)
    again = await client.post("/v1/policy-forecasts", json=FORECAST, headers=key)
    assert (again.status_code, again.content) == (202, first.content)


async def test_a_forecast_that_nobody_ordered_is_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/policy-forecasts/fc_none")
    assert (answer.status_code, answer.json()["code"]) == (404, "forecast_not_found")
