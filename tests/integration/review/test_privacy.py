"""No member data in logs, metrics or errors (law 8): every route is called with a canary and what it wrote is read."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from mtm_review.reference import load_knowledge
from mtm_shared.logs import configure_logging
from mtm_shared.storage.migrate import migrate
from reviewing import review_service, telling, two_pain_relievers

CANARY = "canary4711"
LAB = {"code": CANARY, "value": "1", "unit": CANARY, "on": "2026-06-01"}
RULE = "drug_disease.nsaids_heart_failure"
# Everything that is said of a member in free words, and a dose that no sum can hold.
SAID = {
    "as_of": "2026-06-30",
    "member": {"birth_date": "1950-03-01"},
    "medications": [
        {
            "medication_id": CANARY,
            "name": "oxycodone 5 mg oral tablet",
            "dose": f"{'9' * 150} mg",
            "frequency": CANARY,
            "route": CANARY,
            "indication": CANARY,
        },
        {"name": "citalopram 40 mg oral tablet", "dose": CANARY, "frequency": "daily", "prescriber_npi": CANARY},
        {"rxcui": CANARY, "fills": [{"fill_date": "2026-06-01", "days_supply": 30, "pharmacy_npi": CANARY}]},
    ],
    "conditions": [{"code": CANARY}, {"snomed": CANARY, "source": "inferred"}],
    "allergies": [{"name": CANARY, "rxcui": CANARY, "reaction": CANARY}, {"name": "codeine", "reaction": CANARY}],
    "labs": [LAB, {**LAB, "code": "egfr"}],
    "options": {"regimen": True},
}
FAILING = {"author": CANARY, "unexpected": CANARY}
CONSULTATION = {
    "held_on": "2026-07-01",
    "method": "telephone",
    "recipient": "caregiver",
    "cognitively_impaired": "Y",
    "recipient_name": CANARY,
    "unable_reason": "cognitively_impaired",
    "relationship": CANARY,
    "authority": CANARY,
    "provider_name": CANARY,
    "provider_title": CANARY,
    "provider_type": "09",
    "minutes": 30,
    "allergies": CANARY,
    "author": CANARY,
}
APPOINTMENT = {
    "starts_at": "2026-07-08T10:30:00-05:00",
    "minutes": 30,
    "method": "telephone",
    "with": "representative",
    "provider": CANARY,
    "contact": CANARY,
    "interpreter_language": CANARY,
    "author": CANARY,
}
POLICY = {
    "policy_id": CANARY,
    "sponsor": CANARY,
    "title": CANARY,
    "version": CANARY,
    "author": CANARY,
    "second_approver": f"{CANARY} too",
    "note": f"A {CANARY}.",
    "effective_from": "2026-01-01",
    "expires_on": "2026-12-31",
    "show": {"max_findings": 5, "reason": f"A {CANARY}."},
}
REFUSED_POLICY = {
    **POLICY,
    "off": [{"rule": CANARY, "reason": f"A {CANARY}."}],
    "exempt": [{"drugs": [CANARY], "class": CANARY, "reason": CANARY, "second_approver": CANARY}],
    "contracts": [CANARY],
}


@pytest.fixture
def _real_logging() -> Iterator[None]:
    """Logging as a running service has it, and as talkative as it can be."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("debug")
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def requests(review_id: str, finding_ids: list[str]) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Every route with the canary wherever a caller can put it, as a request that is served and one that is not."""
    path = f"/v1/reviews/{review_id}"
    medication = {"name": CANARY, "directions": CANARY, "reason": CANARY, "prescriber": CANARY, "notes": CANARY}
    decision = {"decision": "accepted", "reason": CANARY, "author": CANARY, "topic": CANARY, "actions": [CANARY]}
    screening = {"as_of": "2026-06-30", "member": {"birth_date": "1950-03-01"}, "medications": [{"name": CANARY}]}
    served: list[tuple[str, str, dict[str, Any] | None]] = [
        ("POST", "/v1/screenings", {**screening, "conditions": [{"icd10": CANARY}]}),
        ("POST", "/v1/screenings", SAID),
        ("POST", "/v1/screenings", {**SAID, "labs": [{**LAB, "value": CANARY}], "allergies": [{"name": 1}]}),
        *(
            ("POST", "/v1/screenings", {**screening, "options": {"policy": policy}})
            for policy in (CANARY, POLICY, REFUSED_POLICY)
        ),
        *(
            ("POST", "/v1/policy-forecasts", {"as_of": "2026-06-30", "member_ids": [CANARY], "policy": policy})
            for policy in (CANARY, POLICY, REFUSED_POLICY)
        ),
        ("GET", f"/v1/policy-forecasts/{CANARY}", None),
        ("POST", "/v1/reviews", {"member_id": CANARY, "kind": "tmr", "as_of": "2026-06-30"}),
        ("POST", "/v1/review-runs", {"as_of": "2026-06-30", "member_ids": [CANARY]}),
        ("GET", f"/v1/reviews?member_id={CANARY}", None),
        ("GET", path, None),
        ("GET", f"{path}/regimen", None),
        ("PATCH", path, {"author": CANARY, "notes": CANARY}),
        ("PATCH", path, {"author": CANARY, "allergies": [{"name": CANARY, "reaction": CANARY}], "labs": [LAB]}),
        ("POST", f"{path}/medications", {"author": CANARY, "medications": [medication]}),
        ("POST", f"{path}/conditions/I50.9", {"answer": "confirmed", "author": CANARY}),
        ("POST", f"{path}/conditions/{CANARY}", {"answer": "denied", "author": CANARY}),
        *(("POST", f"{path}/findings/{finding_id}/decision", decision) for finding_id in finding_ids),
        ("POST", f"{path}/consultation", CONSULTATION),
        ("POST", f"{path}/consultation", {**CONSULTATION, "provider_type": CANARY}),
        ("POST", f"{path}/refresh", {"as_of": "2026-06-30", "author": CANARY}),
        ("GET", f"{path}/preparation", None),
        ("POST", f"{path}/medications/m1/remove", {"reason": CANARY, "author": CANARY}),
        ("POST", f"{path}/medications/{CANARY}/remove", {"reason": CANARY, "author": CANARY}),
        ("POST", f"{path}/appointments", APPOINTMENT),
        ("GET", f"{path}/appointments", None),
        ("PATCH", f"{path}/appointments/{CANARY}", {"state": "cancelled", "reason": CANARY, "author": CANARY}),
        ("GET", f"/v1/appointments?provider={CANARY}", None),
        ("GET", "/v1/deadlines", None),
        ("GET", f"/v1/deadlines?member_id={CANARY}", None),
        ("GET", f"/v1/activity?plan_year=2026&program_id={CANARY}", None),
        ("POST", "/v1/review-runs", {"as_of": "2026-06-30", "program_id": CANARY}),
        ("GET", f"/v1/review-runs/{CANARY}/reviews", None),
        ("POST", f"{path}/complete", {"author": CANARY, "todo_items": [{"topic": CANARY, "actions": [CANARY]}]}),
        ("GET", "/v1/knowledge", None),
        ("GET", f"/v1/knowledge/rules/{CANARY}", None),
        ("GET", f"/v1/review-runs/{CANARY}", None),
        ("GET", f"{path}/regimen", None),
        ("POST", f"{path}/replay", {}),
        ("GET", f"{path}/explain?rule_id={RULE}", None),
        ("GET", f"{path}/explain?rule_id={CANARY}", None),
        ("POST", "/v1/screenings/explain", {**screening, "rule_id": RULE}),
        ("POST", "/v1/screenings/explain", {**screening, "rule_id": CANARY}),
        ("POST", "/v1/screenings/explain", {**SAID, "rule_id": RULE}),
        ("POST", "/v1/replay-runs", {"knowledge_version": load_knowledge().version, "member_ids": [CANARY]}),
        ("POST", "/v1/replay-runs", {"knowledge_version": CANARY}),
        ("GET", f"/v1/replay-runs/{CANARY}", None),
        *recommended(path),
        *doors(review_id),
    ]
    refused = [(method, place, FAILING) for method, place, body in served if body is not None]
    absent = [(method, place.replace(review_id, CANARY), body) for method, place, body in served]
    return [*served, *refused, *absent]


def recommended(path: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Recommendations, what came of them and what has to be followed up."""
    asked = {"to": "member", "channel": "phone", "sent_on": "2026-07-02", "author": CANARY}
    says = {"text": CANARY, "problem_category": "adherence"}
    outcome = {"outcome": "accepted", "on": "2026-07-09", "reason": CANARY, "author": CANARY}
    task = {"kind": "call_member", "due_on": "2026-07-20", "note": CANARY, "author": CANARY}
    return [
        ("POST", f"{path}/recommendations", {**asked, **says}),
        ("POST", f"{path}/recommendations", {**asked, "finding_id": CANARY}),
        ("GET", f"{path}/recommendations", None),
        ("POST", f"{path}/recommendations/{CANARY}/outcome", outcome),
        ("GET", f"/v1/recommendations?member_id={CANARY}", None),
        ("GET", f"/v1/recommendations/{CANARY}", None),
        ("POST", "/v1/recommendation-replies", {"token": f"{CANARY}-{CANARY}", "answer": "accepted"}),
        ("GET", f"/v1/drug-therapy-problems?plan_year=2026&program_id={CANARY}", None),
        ("POST", f"{path}/follow-ups", task),
        ("POST", f"{path}/follow-ups/{CANARY}/done", {"author": CANARY, "result": CANARY, "on": "2026-07-20"}),
        ("GET", f"/v1/follow-ups?member_id={CANARY}", None),
        ("POST", "/v1/resolution-runs", {"as_of": "2026-06-30", "program_id": CANARY}),
        ("GET", f"/v1/resolution-runs/{CANARY}", None),
    ]


def doors(review_id: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    """The FHIR door, the hooks, webhooks and the audit trail, with the canary as their callers could put it."""
    person = {"resourceType": "Patient", "id": CANARY, "birthDate": "1950-03-01", "name": [{"family": CANARY}]}
    order = {"resourceType": "MedicationRequest", "id": CANARY, "medicationCodeableConcept": {"text": CANARY}}
    entries = [{"resource": one} for one in (person, order, {"resourceType": CANARY})]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    hook = {"hook": "patient-view", "hookInstance": CANARY, "context": {"patientId": CANARY}}
    hook |= {"prefetch": {"patient": person, "medications": bundle}}
    return [
        ("POST", "/fhir/r4/$screen", bundle),
        ("POST", "/fhir/r4/$screen", {**bundle, "entry": entries[1:]}),
        ("GET", f"/fhir/r4/CarePlan?patient={CANARY}", None),
        ("GET", f"/fhir/r4/DetectedIssue?review={review_id}", None),
        ("GET", f"/fhir/r4/MedicationStatement?review={CANARY}", None),
        ("POST", "/cds-services/openmtm-patient-view", hook),
        ("POST", "/cds-services/openmtm-patient-view", {**hook, "hook": CANARY}),
        ("POST", "/v1/webhooks", {"url": "https://pbm.test/hooks", "description": CANARY}),
        ("POST", "/v1/webhooks", {"url": f"https://{CANARY}:secret@pbm.test/hooks"}),
        ("GET", "/v1/webhooks", None),
        *(
            (method, f"/v1/webhooks/{CANARY}{tail}", body)
            for method, tail, body in (
                ("GET", "", None),
                ("PATCH", "", {"description": CANARY}),
                ("DELETE", "", None),
                ("GET", "/deliveries", None),
                ("POST", "/replay", {"event_id": CANARY}),
            )
        ),
        ("GET", f"/v1/audit-entries?member_id={CANARY}", None),
    ]


@pytest.mark.usefixtures("_real_logging")
async def test_a_canary_is_never_logged_measured_or_told_in_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)
    async with review_service(url, telling(two_pain_relievers(CANARY))) as client:
        made = await client.post("/v1/reviews", json={"member_id": CANARY, "kind": "cmr", "as_of": "2026-06-30"})
        review = made.json()
        finding_ids = [finding["finding_id"] for finding in review["findings"]]
        answers: list[httpx.Response] = []
        for method, path, body in requests(review["review_id"], finding_ids):
            answers.append(await client.request(method, path, json=body))
        metrics = (await client.get("/metrics")).text
        documented = {route for route in (await client.get("/openapi.json")).json()["paths"] if route.startswith("/v1")}
        documented |= {"/fhir/r4/$screen", "/fhir/r4/CarePlan", "/cds-services/{service_id}"}
    written = "".join(capsys.readouterr())
    assert [line for line in written.splitlines() if CANARY in line] == []
    assert CANARY not in metrics
    assert [answer.text for answer in answers if answer.status_code >= 400 and CANARY in answer.text] == []
    assert all(answer.status_code < 500 for answer in answers)
    assert sum(answer.is_success for answer in answers) > len(documented)
    assert [route for route in sorted(documented) if f'"route":"{route}"' not in written] == []
