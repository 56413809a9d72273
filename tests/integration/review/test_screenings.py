"""Screenings and the knowledge behind them, over HTTP."""

from typing import Any

import httpx

SCREENING: dict[str, Any] = {
    "as_of": "2026-06-30",
    "member": {"birth_date": "1950-03-01", "sex": "female"},
    "medications": [
        {"name": "naproxen 500 mg"},
        {"medication_id": "mine", "name": "meloxicam 15 mg"},
        {"ndc": "99999-9999-99"},
    ],
    "conditions": [{"icd10": "I50.9"}, {"icd10": "4280"}],
}


async def test_a_screening_names_findings_gaps_and_versions(quick_client: httpx.AsyncClient) -> None:
    answer = await quick_client.post("/v1/screenings", json=SCREENING)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert {finding["screen"] for finding in body["findings"]} == {"duplicate_therapy", "drug_disease"}
    duplicate = next(f for f in body["findings"] if f["screen"] == "duplicate_therapy")
    assert {medication["medication_id"] for medication in duplicate["medications"]} == {"m1", "mine"}
    assert {gap["value"] for gap in body["not_checked"]} >= {"99999-9999-99", "4280"}
    assert body["coverage"]["medications"] - body["coverage"]["medications_checked"] == 1
    assert body["made_by"]["as_of"] == "2026-06-30"
    versions = ("rules_fingerprint", "knowledge_version", "vocabulary_version", "service_version")
    assert all(body["made_by"][name] for name in versions)


async def test_the_same_screening_gives_the_same_bytes(quick_client: httpx.AsyncClient) -> None:
    first = await quick_client.post("/v1/screenings", json=SCREENING)
    assert first.content == (await quick_client.post("/v1/screenings", json=SCREENING)).content


async def test_a_screening_stores_nothing(quick_client: httpx.AsyncClient) -> None:
    await quick_client.post("/v1/screenings", json=SCREENING)
    assert (await quick_client.get("/v1/reviews")).json()["items"] == []


async def test_every_rule_of_a_finding_can_be_read(quick_client: httpx.AsyncClient) -> None:
    body = (await quick_client.post("/v1/screenings", json=SCREENING)).json()
    for finding in body["findings"]:
        rule = (await quick_client.get(f"/v1/knowledge/rules/{finding['rule_id']}")).json()
        assert (rule["rule_id"], rule["citation"]) == (finding["rule_id"], finding["citation"])


async def test_the_knowledge_counts_what_it_lists(quick_client: httpx.AsyncClient) -> None:
    knowledge = (await quick_client.get("/v1/knowledge")).json()
    assert sum(knowledge["counts"].values()) == len(knowledge["rules"]) > 0
    assert knowledge["fingerprint"].startswith("sha256:")


async def test_readiness_names_the_versions(quick_client: httpx.AsyncClient) -> None:
    ready = (await quick_client.get("/readyz")).json()
    assert set(ready["versions"]) == {"vocabulary", "vocabulary_sha256", "knowledge", "rules_fingerprint", "policies"}
    assert ready["schema_revision"] == "0008"


async def test_opioids_are_totalled_by_the_named_factors(quick_client: httpx.AsyncClient) -> None:
    fills = [{"fill_date": "2026-06-10", "days_supply": 30, "quantity": "120"}]
    body = {
        "as_of": "2026-06-30",
        "member": {"birth_date": "1950-01-01"},
        "medications": [{"name": "tramadol hydrochloride 50 MG Oral Tablet", "source": "claim", "fills": fills}],
    }
    totals = {}
    for factors in ("cdc_2018", "cdc_2022"):
        answer = await quick_client.post("/v1/screenings", json={**body, "options": {"mme_factors": factors}})
        opioid = answer.json()["opioid"]
        totals[opioid["factor_set"]] = opioid["mme_per_day"]
        assert opioid["parts"][0]["medication_id"] == "m1"
    assert totals == {"cdc_2018": "20.00", "cdc_2022": "40.00"}
    refused = await quick_client.post("/v1/screenings", json={**body, "options": {"mme_factors": "cdc_1999"}})
    assert refused.status_code == 422


async def test_a_dose_that_no_sum_can_hold_is_a_dose_that_is_not_known(quick_client: httpx.AsyncClient) -> None:
    said = {"dose": f"{'9' * 150} mg", "frequency": "daily"}
    body = {
        "as_of": "2026-06-30",
        "member": {"birth_date": "1950-01-01"},
        "medications": [
            {"name": name, **said} for name in ("citalopram 40 MG Oral Tablet", "tramadol 50 MG Oral Tablet")
        ],
        "options": {"regimen": True},
    }
    answer = await quick_client.post("/v1/screenings", json=body)
    assert answer.status_code == 200, answer.text
    doses = [dose for line in answer.json()["regimen"]["lines"] for dose in line["daily_doses"]]
    assert [dose["amount"] for dose in doses] == [None, None]
    assert answer.json()["opioid"]["mme_per_day"] is None
