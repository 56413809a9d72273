"""FHIR R4 resources as a screening request: the person, medications, conditions, allergies and results of a bundle.

Requests and statements that were stopped, cancelled or entered in error are not current; conditions and allergies that
were refuted are not said. What cannot be read at all is told as an issue, entry by entry, and the rest goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from re import compile as pattern
from typing import Any, Final, TypeVar

from mtm_shared.contracts import screening as wire
from mtm_shared.fhir import resources as fhir
from mtm_shared.fhir.outcome import Issue
from mtm_shared.fhir.parts import ICD10_SYSTEMS, LOINC, NDC, NPI, RXNORM, SNOMED, Concept
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
_IDENTIFIER: Final = pattern(r"[A-Za-z0-9._:+-]{1,64}")
_CURRENT: Final = frozenset({"active", "intended", "on-hold", "draft", "unknown", ""})
_NEVER: Final = frozenset({"entered-in-error", "not-taken", "cancelled"})
_REFUTED: Final = frozenset({"refuted", "entered-in-error"})
_OVER: Final = frozenset({"resolved", "inactive", "remission"})
_FINAL: Final = frozenset({"final", "amended", "corrected"})


@dataclass(slots=True)
class Gathered:
    """What a bundle tells, in the words of a screening, and what it tells that cannot be used."""

    member: wire.PersonIn | None = None
    patient_id: str = ""
    medications: list[wire.MedicationIn] = field(default_factory=list)
    conditions: list[wire.ConditionIn] = field(default_factory=list)
    allergies: list[wire.AllergyIn] = field(default_factory=list)
    labs: list[wire.LabIn] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def request(self, as_of: date, options: wire.ScreeningOptions) -> wire.ScreeningRequest:
        """The screening request; raises pydantic's error where the person is missing or born later."""
        told = {name: getattr(self, name) for name in ("medications", "conditions", "allergies", "labs")}
        return wire.ScreeningRequest.model_validate({"as_of": as_of, "member": self.member, "options": options, **told})


def gather(resources: Iterable[Any]) -> Gathered:
    """Read every resource; medications that others refer to are looked up among them."""
    listed = [one if isinstance(one, Mapping) else {} for one in resources]
    known = {str(one.get("id", "")): one for one in listed if one.get("resourceType") == "Medication"}
    gathered = Gathered()
    for place, resource in enumerate(listed):
        kind = str(resource.get("resourceType", ""))[:64]
        reader = _READERS.get(kind)
        where = f"entry[{place}]"
        if kind == "Medication":
            continue
        if reader is None:
            gathered.issues.append(
                Issue("warning", "not_read", "this kind of resource is not read by a screening", where)
            )
            continue
        try:
            fault = reader(gathered, resource, known)
        except ValidationError as invalid:
            steps = "/".join(str(step) for step in invalid.errors(include_input=False)[0]["loc"])[:100]
            fault = f"{steps} cannot be read"
        if fault:
            gathered.issues.append(Issue("warning", "not_usable", f"{kind}: {fault}", where))
    return gathered


def _patient(into: Gathered, resource: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    told = fhir.Patient.model_validate(resource)
    if told.birth_date is None:
        return "birthDate is missing"
    sex = told.gender if told.gender in ("female", "male") else "unknown"
    into.member = wire.PersonIn.model_validate({"birth_date": told.birth_date, "sex": sex})
    into.patient_id = told.id
    return ""


def _medication(into: Gathered, resource: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    told = fhir.MedicationUse.model_validate(resource)
    if told.status in _NEVER:
        return "it was cancelled, not taken or entered in error"
    concept = told.medication
    if told.medication_reference is not None:
        referred = known.get(told.medication_reference.id.removeprefix("#"))
        concept = fhir.Medication.model_validate(referred).code if referred else concept
    identified = identified_by(concept)
    if not identified:
        return "it names no medication by RxNorm, NDC or text"
    period = told.effective_period
    dosage = told.dosage[0] if told.dosage else fhir.Dosage()
    stopped = told.status not in _CURRENT
    values = {
        **identified,
        "medication_id": told.id if _IDENTIFIER.fullmatch(told.id) else None,
        "status": "stopped" if stopped else "active",
        "start": (period.start if period else None) or told.effective or told.authored_on,
        "end": period.end if period and stopped else None,
        "dose": dosage.text[:200] or None,
        "route": dosage.route.words[:200] or None,
        "as_needed": dosage.as_needed,
        "indication": told.reason.words[:200] or None,
        "prescriber_npi": _npi(told),
        "source": "reported",
    }
    into.medications.append(wire.MedicationIn.model_validate(_given(values)))
    return ""


def _npi(told: fhir.MedicationUse) -> str | None:
    known = told.requester.identifier
    return known.value[:32] if known is not None and known.system == NPI and known.value else None


def identified_by(concept: Concept) -> dict[str, str]:
    """How a medication is named: by RxNorm, by NDC, or by its words; empty when it is not."""
    if rxcui := concept.code_of(RXNORM):
        return {"rxcui": rxcui}
    if ndc := concept.code_of(NDC):
        return {"ndc": ndc}
    return {"name": concept.words[:200]} if concept.words.strip() else {}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _condition(into: Gathered, resource: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    told = fhir.Condition.model_validate(resource)
    code = {"icd10": told.code.code_of(*ICD10_SYSTEMS), "snomed": told.code.code_of(SNOMED)}
    name, value = next(((name, value) for name, value in code.items() if value), ("", ""))
    if not name:
        return "it has no ICD-10-CM or SNOMED CT code"
    over = any(told.clinical_status.has(word) for word in _OVER)
    values = {
        name: value,
        "since": told.onset,
        "until": (told.abatement or told.recorded or told.onset) if over else told.abatement,
        "denied": any(told.verification_status.has(word) for word in _REFUTED),
    }
    into.conditions.append(wire.ConditionIn.model_validate(_given(values)))
    return ""


def _allergy(into: Gathered, resource: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    told = fhir.AllergyIntolerance.model_validate(resource)
    refuted = any(told.verification_status.has(word) for word in _REFUTED)
    if refuted or any(told.clinical_status.has(word) for word in _OVER):
        return "it is refuted or resolved"
    if not told.code.words.strip():
        return "it names nothing"
    reaction = next((one.words for made in told.reaction for one in made.manifestation if one.words), None)
    values = {"name": told.code.words[:200], "rxcui": told.code.code_of(RXNORM) or None, "reaction": reaction}
    into.allergies.append(wire.AllergyIn.model_validate(_given(values)))
    return ""


def _observation(into: Gathered, resource: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    told = fhir.Observation.model_validate(resource)
    code = told.code.code_of(LOINC)
    if not code or told.status not in _FINAL or told.value is None or told.value.value is None:
        return "it is no final result with a LOINC code and a number"
    if told.effective is None:
        return "effectiveDateTime is missing"
    unit = told.value.unit or told.value.code
    values = {"code": code, "value": round(told.value.value, 4), "unit": unit[:200], "on": told.effective}
    into.labs.append(wire.LabIn.model_validate(values))
    return ""


_READERS: Final = {
    "Patient": _patient,
    "MedicationRequest": _medication,
    "MedicationStatement": _medication,
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "Observation": _observation,
}
READ: Final = (*_READERS, "Medication")
