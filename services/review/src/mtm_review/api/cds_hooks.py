"""CDS Hooks (2.0): cards for an electronic health record, while a prescriber signs orders or opens a patient.

`order-sign` shows what a draft order takes part in, and nothing that was there before; `patient-view` shows the most
important findings of the current list. The caller sends what is needed with the request (prefetch): this service asks
no record system for more, and answers 412 when it was left out, as the specification says.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import NAMESPACE_OID, uuid5

from fastapi import Path
from mtm_shared.contracts.common import Answer, Text
from mtm_shared.contracts.screening import Finding, ScreeningOptions
from mtm_shared.web.problems import ApiProblem, problem_responses
from mtm_shared.web.routing import Router
from pydantic import BaseModel, ConfigDict, Field

from mtm_review.api.dependencies import Known, Now, Reader
from mtm_review.api.fhir import screened
from mtm_review.api.fhir_in import Gathered, gather

router = Router(prefix="/cds-services", tags=["cds-hooks"])
_MOST_RESOURCES: Final = 5000
_MOST_CARDS: Final = 8
_LONGEST_SUMMARY: Final = 140
_INDICATORS: Final[dict[str, Literal["info", "warning", "critical"]]] = {
    "contraindicated": "critical", "major": "warning", "moderate": "info", "minor": "info",
}  # fmt: skip
_PREFETCH: Final = {
    "patient": "Patient/{{context.patientId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active",
    "conditions": "Condition?patient={{context.patientId}}&clinical-status=active",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "results": "Observation?patient={{context.patientId}}&category=laboratory&_sort=-date&_count=100",
}
ServiceId = Literal["openmtm-order-sign", "openmtm-patient-view"]
_HOOKS: Final[dict[str, tuple[str, str]]] = {
    "openmtm-order-sign": ("order-sign", "Duplicate therapy, interactions and drug–disease problems of draft orders"),
    "openmtm-patient-view": ("patient-view", "The most important medication problems of the patient"),
}


class CdsService(Answer):
    """A service as discovery lists it."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: dict[str, str]


class Discovery(Answer):
    """`GET /cds-services`."""

    services: list[CdsService]


class HookRequest(BaseModel):
    """A hook as it fires. Fields that are not used (fhirServer, its authorization) are not read and not kept."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    hook: Text
    hookInstance: Annotated[Text, Field(min_length=1)]  # noqa: N815 - the specification's name
    context: dict[str, Any]
    prefetch: dict[str, Any] = {}


class Source(Answer):
    """Whose knowledge a card shows."""

    label: str


class Card(Answer):
    """What the record system shows; `indicator` is critical for contraindicated, warning for major, else info."""

    uuid: str
    summary: Annotated[str, Field(max_length=_LONGEST_SUMMARY)]
    detail: str
    indicator: Literal["info", "warning", "critical"]
    source: Source


class Cards(Answer):
    """The answer of a hook; no cards when there is nothing to say."""

    cards: list[Card]


@router.get("", summary="Which services there are")
async def discover(_: Reader) -> Discovery:
    """Discovery, with what each service needs as prefetch."""
    services = [
        CdsService(id=name, hook=hook, title="OpenMTM", description=about, prefetch=_PREFETCH)
        for name, (hook, about) in _HOOKS.items()
    ]
    return Discovery(services=services)


@router.post(
    "/{service_id}",
    summary="Answer a hook with cards",
    responses=problem_responses(s412="A prefetch that is needed was not sent."),
)
async def answer_hook(
    body: HookRequest, known: Known, now: Now, _: Reader, service_id: Annotated[ServiceId, Path()]
) -> Cards:
    """Cards from a screening; stores nothing."""
    hook, _about = _HOOKS[service_id]
    if body.hook != hook:
        raise ApiProblem(422, "wrong_hook", f"This service answers the hook {hook}.")
    for name in ("patient", "medications"):
        if not isinstance(body.prefetch.get(name), dict):
            raise ApiProblem(412, "prefetch_missing", f"The prefetch {name} is needed; see GET /cds-services.")
    gathered, drafts = _gathered(body)
    findings = screened(gathered, now.date(), known, ScreeningOptions(max_findings=_MOST_RESOURCES // 10)).findings
    if hook == "order-sign":
        findings = [one for one in findings if drafts & {medication.medication_id for medication in one.medications}]
    return Cards(cards=[_card(finding, now.date()) for finding in findings[:_MOST_CARDS]])


def _gathered(body: HookRequest) -> tuple[Gathered, frozenset[str]]:
    """The patient with the orders that are being signed, and the ids that those have in the screening."""
    fetched = [resource for told in body.prefetch.values() for resource in _resources(told)]
    orders = _resources(body.context.get("draftOrders")) if body.hook == "order-sign" else []
    orders = [one for one in orders if one.get("resourceType") == "MedicationRequest"]
    drafted = {str(one.get("id")) for one in orders}
    # An order that is already on the list under its id is the one being signed, not a second one.
    kept = [
        one for one in fetched if one.get("resourceType") != "MedicationRequest" or str(one.get("id")) not in drafted
    ]
    named = [{**one, "id": f"draft-{place}"} for place, one in enumerate(orders, 1)]
    if len(kept) + len(named) > _MOST_RESOURCES:
        raise ApiProblem(413, "too_many_resources", f"At most {_MOST_RESOURCES} resources are screened at once.")
    return gather([*kept, *named]), frozenset(one["id"] for one in named)


def _resources(told: Any) -> list[dict[str, Any]]:
    """A resource, or those of a bundle."""
    if not isinstance(told, dict):
        return []
    if told.get("resourceType") != "Bundle":
        return [told]
    entries = told.get("entry")
    found = [one.get("resource") for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return [one for one in found if isinstance(one, dict)]


def _card(finding: Finding, on: date) -> Card:
    detail = "\n\n".join((finding.because, finding.consequence, f"**Suggestion:** {finding.recommendation}"))
    names = " and ".join(medication.name for medication in finding.medications[:2])
    summary = f"{finding.screen.replace('_', ' ').capitalize()}: {names}"
    return Card(
        uuid=_uuid(finding, on),
        summary=summary if len(summary) <= _LONGEST_SUMMARY else f"{summary[: _LONGEST_SUMMARY - 1]}…",
        detail=f"{detail}\n\nSource: {finding.citation.source} ({finding.citation.status})",
        indicator=_INDICATORS[finding.severity],
        source=Source(label="OpenMTM"),
    )


def _uuid(finding: Finding, on: date) -> str:
    return str(uuid5(NAMESPACE_OID, f"{finding.finding_id} {on.isoformat()}"))
