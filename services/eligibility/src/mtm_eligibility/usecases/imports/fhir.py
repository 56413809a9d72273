"""FHIR R4 resources as the items that an import loads, so that a resource and a row of a file mean the same.

Patient and Coverage tell members; a pharmacy ExplanationOfBenefit is a drug event by its final action; any other
tells the diagnoses of a medical claim (and a stay, of an inpatient, skilled nursing or hospice claim); a Condition is
a diagnosis of the day on which it was recorded. A resource that lacks something is refused by name of the element,
never completed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from mtm_shared.fhir import resources as fhir
from mtm_shared.fhir.parts import ICD10_SYSTEMS
from mtm_shared.values.codes import Icd10, InvalidCode
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from mtm_eligibility.usecases.imports.fhir_claims import claim_item, fill_item
from mtm_eligibility.usecases.imports.fhir_members import coverage_item, member_item, member_of
from mtm_eligibility.usecases.imports.items import DiagnosisItem, Item, Refused
from mtm_eligibility.usecases.imports.wire_rows import refused

Model = TypeVar("Model", bound=BaseModel)
Resource = Mapping[str, Any]
_NOT_TRUE: Final = frozenset({"refuted", "entered-in-error"})
ORDER: Final = ("Patient", "Coverage")
"""What has to be loaded before the rest of a bundle."""


def read_line(line: int, text: str) -> Item:
    """The item of a line of NDJSON (FHIR Bulk Data)."""
    try:
        resource = from_json(text, allow_inf_nan=False)
    except ValueError:
        raise Refused("", "invalid_json", "the line is not JSON") from None
    if not isinstance(resource, dict):
        raise Refused("", "invalid_json", "the line is not a resource")
    return read_resource(line, resource)


def read_resource(line: int, resource: Resource) -> Item:
    """The item of a resource, or `Refused`."""
    kind = resource.get("resourceType")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        if kind in _ELSEWHERE:
            raise Refused("resourceType", "not_taken_here", "prescriptions go to the review service ($screen)")
        message = f"the resources that are taken are {', '.join(_READERS)}"
        raise Refused("resourceType", "unknown_resource", message)
    return reader(line, resource)


def _benefit(line: int, resource: Resource) -> Item:
    eob = _valid(fhir.ExplanationOfBenefit, resource)
    pharmacy = eob.type.has("pharmacy") or eob.type.has("pde")
    return fill_item(line, eob) if pharmacy else claim_item(line, eob)


def _condition(line: int, resource: Resource) -> DiagnosisItem:
    told = _valid(fhir.Condition, resource)
    if any(told.verification_status.has(word) for word in _NOT_TRUE):
        raise Refused("verificationStatus", "condition_refuted", "the condition is refuted or was entered in error")
    code = told.code.code_of(*ICD10_SYSTEMS)
    if not code:
        raise Refused("code", "no_icd10", "no ICD-10-CM code is given")
    on = told.recorded or told.onset
    if on is None:
        raise Refused("recordedDate", "missing_field", "recordedDate or onsetDateTime is required")
    try:
        icd10 = Icd10.parse(code).code
    except InvalidCode as invalid:
        raise Refused("code", invalid.code, "not an ICD-10-CM code") from None
    row = {"member_id": member_of(told.subject, "subject"), "claim_id": "", "icd10": icd10, "service_date": on}
    return DiagnosisItem(line, {**row, "setting": "other"})


def _valid(model: type[Model], resource: Resource) -> Model:
    try:
        return model.model_validate(resource)
    except ValidationError as invalid:
        raise refused(invalid) from None


_READERS: Final[Mapping[str, Callable[[int, Resource], Item]]] = {
    "Patient": lambda line, resource: member_item(line, _valid(fhir.Patient, resource)),
    "Coverage": lambda line, resource: coverage_item(line, _valid(fhir.Coverage, resource)),
    "ExplanationOfBenefit": _benefit,
    "Condition": _condition,
}
_ELSEWHERE: Final = frozenset({"MedicationRequest", "MedicationStatement"})
TAKEN: Final = tuple(_READERS)
