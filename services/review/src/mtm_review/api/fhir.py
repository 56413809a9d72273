"""The FHIR R4 door of reviews: screen a bundle, and read a review as resources."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from mtm_shared.contracts.common import Day, Identifier
from mtm_shared.contracts.screening import Screening, ScreeningOptions
from mtm_shared.fhir.capability import capability_statement
from mtm_shared.fhir.outcome import FhirRefused, Issue, fhir_answers, fhir_response, operation_outcome
from mtm_shared.fhir.resources import Bundle
from mtm_shared.web.auditing import note
from mtm_shared.web.routing import Router
from pydantic import ValidationError

from mtm_review.api.dependencies import KeptReviews, Known, Now, Reader
from mtm_review.api.fhir_in import READ, Gathered, gather
from mtm_review.api.fhir_out import bundle, detected_issue, review_resources
from mtm_review.api.review_shapes import review_answer
from mtm_review.api.shapes import medications_of, options_of, patient_of, screening_answer
from mtm_review.storage.reviews import ReviewRepository, Wanted
from mtm_review.usecases.ports import Expertise
from mtm_review.usecases.screening import made_by, screen_medications

router = Router(prefix="/fhir/r4", tags=["fhir"])
_TOLD: Final = ("DetectedIssue", "MedicationStatement", "CarePlan")


@router.get("/metadata", summary="What this door can do (CapabilityStatement)", responses=fhir_answers())
async def read_capability(request: Request, _: Reader) -> Response:
    """The CapabilityStatement."""
    search = dict.fromkeys(_TOLD, ("patient", "review"))
    told = {kind: ["search-type"] for kind in _TOLD}
    return fhir_response(capability_statement("review", request.app.version, told, search=search))


@router.post("/$screen", summary="Screen a bundle; stores nothing", responses=fhir_answers())
async def screen_bundle(
    body: dict[str, Any],
    known: Known,
    now: Now,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="The day of the screening; today if none.")] = None,
) -> Response:
    """Patient, prescriptions, conditions, allergies and results in; DetectedIssue, and what could not be used, out."""
    gathered = gather_bundle(body)
    on = as_of or now.date()
    screening = screened(gathered, on, known, ScreeningOptions())
    issues = [detected_issue(finding, gathered.patient_id, on.isoformat()) for finding in screening.findings]
    gaps = [Issue("information", gap.code, f"{gap.what}: {gap.detail}", "not_checked") for gap in screening.not_checked]
    outcome = [operation_outcome([*gathered.issues, *gaps])] if gathered.issues or gaps else []
    return fhir_response(bundle("collection", [*issues, *outcome]))


def gather_bundle(body: Any) -> Gathered:
    """What a bundle tells; refused when it is none."""
    try:
        told = Bundle.model_validate(body)
    except ValidationError:
        message = f"a Bundle of {', '.join(READ)} is screened"
        raise FhirRefused([Issue("error", "invalid_bundle", message)]) from None
    return gather(entry.resource for entry in told.entry)


def screened(gathered: Gathered, on: date, known: Expertise, options: ScreeningOptions) -> Screening:
    """The screening of what was gathered; refused without a Patient who was born by then."""
    try:
        request = gathered.request(on, options)
    except ValidationError:
        fault = Issue("error", "invalid_patient", "a Patient with a birthDate on or before the day is needed")
        raise FhirRefused([fault, *gathered.issues]) from None
    patient = patient_of(request, known.vocabulary)
    medications = medications_of(request.medications, known.vocabulary)
    found = screen_medications(known, patient, medications, on, options_of(options))
    return screening_answer(found, made_by(known, on))


_Review = Annotated[Identifier | None, Query(description="The review.")]
_Patient = Annotated[Identifier | None, Query(description="The member, whose newest review is told.")]


@router.get("/DetectedIssue", summary="The findings of a review", responses=fhir_answers(404))
async def search_detected_issues(
    reviews: KeptReviews, _: Reader, review: _Review = None, patient: _Patient = None
) -> Response:
    """A search set of what the review found."""
    return await _search(reviews, "DetectedIssue", review, patient)


@router.get("/MedicationStatement", summary="The list of a review", responses=fhir_answers(404))
async def search_medication_statements(
    reviews: KeptReviews, _: Reader, review: _Review = None, patient: _Patient = None
) -> Response:
    """A search set of the reconciled list."""
    return await _search(reviews, "MedicationStatement", review, patient)


@router.get("/CarePlan", summary="The to-do list of a review", responses=fhir_answers(404))
async def search_care_plans(
    reviews: KeptReviews, _: Reader, review: _Review = None, patient: _Patient = None
) -> Response:
    """A search set with the recommended to-do list."""
    return await _search(reviews, "CarePlan", review, patient)


async def _search(reviews: ReviewRepository, kind: str, review: str | None, patient: str | None) -> Response:
    if review is None and patient is None:
        raise FhirRefused([Issue("error", "missing_parameter", "give review or patient")])
    if review is None:
        lines = await reviews.page(Wanted(patient, None, None, None), None, 1)
        review = lines[0].review_id if lines else None
    told = review_answer(await reviews.get(review)) if review is not None else None
    if told is None or (patient is not None and told.member_id != patient):
        return fhir_response(bundle("searchset", [], total=True))
    note(told)
    return fhir_response(bundle("searchset", review_resources(told, kind), total=True))
