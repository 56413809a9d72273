"""Members and claims as FHIR R4 resources: real ones from CMS load, and what cannot be used says why."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from deciding import Service
from fhir.resources.R4B import get_fhir_model_class
from support import cases

BASE = "/fhir/r4"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def patient(member_id: str, **parts: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": member_id, "birthDate": "1945-03-01", "gender": "female", **parts}


def coverage(member_id: str, **parts: Any) -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": {"reference": f"Patient/{member_id}"},
        "period": {"start": "2024-01-01"},
        "class": [
            {"type": {"coding": [{"code": "contract"}]}, "value": "H1234"},
            {"type": {"coding": [{"code": "pbp"}]}, "value": "001"},
        ],
        **parts,
    }


def condition(member_id: str, code: str = "E11.9", **parts: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "subject": {"reference": f"Patient/{member_id}"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
        "recordedDate": "2024-02-03T09:00:00Z",
        **parts,
    }


def bundle(*resources: dict[str, Any], kind: str = "batch") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": resource} for resource in resources]}


def read(name: str) -> Any:
    return json.loads((cases() / "fhir-eob-pharmacy" / name).read_text())


async def take(service: Service, body: Any, path: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = await service.ok("POST", f"{BASE}{path}", body)
    return answer


async def fills(service: Service, member_id: str) -> list[dict[str, Any]]:
    profile = await service.ok("GET", f"/v1/members/{member_id}/profile?as_of=2026-01-31")
    items: list[dict[str, Any]] = profile["fills"]
    return items


async def test_a_drug_event_of_bfd_version_3_is_a_fill(service: Service) -> None:
    """By hand: atorvastatin, NDC 00071-0155-23, 60 tablets for 30 days on 15 January 2024, 45.50 dollars in all."""
    member = read("bfd-v3_Patient.json")
    await take(service, member, "/Patient")
    await take(service, read("bfd-v3_Coverage-PartD.json"), "/Coverage")
    await take(service, read("bfd-v3_ExplanationOfBenefit-Pharmacy.json"), "/ExplanationOfBenefit")
    (fill,) = await fills(service, member["id"])
    assert (fill["ndc"], fill["fill_date"], fill["days_supply"]) == ("00071015523", "2024-01-15", 30)
    assert (fill["quantity"], fill["total_cost"], fill["coverage_status"]) == ("60.00", "45.50", "C")
    assert fill["prescriber_npi"] == "1942945159"
    assert fill["drug"]["name"].startswith("atorvastatin")


async def test_a_patient_and_coverage_of_bfd_are_a_member_with_part_d(service: Service) -> None:
    await take(service, bundle(read("bfd-v3_Coverage-PartD.json"), read("bfd-v3_Patient.json")))
    stored = await service.ok("GET", "/v1/members/123456789")
    member, (span,) = stored["member"], stored["coverage"]
    assert (member["first_name"], member["last_name"], member["mbi"]) == ("Frankie", "Sheep", "ABB2BB0BB22")
    assert (member["birth_date"], member["death_date"], member["zip_code"]) == ("1995-03-11", "2024-03-11", "77840")
    assert (span["contract_id"], span["pbp_id"], span["plan_type"]) == ("S1234", "000", "PDP")
    assert (span["effective_from"], span["low_income"]) == ("2018-04-11", True)


async def test_blue_buttons_search_bundle_loads_whole(service: Service) -> None:
    found = read("bb2_eob_search_pt_v2.json")
    events = [entry["resource"] for entry in found["entry"]]
    member_id = events[0]["patient"]["reference"].removeprefix("Patient/")
    await take(service, patient(member_id), "/Patient")
    answer = await take(service, bundle(*events, kind="searchset"))
    assert {entry["response"]["status"] for entry in answer["entry"]} == {"200 OK"}
    stored = await fills(service, member_id)
    assert len(stored) == len(events) == 10
    by_hand = next(fill for fill in stored if fill["claim_id"] == "-3269834580")
    assert (by_hand["ndc"], by_hand["quantity"]) == ("55111015810", "30.00")


async def test_a_drug_event_of_bfd_version_2_keeps_its_unknown_ndc(service: Service) -> None:
    await take(service, patient("567834", birthDate="1939-01-01"), "/Patient")
    await take(service, read("bfd-v2_eobReadPde.json"), "/ExplanationOfBenefit")
    profile = await service.ok("GET", "/v1/members/567834/profile?as_of=2015-12-31")
    (fill,) = profile["fills"]
    assert (fill["claim_id"], fill["total_cost"], fill["drug"]) == ("89", "550.00", None)
    assert [one["value"] for one in profile["not_checked"]] == ["000000000"]


async def test_a_carrier_claim_of_ab2d_tells_its_diagnoses(service: Service) -> None:
    claim = read("ab2d_EOB-for-Carrier-R4.json")
    await take(service, patient("567834", birthDate="1939-01-01"), "/Patient")
    await take(service, claim, "/ExplanationOfBenefit")
    profile = await service.ok("GET", "/v1/members/567834/profile?as_of=2015-12-31")
    told = {code["code"] for one in claim["diagnosis"] for code in one["diagnosisCodeableConcept"]["coding"]}
    assert {one["icd10"].replace(".", "") for one in profile["diagnoses"]} == told
    assert {one["setting"] for one in profile["diagnoses"]} == {"carrier"}


def ab2d() -> Iterator[dict[str, Any]]:
    with gzip.open(cases() / "fhir-eob-pharmacy" / "ab2d_EOB-500.ndjson.gz", "rt") as lines:
        for line in lines:
            yield json.loads(line)


async def test_ab2ds_500_claims_load_in_bulk_and_every_line_is_accounted_for(service: Service) -> None:
    claims = list(ab2d())
    members = sorted({claim["patient"]["reference"].removeprefix("Patient/") for claim in claims})
    lines = [*(patient(member_id, birthDate="1930-01-01") for member_id in members), *claims]
    status = await service.bring("fhir-ndjson", "\n".join(json.dumps(line) for line in lines).encode())
    counts = status["counts"]
    assert status["state"] == "done", status
    assert counts["rows_in"] == len(members) + 500
    assert counts["accepted"] + counts["replaced"] + counts["deleted"] + counts["rejected"] == counts["rows_in"]
    drug_events = [claim for claim in claims if any(one["code"] == "PDE" for one in claim["type"]["coding"])]
    stored = sum([len(await fills(service, member_id)) for member_id in members])
    assert len(drug_events) == 72
    unusable = counts["rejected_by_code"]
    assert stored == 72 - unusable.get("missing_field", 0), unusable


async def test_of_a_batch_what_can_be_taken_is(service: Service) -> None:
    answer = await take(service, bundle(condition("A1"), condition("A1", "nonsense"), patient("A1")))
    assert [entry["response"]["status"][:3] for entry in answer["entry"]] == ["200", "422", "200"]
    (issue,) = answer["entry"][1]["response"]["outcome"]["issue"]
    assert issue["details"]["coding"][0]["code"] == "invalid_icd10"
    profile = await service.ok("GET", "/v1/members/A1/profile?as_of=2024-12-31")
    assert [one["icd10"] for one in profile["diagnoses"]] == ["E11.9"]


async def test_a_transaction_is_taken_whole_or_not_at_all(service: Service) -> None:
    whole = bundle(patient("A1"), condition("A1", "nonsense"), kind="transaction")
    answer = await service.client.post(BASE, json=whole)
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")
    assert await service.problem("GET", "/v1/members/A1") == (404, "unknown_member")
    answer = await service.client.post(BASE, json=bundle(patient("A1"), condition("A1"), kind="transaction"))
    assert answer.json()["type"] == "transaction-response"


async def test_the_same_resource_again_changes_nothing(service: Service) -> None:
    for _ in range(2):
        await take(service, bundle(patient("A1"), coverage("A1"), condition("A1")))
    profile = await service.ok("GET", "/v1/members/A1/profile?as_of=2024-12-31")
    assert (len(profile["coverage"]), len(profile["diagnoses"])) == (1, 1)


REFUSED = {
    "a prescription": ({"resourceType": "MedicationRequest"}, "not_taken_here"),
    "an unknown kind": ({"resourceType": "Basket"}, "unknown_resource"),
    "no kind at all": ({"id": "1"}, "unknown_resource"),
    "a patient without a birthday": ({"resourceType": "Patient", "id": "A2"}, "missing_field"),
    "a patient with a strange id": (patient("no id"), "missing_field"),
    "a condition that was refuted": (
        condition("A1", verificationStatus={"coding": [{"code": "refuted"}]}),
        "condition_refuted",
    ),
    "a condition in SNOMED CT alone": (
        condition("A1") | {"code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]}},
        "no_icd10",
    ),
    "a condition of nobody": (condition("A9"), "unknown_member"),
    "a coverage of no contract": (coverage("A1", **{"class": []}), "missing_field"),
    "a list where an object belongs": (
        {"resourceType": "Patient", "id": "A3", "name": {"family": []}},
        "invalid_value",
    ),
}


@pytest.mark.parametrize(("resource", "code"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_taken_says_why(quick: Service, resource: dict[str, Any], code: str) -> None:
    await take(quick, patient("A1"), "/Patient")
    answer = await take(quick, bundle(resource))
    (entry,) = answer["entry"]
    assert entry["response"]["outcome"]["issue"][0]["details"]["coding"][0]["code"] == code


@pytest.mark.parametrize("body", [{}, {"resourceType": "Bundle", "type": "history"}, {"resourceType": "Patient"}])
async def test_what_is_no_bundle_is_refused(quick: Service, body: dict[str, Any]) -> None:
    answer = await quick.client.post(BASE, json=body)
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")


async def test_what_leaves_the_door_is_fhir(quick: Service) -> None:
    statement = await quick.ok("GET", f"{BASE}/metadata")
    answer = await take(quick, bundle(patient("A1"), condition("A1", "nonsense")))
    for resource in (statement, answer, answer["entry"][1]["response"]["outcome"]):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
