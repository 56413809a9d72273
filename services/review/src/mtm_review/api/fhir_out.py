"""Reviews and screenings as FHIR R4: DetectedIssue, MedicationStatement and CarePlan (shapes: HL7 FHIR R4, 4.0.1).

Severity: contraindicated and major are `high`, moderate is `moderate`, minor is `low` (FHIR's value set is required).
The code is the DUR code that the finding carries, as text of our own system: NCPDP's list is not ours to publish.
"""

from collections.abc import Iterable, Mapping
from re import compile as pattern
from typing import Any, Final

from mtm_shared.contracts.review import Finding, Review, ReviewMedication
from mtm_shared.fhir.parts import RXNORM

_SEVERITIES: Final = {"contraindicated": "high", "major": "high", "moderate": "moderate", "minor": "low"}
_DUR: Final = "urn:openmtm:dur-code"
_RULE: Final = "urn:openmtm:rule"
_FINDING: Final = "urn:openmtm:finding"
_REVIEW: Final = "urn:openmtm:review"
_NOT_IN_IDS: Final = pattern(r"[^A-Za-z0-9.-]")
_SOURCES: Final = {"otc": "over the counter", "herbal": "herbal", "supplement": "supplement", "sample": "sample"}


def detected_issue(finding: Finding, patient_id: str, identified_on: str) -> dict[str, Any]:
    """A finding. It names the medications by display, because a screening has no resources to refer to."""
    return {
        "resourceType": "DetectedIssue",
        "id": _fhir_id(finding.finding_id),
        "identifier": [
            {"system": _FINDING, "value": finding.finding_id},
            {"system": _RULE, "value": finding.rule_id},
        ],
        "status": "final",
        "code": {"coding": [{"system": _DUR, "code": finding.dur_code}], "text": finding.screen.replace("_", " ")},
        "severity": _SEVERITIES[finding.severity],
        **({"patient": _patient(patient_id)} if patient_id else {}),
        "identifiedDateTime": identified_on,
        "implicated": [{"display": medication.name} for medication in finding.medications],
        "evidence": [{"code": [{"text": text}]} for text in (finding.because, *finding.evidence)],
        "detail": f"{finding.consequence} {finding.recommendation}",
        "mitigation": [
            {"action": {"coding": [{"system": _RULE, "code": finding.rule_id}], "text": finding.recommendation}}
        ],
    }


def medication_statement(review: Review, medication: ReviewMedication) -> dict[str, Any]:
    """One line of the reconciled list."""
    statement: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "id": _fhir_id(f"{review.review_id}.{medication.medication_id}"),
        "identifier": [{"system": _REVIEW, "value": f"{review.review_id}.{medication.medication_id}"}],
        "status": "active" if medication.status == "active" else "stopped",
        "medicationCodeableConcept": _concept(medication),
        "subject": _patient(review.member_id),
        "dateAsserted": review.as_of.isoformat(),
        "effectivePeriod": _period(medication),
    }
    if medication.source in _SOURCES:
        statement["category"] = {"text": _SOURCES[medication.source]}
    if medication.reason:
        statement["reasonCode"] = [{"text": medication.reason}]
    if medication.directions or medication.as_needed:
        dosage = {"text": medication.directions} if medication.directions else {}
        statement["dosage"] = [dosage | ({"asNeededBoolean": True} if medication.as_needed else {})]
    if medication.prescriber:
        statement["informationSource"] = {"display": medication.prescriber}
    if medication.notes:
        statement["note"] = [{"text": medication.notes}]
    return {name: value for name, value in statement.items() if value}


def care_plan(review: Review) -> dict[str, Any]:
    """The recommended to-do list of a review: what was talked about, and what the member should do."""
    activities = [
        {"detail": {"status": "not-started", "description": f"{item.topic}: {action}"}}
        for item in review.todo_items
        for action in item.actions
    ]
    plan: dict[str, Any] = {
        "resourceType": "CarePlan",
        "id": _fhir_id(review.review_id),
        "identifier": [{"system": _REVIEW, "value": review.review_id}],
        "status": "active" if review.status == "completed" else "draft",
        "intent": "plan",
        "title": "Recommended To-Do List",
        "subject": _patient(review.member_id),
        "created": (review.completed_at.date() if review.completed_at else review.as_of).isoformat(),
        "activity": activities,
    }
    return {name: value for name, value in plan.items() if value}


def review_resources(review: Review, kind: str) -> list[dict[str, Any]]:
    """The review's resources of one kind."""
    if kind == "DetectedIssue":
        on = review.as_of.isoformat()
        return [detected_issue(finding, review.member_id, on) for finding in review.findings]
    if kind == "MedicationStatement":
        return [medication_statement(review, medication) for medication in review.medications]
    return [care_plan(review)]


def bundle(kind: str, resources: Iterable[Mapping[str, Any]], total: bool = False) -> dict[str, Any]:
    """A bundle of resources; a search set says how many there are."""
    entries = [{"resource": dict(resource)} for resource in resources]
    answer: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if total:
        answer["total"] = len(entries)
    return answer | ({"entry": entries} if entries else {})


def _patient(member_id: str) -> dict[str, str]:
    return {"reference": f"Patient/{member_id}"}


def _concept(medication: ReviewMedication) -> dict[str, Any]:
    drug = medication.drug
    # Ids of our own begin with a word and a colon; RxNorm's are numbers.
    coded = drug is not None and drug.rxcui.isdigit()
    coding = [{"system": RXNORM, "code": drug.rxcui, "display": drug.name}] if drug is not None and coded else []
    return {"text": medication.name} | ({"coding": coding} if coding else {})


def _period(medication: ReviewMedication) -> dict[str, str]:
    days = {"start": medication.start, "end": medication.end if medication.status == "stopped" else None}
    return {name: day.isoformat() for name, day in days.items() if day}


def _fhir_id(text: str) -> str:
    """An id of ours as FHIR writes ids: letters, digits, - and . only, at most 64 (R4, 2.24.0.1)."""
    return _NOT_IN_IDS.sub("-", text)[:64]
