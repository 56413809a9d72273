"""Resources of FHIR R4 that we read, each with the elements that we use. Sources: HL7 FHIR R4 (4.0.1) and, for drug
events, CARIN Blue Button's Pharmacy profile and CMS's Blue Button, BCDA and AB2D resources; AB2D's first version is
written in the names of STU3 (`information`, `service`), which are read as well.
"""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from mtm_shared.fhir.parts import (
    Address,
    Concept,
    ContactPoint,
    Day,
    HumanName,
    Identifier,
    Money,
    Part,
    Period,
    Quantity,
    Reference,
    Text,
)


def _alias(*names: str) -> Any:
    return Field(validation_alias=AliasChoices(*names))


class Resource(Part):
    """What every resource has."""

    resource_type: Annotated[Text, _alias("resourceType")]
    id: Text = ""


class Communication(Part):
    """A language that a patient speaks."""

    language: Concept = Concept()
    preferred: bool = False


class Patient(Resource):
    """A member."""

    identifier: list[Identifier] = []
    name: list[HumanName] = []
    gender: Text = ""
    birth_date: Annotated[Day | None, _alias("birthDate")] = None
    deceased: Annotated[Day | None, _alias("deceasedDateTime")] = None
    address: list[Address] = []
    telecom: list[ContactPoint] = []
    communication: list[Communication] = []


class Extension(Part):
    """An extension of a coverage, such as CMS's contract number."""

    url: Text = ""
    value_string: Annotated[Text, _alias("valueString")] = ""
    value_coding: Annotated[dict[str, Any] | None, _alias("valueCoding")] = None


class CoverageClass(Part):
    """A class of a coverage, such as its plan or group."""

    type: Concept = Concept()
    value: Text = ""


class Coverage(Resource):
    """A span of coverage."""

    extension: list[Extension] = []
    status: Text = ""
    type: Concept = Concept()
    beneficiary: Reference = Reference()
    period: Period | None = None
    classes: Annotated[list[CoverageClass], _alias("class")] = []


class SupportingInfo(Part):
    """A further fact of a claim, named by its category."""

    category: Concept = Concept()
    code: Concept = Concept()
    value_quantity: Annotated[Quantity | None, _alias("valueQuantity")] = None


class Adjudication(Part):
    """An amount of a line, named by its category."""

    category: Concept = Concept()
    amount: Money = Money()


class ItemDetail(Part):
    """An ingredient of a compound."""

    product: Annotated[Concept, _alias("productOrService", "service")] = Concept()
    quantity: Quantity | None = None


class Item(Part):
    """A line of a claim."""

    product: Annotated[Concept, _alias("productOrService", "service")] = Concept()
    serviced_date: Annotated[Day | None, _alias("servicedDate")] = None
    serviced_period: Annotated[Period | None, _alias("servicedPeriod")] = None
    quantity: Quantity | None = None
    adjudication: list[Adjudication] = []
    detail: list[ItemDetail] = []


class ClaimDiagnosis(Part):
    """A diagnosis on a claim."""

    concept: Annotated[Concept, _alias("diagnosisCodeableConcept")] = Concept()


class CareTeamMember(Part):
    """Somebody who took part, such as the prescriber."""

    provider: Reference = Reference()
    role: Concept = Concept()


class ExplanationOfBenefit(Resource):
    """A processed claim: of a pharmacy (a drug event), or of care (diagnoses, and stays)."""

    identifier: list[Identifier] = []
    status: Text = ""
    type: Concept = Concept()
    patient: Reference = Reference()
    billable_period: Annotated[Period | None, _alias("billablePeriod")] = None
    care_team: Annotated[list[CareTeamMember], _alias("careTeam")] = []
    provider: Reference = Reference()
    facility: Reference = Reference()
    supporting_info: Annotated[list[SupportingInfo], _alias("supportingInfo", "information")] = []
    diagnosis: list[ClaimDiagnosis] = []
    item: list[Item] = []


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


class Condition(Resource):
    """A condition of the problem list or of an encounter."""

    clinical_status: Annotated[Concept, _alias("clinicalStatus")] = Concept()
    verification_status: Annotated[Concept, _alias("verificationStatus")] = Concept()
    code: Concept = Concept()
    subject: Reference = Reference()
    onset: Annotated[Day | None, _alias("onsetDateTime")] = None
    abatement: Annotated[Day | None, _alias("abatementDateTime")] = None
    recorded: Annotated[Day | None, _alias("recordedDate")] = None


class Dosage(Part):
    """How a medication is taken."""

    text: Text = ""
    as_needed: Annotated[bool, _alias("asNeededBoolean")] = False
    route: Concept = Concept()


class MedicationUse(Resource):
    """A MedicationRequest (ordered) or a MedicationStatement (reported as taken)."""

    status: Text = ""
    intent: Text = ""
    medication: Annotated[Concept, _alias("medicationCodeableConcept")] = Concept()
    medication_reference: Annotated[Reference | None, _alias("medicationReference")] = None
    subject: Reference = Reference()
    authored_on: Annotated[Day | None, _alias("authoredOn", "dateAsserted")] = None
    effective_period: Annotated[Period | None, _alias("effectivePeriod")] = None
    effective: Annotated[Day | None, _alias("effectiveDateTime")] = None
    dosage: Annotated[list[Dosage], _alias("dosageInstruction", "dosage")] = []
    reason: Annotated[Concept, BeforeValidator(_first), _alias("reasonCode")] = Concept()
    requester: Reference = Reference()


class Medication(Resource):
    """A medication that others refer to."""

    code: Concept = Concept()


class Reaction(Part):
    """What an allergy did."""

    manifestation: list[Concept] = []


class AllergyIntolerance(Resource):
    """An allergy."""

    clinical_status: Annotated[Concept, _alias("clinicalStatus")] = Concept()
    verification_status: Annotated[Concept, _alias("verificationStatus")] = Concept()
    code: Concept = Concept()
    reaction: list[Reaction] = []


class Observation(Resource):
    """A measurement."""

    status: Text = ""
    code: Concept = Concept()
    effective: Annotated[Day | None, _alias("effectiveDateTime")] = None
    value: Annotated[Quantity | None, _alias("valueQuantity")] = None


class Entry(Part):
    """An entry of a bundle; its resource is read by its own type."""

    full_url: Annotated[Text, _alias("fullUrl")] = ""
    resource: dict[str, Any] | None = None


class Bundle(Part):
    """A collection of resources."""

    resource_type: Annotated[Literal["Bundle"], _alias("resourceType")]
    type: Text = ""
    entry: Annotated[list[Entry], Field(max_length=5000)] = []
