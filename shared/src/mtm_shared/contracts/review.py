"""Screenings, reviews, findings and to-do items, owned by the review service."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import (
    Answer,
    Citation,
    CodeText,
    Drug,
    Identifier,
    MadeBy,
    Money,
    NotChecked,
    Quantity,
    Request,
    Sex,
    ShortText,
    Text,
)

Screen = Literal[
    "duplicate_therapy", "drug_disease", "drug_drug", "older_adult", "opioid_safety", "adherence", "gap_in_care",
    "dose", "duration", "cost", "allergy",
]  # fmt: skip
Severity = Literal["contraindicated", "major", "moderate", "minor"]
Confidence = Literal["reported", "inferred_high", "inferred_low"]
Source = Literal["claim", "otc", "herbal", "supplement", "sample", "reported"]
ReviewKind = Literal["cmr", "tmr"]
ReviewStatus = Literal["in_progress", "completed"]
Decision = Literal["accepted", "dismissed", "deferred"]
SuppressionReason = Literal[
    "switch", "titration", "taper", "intended_combination", "different_route", "as_needed", "short_overlap",
    "below_threshold", "denied_condition", "policy",
]  # fmt: skip


class Supply(Request):
    """One fill of a medication."""

    fill_date: date
    days_supply: Annotated[int, Field(ge=0, le=999)]
    quantity: Quantity | None = None
    prescriber_npi: CodeText | None = None
    pharmacy_npi: CodeText | None = None
    total_cost: Money | None = None


class MedicationIn(Request):
    """A medication as given: by NDC, RxCUI or name, with its fills or its dates."""

    medication_id: Identifier | None = None
    ndc: CodeText | None = None
    rxcui: CodeText | None = None
    name: ShortText | None = None
    status: Literal["active", "stopped"] = "active"
    start: date | None = None
    end: date | None = None
    fills: Annotated[list[Supply], Field(max_length=1000)] = []
    dose: ShortText | None = None
    route: ShortText | None = None
    frequency: ShortText | None = None
    as_needed: bool = False
    indication: ShortText | None = None
    prescriber_npi: CodeText | None = None
    source: Source = "reported"

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.ndc is None and self.rxcui is None and self.name is None:
            raise ValueError("one of ndc, rxcui and name is required")
        return self


class ConditionIn(Request):
    """A condition by ICD-10-CM, SNOMED CT or this project's own condition id (`code`)."""

    icd10: CodeText | None = None
    snomed: CodeText | None = None
    code: CodeText | None = None
    since: date | None = None
    until: date | None = None
    source: Literal["claim", "reported", "inferred"] = "reported"

    @model_validator(mode="after")
    def _coded(self) -> Self:
        if sum(code is not None for code in (self.icd10, self.snomed, self.code)) != 1:
            raise ValueError("give exactly one of icd10, snomed and code")
        return self


class AllergyIn(Request):
    """A reported allergy or intolerance."""

    name: ShortText
    rxcui: CodeText | None = None
    reaction: ShortText | None = None


class LabIn(Request):
    """A laboratory result, such as an estimated glomerular filtration rate in mL/min/1.73 m²."""

    code: CodeText
    value: Quantity
    unit: ShortText
    on: date


class PersonIn(Request):
    """What screens need of the person."""

    birth_date: date
    sex: Sex = "unknown"


class ScreeningOptions(Request):
    """How much is shown."""

    max_findings: Annotated[int, Field(ge=1, le=500)] = 12


class ScreeningRequest(Request):
    """`POST /v1/screenings`: screen the given medications, storing nothing."""

    as_of: date
    member: PersonIn
    medications: Annotated[list[MedicationIn], Field(max_length=500)]
    conditions: Annotated[list[ConditionIn], Field(max_length=1000)] = []
    allergies: Annotated[list[AllergyIn], Field(max_length=200)] = []
    labs: Annotated[list[LabIn], Field(max_length=200)] = []
    options: ScreeningOptions = ScreeningOptions()


class FindingMedication(Answer):
    """A medication of a finding."""

    medication_id: str
    name: str
    rxcui: str | None = None


class Finding(Answer):
    """One problem that a pharmacist should look at, with its evidence and a next step."""

    finding_id: str
    screen: Screen
    rule_id: str
    dur_code: str
    severity: Severity
    tier: Literal[1, 2, 3]
    confidence: Confidence
    medications: list[FindingMedication]
    condition: str | None = None
    because: str
    consequence: str
    recommendation: str
    evidence: list[str]
    citation: Citation
    rank: int


class Suppressed(Answer):
    """What fired but was not shown, and why."""

    screen: Screen
    rule_id: str
    medications: list[FindingMedication]
    reason: SuppressionReason
    because: str


class Coverage(Answer):
    """How much of what was given could be checked."""

    medications: int
    medications_checked: int
    conditions: int
    conditions_checked: int


class Screening(Answer):
    """The findings on a list of medications."""

    findings: list[Finding]
    suppressed: list[Suppressed]
    not_checked: list[NotChecked]
    coverage: Coverage
    made_by: MadeBy


class ReviewRequest(Request):
    """`POST /v1/reviews`: read the profile, build the regimen, screen and keep the review."""

    member_id: Identifier
    kind: ReviewKind
    as_of: date


class ReviewMedication(Answer):
    """A medication of the review, as reconciled with the member."""

    medication_id: str
    name: str
    drug: Drug | None = None
    status: Literal["active", "stopped"]
    source: Source
    start: date | None = None
    end: date | None = None
    last_fill: date | None = None
    directions: str | None = None
    reason: str | None = None
    prescriber: str | None = None
    as_needed: bool = False
    notes: str | None = None


class MedicationReconciliation(Request):
    """One medication added to a review, or, with `medication_id`, what the member said of one already there."""

    medication_id: Identifier | None = None
    ndc: CodeText | None = None
    rxcui: CodeText | None = None
    name: ShortText | None = None
    status: Literal["active", "stopped"] = "active"
    source: Source = "reported"
    start: date | None = None
    directions: ShortText | None = None
    reason: ShortText | None = None
    prescriber: ShortText | None = None
    as_needed: bool = False
    notes: Text | None = None


class MedicationsRequest(Request):
    """`POST /v1/reviews/{id}/medications`: reconciliation with the member, including OTC, herbals and supplements."""

    author: ShortText
    medications: Annotated[list[MedicationReconciliation], Field(min_length=1, max_length=200)]


class FindingDecision(Request):
    """What the pharmacist decided about a finding. An accepted finding becomes a to-do item."""

    decision: Decision
    reason: Text
    author: ShortText
    topic: Text | None = None
    actions: Annotated[list[Text], Field(max_length=10)] = []


class Decided(Answer):
    """A decision as kept."""

    decision: Decision
    reason: str
    author: str
    at: datetime


class ReviewFinding(Finding):
    """A finding of a stored review with its decision, if one was made."""

    decided: Decided | None = None


class TodoItem(Answer):
    """What was talked about and what the member should do (form CMS-10396, Recommended To-Do List)."""

    topic: str
    actions: list[str]
    finding_id: str | None = None


class TodoItemIn(Request):
    """A to-do item that does not come from a finding."""

    topic: Text
    actions: Annotated[list[Text], Field(min_length=1, max_length=10)]


class Consultation(Request):
    """The interactive consultation: when, how, with whom and by whom (42 CFR 423.153(d)(1)(vii)(B))."""

    held_on: date
    method: Literal["face_to_face", "telephone", "telehealth", "other"]
    recipient: Literal["beneficiary", "prescriber", "caregiver", "other_authorized"]
    recipient_name: ShortText | None = None
    provider_name: ShortText
    provider_title: ShortText
    provider_type: Annotated[CodeText, Field(examples=["09"])]
    minutes: Annotated[int, Field(ge=1, le=600)]
    cognitively_impaired: Literal["Y", "N", "U"] = "U"
    allergies: Text | None = None
    side_effects: Text | None = None
    other_information: Text | None = None
    author: ShortText


class CompletionRequest(Request):
    """Closes the review; further to-do items may be given, and a list without findings keeps one that encourages."""

    author: ShortText
    todo_items: Annotated[list[TodoItemIn], Field(max_length=50)] = []


class ReviewChange(Answer):
    """One change of the review: what, by whom and when."""

    change: str
    author: str
    at: datetime


class ReviewSummary(Answer):
    """A review in a list."""

    review_id: str
    member_id: str
    kind: ReviewKind
    status: ReviewStatus
    as_of: date
    findings: int
    completed_on: date | None = None


class Review(Answer):
    """A stored review, pinned to the vocabulary and knowledge that made it."""

    review_id: str
    member_id: str
    kind: ReviewKind
    status: ReviewStatus
    as_of: date
    enrollment_id: str | None = None
    program_id: str | None = None
    medications: list[ReviewMedication]
    findings: list[ReviewFinding]
    suppressed: list[Suppressed]
    not_checked: list[NotChecked]
    coverage: Coverage
    todo_items: list[TodoItem]
    consultation: Consultation | None = None
    completed_at: datetime | None = None
    changes: list[ReviewChange]
    made_by: MadeBy


class RuleSummary(Answer):
    """A rule of the knowledge in a list."""

    rule_id: str
    screen: Screen
    title: str
    severity: Severity
    citation: Citation


class Rule(RuleSummary):
    """A rule with the drugs, conditions and exceptions that it names."""

    drugs: list[str]
    conditions: list[str] = []
    exceptions: list[str] = []
    consequence: str
    recommendation: str


class Knowledge(Answer):
    """What the service knows: version, counts by screen and the rules."""

    knowledge_version: str
    fingerprint: str
    counts: dict[str, int]
    rules: list[RuleSummary]
