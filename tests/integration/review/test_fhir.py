"""Screenings and reviews as FHIR R4, and cards for record systems; what leaves is held against a model library."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class
from support import cases

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
BASE = "/fhir/r4"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def patient() -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "A1", "birthDate": "1950-03-01", "gender": "female"}


def order(name: str, resource_id: str = "", **parts: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": resource_id or name.split()[0],
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/A1"},
        "medicationCodeableConcept": {"text": name},
        **parts,
    }


def condition(code: str, **parts: Any) -> dict[str, Any]:
    coding = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]
    subject = {"reference": "Patient/A1"}
    return {"resourceType": "Condition", "subject": subject, "code": {"coding": coding}, **parts}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


async def screen(client: httpx.AsyncClient, *resources: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"{BASE}/$screen?as_of=2026-06-30", json=bundle(*resources))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    valid(answer.json())
    told: dict[str, Any] = answer.json()
    return told


def valid(resource: dict[str, Any]) -> None:
    """Held against the library's R4B models, which know no other elements than the standard's."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def of_kind(told: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in told.get("entry", []) if one["resource"]["resourceType"] == kind]


async def test_prescriptions_and_conditions_in_detected_issues_out(quick_client: httpx.AsyncClient) -> None:
    told = await screen(quick_client, patient(), order("naproxen 500 mg"), order("meloxicam 15 mg"), condition("I50.9"))
    issues = of_kind(told, "DetectedIssue")
    assert {issue["code"]["text"] for issue in issues} >= {"duplicate therapy", "drug disease"}
    assert {issue["patient"]["reference"] for issue in issues} == {"Patient/A1"}


async def test_what_an_order_by_rxnorm_means_is_what_its_name_means(quick_client: httpx.AsyncClient) -> None:
    coded = order("furosemide", medicationCodeableConcept={"coding": [{"system": RXNORM, "code": "313988"}]})
    told = await screen(quick_client, patient(), coded, order("torsemide 20 mg"))
    assert [issue["code"]["text"] for issue in of_kind(told, "DetectedIssue")] == ["duplicate therapy"]


@pytest.mark.parametrize("status", ["stopped", "completed", "cancelled", "entered-in-error"])
async def test_an_order_that_is_not_current_finds_nothing(quick_client: httpx.AsyncClient, status: str) -> None:
    told = await screen(quick_client, patient(), order("furosemide 40 mg"), order("Lasix 40 mg", status=status))
    assert of_kind(told, "DetectedIssue") == []


async def test_a_refuted_condition_finds_nothing(quick_client: httpx.AsyncClient) -> None:
    refuted = condition("I50.9", verificationStatus={"coding": [{"code": "refuted"}]})
    told = await screen(quick_client, patient(), order("naproxen 500 mg"), refuted)
    assert "drug disease" not in {issue["code"]["text"] for issue in of_kind(told, "DetectedIssue")}


async def test_an_allergy_and_a_result_are_screened(quick_client: httpx.AsyncClient) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/A1"},
        "code": {"text": "penicillin"},
        "reaction": [{"manifestation": [{"text": "anaphylaxis"}]}],
    }
    kidney = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "33914-3"}]},
        "effectiveDateTime": "2026-06-01",
        "valueQuantity": {"value": 22, "unit": "mL/min/1.73 m2"},
    }
    told = await screen(
        quick_client, patient(), order("amoxicillin 500 mg"), order("metformin 1000 mg"), allergy, kidney
    )
    assert {issue["code"]["text"] for issue in of_kind(told, "DetectedIssue")} >= {"allergy", "dose"}


async def test_one_drug_from_two_prescribers_is_a_duplicate(quick_client: httpx.AsyncClient) -> None:
    def by(npi: str) -> dict[str, Any]:
        return {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}}

    orders = [order("furosemide 40 mg", requester=by("1234567893")), order("Lasix 40 mg", requester=by("1245319599"))]
    told = await screen(quick_client, patient(), *orders)
    assert [issue["code"]["text"] for issue in of_kind(told, "DetectedIssue")] == ["duplicate therapy"]


async def test_a_medication_that_is_referred_to_is_found(quick_client: httpx.AsyncClient) -> None:
    drug = {"resourceType": "Medication", "id": "med-1", "code": {"text": "Lasix 40 mg"}}
    by_reference = {**order("x"), "medicationReference": {"reference": "Medication/med-1"}}
    del by_reference["medicationCodeableConcept"]
    told = await screen(quick_client, patient(), drug, by_reference, order("torsemide 20 mg"))
    assert len(of_kind(told, "DetectedIssue")) == 1


async def test_what_is_not_read_or_not_known_is_said(quick_client: httpx.AsyncClient) -> None:
    told = await screen(quick_client, patient(), order("zzyzx 5 mg"), {"resourceType": "Immunization"})
    (outcome,) = of_kind(told, "OperationOutcome")
    codes = {issue["details"]["coding"][0]["code"] for issue in outcome["issue"]}
    assert {"not_read", "unknown_name"} <= codes


@pytest.mark.parametrize("body", [{}, bundle(), bundle({"resourceType": "Patient", "id": "A1"}), {"entry": 3}])
async def test_a_bundle_without_a_person_is_refused(quick_client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await quick_client.post(f"{BASE}/$screen", json=body)
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")
    valid(answer.json())


def seniors() -> list[Path]:
    return sorted((cases() / "synthea-seniors" / "bundles").glob("*.json"))


async def test_records_of_seniors_are_screened_as_they_are(quick_client: httpx.AsyncClient) -> None:
    """Twenty real-format records: nothing breaks, every answer is valid FHIR, and some hold problems."""
    found = 0
    for path in seniors()[:20]:
        answer = await quick_client.post(f"{BASE}/$screen?as_of=2021-06-30", json=json.loads(path.read_text()))
        assert answer.status_code == 200, (path.name, answer.text[:300])
        valid(answer.json())
        found += len(of_kind(answer.json(), "DetectedIssue"))
    assert found > 20


async def opened(client: httpx.AsyncClient) -> str:
    answer = await client.post("/v1/reviews", json={"member_id": "A1", "kind": "tmr", "as_of": "2026-06-30"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["review_id"])


@pytest.mark.parametrize("kind", ["DetectedIssue", "MedicationStatement", "CarePlan"])
async def test_a_review_is_told_as_valid_resources(client: httpx.AsyncClient, kind: str) -> None:
    review_id = await opened(client)
    by_review = (await client.get(f"{BASE}/{kind}?review={review_id}")).json()
    assert (await client.get(f"{BASE}/{kind}?patient=A1")).json() == by_review
    valid(by_review)
    resources = of_kind(by_review, kind)
    assert by_review["total"] == len(resources) > 0
    for resource in resources:
        valid(resource)
        subject = resource.get("subject") or resource["patient"]
        assert subject == {"reference": "Patient/A1"}


async def test_the_list_of_a_review_tells_every_medication(quick_client: httpx.AsyncClient) -> None:
    review_id = await opened(quick_client)
    review = (await quick_client.get(f"/v1/reviews/{review_id}")).json()
    told = (await quick_client.get(f"{BASE}/MedicationStatement?review={review_id}")).json()
    names = [one["medicationCodeableConcept"]["text"] for one in of_kind(told, "MedicationStatement")]
    assert names == [medication["name"] for medication in review["medications"]]


async def test_a_review_of_another_patient_is_not_told(quick_client: httpx.AsyncClient) -> None:
    review_id = await opened(quick_client)
    told = (await quick_client.get(f"{BASE}/DetectedIssue?review={review_id}&patient=B2")).json()
    assert told == {"resourceType": "Bundle", "type": "searchset", "total": 0}


async def test_the_capability_statement_is_valid(quick_client: httpx.AsyncClient) -> None:
    valid((await quick_client.get(f"{BASE}/metadata")).json())


SERVICES = "/cds-services"


def hook(name: str, medications: list[dict[str, Any]], drafts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": "A1"}
    if drafts is not None:
        context["draftOrders"] = bundle(*drafts)
    prefetch = {"patient": patient(), "medications": bundle(*medications), "conditions": bundle(condition("I50.9"))}
    return {
        "hook": name,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": prefetch,
    }


async def cards(client: httpx.AsyncClient, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post(f"{SERVICES}/openmtm-{body['hook']}", json=body)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["cards"]
    for card in told:
        assert 0 < len(card["summary"]) <= 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
    return told


async def test_discovery_lists_services_with_hook_description_id_and_prefetch(quick_client: httpx.AsyncClient) -> None:
    services = (await quick_client.get(SERVICES)).json()["services"]
    assert {one["hook"] for one in services} == {"order-sign", "patient-view"}
    assert all(one["id"] and one["description"] and one["prefetch"]["patient"] for one in services)


async def test_signing_an_order_shows_only_what_it_brings(quick_client: httpx.AsyncClient) -> None:
    listed = [order("naproxen 500 mg"), order("lisinopril 10 mg")]
    before = await cards(quick_client, hook("order-sign", listed, [order("levothyroxine 50 mcg")]))
    told = await cards(quick_client, hook("order-sign", listed, [order("meloxicam 15 mg")]))
    assert not any("naproxen" in card["summary"].lower() for card in before), (
        "naproxen in heart failure was there before"
    )
    assert any("duplicate" in card["summary"].lower() for card in told)


async def test_an_order_that_is_on_the_list_already_is_not_its_own_duplicate(quick_client: httpx.AsyncClient) -> None:
    draft = order("Lasix 40 mg", "order-7", status="draft")
    told = await cards(quick_client, hook("order-sign", [draft], [draft]))
    assert not any("duplicate" in card["summary"].lower() for card in told)


async def test_opening_a_patient_shows_the_gravest_first(quick_client: httpx.AsyncClient) -> None:
    told = await cards(quick_client, hook("patient-view", [order("naproxen 500 mg"), order("meloxicam 15 mg")]))
    order_of = ["critical", "warning", "info"]
    indicators = [order_of.index(card["indicator"]) for card in told]
    assert told
    assert indicators == sorted(indicators)


async def test_nothing_to_say_is_no_cards(quick_client: httpx.AsyncClient) -> None:
    body = hook("patient-view", [])
    assert (await quick_client.post(f"{SERVICES}/openmtm-patient-view", json=body)).json() == {"cards": []}


async def test_a_missing_prefetch_is_412(quick_client: httpx.AsyncClient) -> None:
    body = hook("patient-view", []) | {"prefetch": {"patient": patient()}}
    answer = await quick_client.post(f"{SERVICES}/openmtm-patient-view", json=body)
    assert (answer.status_code, answer.json()["code"]) == (412, "prefetch_missing")


async def test_a_hook_of_another_service_is_refused(quick_client: httpx.AsyncClient) -> None:
    answer = await quick_client.post(f"{SERVICES}/openmtm-order-sign", json=hook("patient-view", []))
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_hook")
