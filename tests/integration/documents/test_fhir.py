"""Documents as FHIR R4 DocumentReference, held against a model library."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from whole_job import Services, enrolled, ok

BASE = "/fhir/r4"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def valid(resource: dict[str, Any]) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


async def test_a_members_documents_are_told_with_the_way_to_their_bytes(quick: Services) -> None:
    enrollment_id = (await enrolled(quick.eligibility))["enrollment_id"]
    letter = {"kind": "enrollment_letter", "language": "es", "enrollment_id": enrollment_id}
    ok(await quick.documents.post("/v1/documents", json=letter))
    answer = await quick.documents.get(f"{BASE}/DocumentReference?patient=M-1")
    told = answer.json()
    valid(told)
    assert told["total"] >= 1
    for entry in told["entry"]:
        reference = entry["resource"]
        assert reference["subject"] == {"reference": "Patient/M-1"}
        content = await quick.documents.get(reference["content"][0]["attachment"]["url"])
        assert content.headers["etag"].strip('"') == reference["identifier"][1]["value"], "the bytes are those named"
        alone = (await quick.documents.get(f"{BASE}/DocumentReference/{reference['id']}")).json()
        assert alone == reference


async def test_a_member_without_documents_has_an_empty_set(quick: Services) -> None:
    told = (await quick.documents.get(f"{BASE}/DocumentReference?patient=nobody")).json()
    assert told == {"resourceType": "Bundle", "type": "searchset", "total": 0}


async def test_a_search_of_nobody_is_refused(quick: Services) -> None:
    answer = await quick.documents.get(f"{BASE}/DocumentReference")
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")


async def test_the_capability_statement_is_valid(quick: Services) -> None:
    valid((await quick.documents.get(f"{BASE}/metadata")).json())
