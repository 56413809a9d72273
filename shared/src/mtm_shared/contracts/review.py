"""Reviews, decisions and to-do items, owned by the review service.

The shapes of a screening and of the knowledge are part of the same owner's wire and are exported here too.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import (
    Answer,
    Author,
    CodeText,
    Day,
    Drug,
    Identifier,
    MadeBy,
    NotChecked,
    Request,
    Sentence,
    ShortText,
    Text,
    example,
)
from mtm_shared.contracts.consultation import Consultation, UnableReason
from mtm_shared.contracts.kinds import Screen, Severity
from mtm_shared.contracts.knowledge import Knowledge, Rule, RuleSummary
from mtm_shared.contracts.screening import (
    AllergyIn,
    ConditionIn,
    Confidence,
    Coverage,
    Finding,
    FindingMedication,
    InferredCondition,
    LabIn,
    MedicationIn,
    PersonIn,
    ReviewAllergy,
    ReviewLab,
    Screening,
    ScreeningOptions,
    ScreeningRequest,
    Source,
    Supply,
    Suppressed,
    SuppressionReason,
)

__all__ = [
    "AllergyIn",
    "CompletionRequest",
    "ConditionAnswer",
    "ConditionIn",
    "Confidence",
    "Consultation",
    "Coverage",
    "Decided",
    "Decision",
    "Finding",
    "FindingDecision",
    "FindingMedication",
    "InferredCondition",
    "Knowledge",
    "LabIn",
    "MedicationIn",
    "MedicationReconciliation",
    "MedicationsRequest",
    "PersonIn",
    "RefreshRequest",
    "Review",
    "ReviewAllergy",
    "ReviewChange",
    "ReviewFinding",
    "ReviewKind",
    "ReviewLab",
    "ReviewMedication",
    "ReviewPatch",
    "ReviewRequest",
    "ReviewStatus",
    "ReviewSummary",
    "Rule",
    "RuleSummary",
    "Screen",
    "Screening",
    "ScreeningOptions",
    "ScreeningRequest",
    "Severity",
    "Source",
    "Supply",
    "Suppressed",
    "SuppressionReason",
    "TodoItem",
    "TodoItemIn",
    "UnableReason",
]

ReviewKind = Literal["cmr", "tmr"]
ReviewStatus = Literal["in_progress", "completed"]
Decision = Literal["accepted", "dismissed", "deferred"]


class ReviewRequest(Request):
    """`POST /v1/reviews`: read the profile, build the regimen, screen and keep the review."""

    member_id: Identifier
    kind: ReviewKind
    as_of: Day


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
    start: Day | None = None
    end: Day | None = None
    directions: ShortText | None = None
    reason: ShortText | None = None
    prescriber: ShortText | None = None
    as_needed: bool = False
    notes: Text | None = None

    @model_validator(mode="after")
    def _identified(self) -> Self:
        identified = self.ndc is not None or self.rxcui is not None or self.name is not None
        if identified == (self.medication_id is not None):
            raise ValueError("give medication_id of a listed medication, or ndc, rxcui or name of a new one")
        return self


class MedicationsRequest(Request):
    """`POST /v1/reviews/{id}/medications`: reconciliation with the member, including OTC, herbals and supplements."""

    author: Author
    medications: Annotated[list[MedicationReconciliation], Field(min_length=1, max_length=200)]


class ReviewPatch(Request):
    """`PATCH /v1/reviews/{id}`: working notes and the planned day (null clears, absent keeps), allergies and results.

    `allergies` and `labs` each replace what the review holds and screen it again; null or absent keeps them.
    """

    model_config = example(author="Pat Doe, PharmD", notes="Ask about dizziness.", scheduled_for="2026-07-10")

    author: Author
    notes: Text | None = None
    scheduled_for: Day | None = None
    allergies: Annotated[list[AllergyIn], Field(max_length=200)] | None = None
    labs: Annotated[list[LabIn], Field(max_length=200)] | None = None


class RefreshRequest(Request):
    """`POST /v1/reviews/{id}/refresh`: read the profile again as of a day, keeping what people said and decided."""

    model_config = example(as_of="2026-07-09", author="Pat Doe, PharmD")

    as_of: Day
    author: Author


class ConditionAnswer(Request):
    """What the member or a prescriber says of a condition on record or inferred from drugs.

    A denied one silences its findings, a confirmed one counts as reported, and an unknown one stays as it was.
    """

    model_config = example(answer="confirmed", author="Pat Doe, PharmD")

    answer: Literal["confirmed", "denied", "unknown"]
    author: Author


class FindingDecision(Request):
    """What the pharmacist decided about a finding. An accepted finding becomes a to-do item."""

    decision: Decision
    reason: Text
    author: Author
    topic: Text | None = None
    actions: Annotated[list[Sentence], Field(max_length=10)] = []


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
    """What was talked about and what the member should do (form CMS-10396, Recommended To-Do List).

    `encourages`: the one item of a list that would be empty, which asks the member to go on.
    """

    topic: str
    actions: list[str]
    finding_id: str | None = None
    encourages: bool = False


class TodoItemIn(Request):
    """A to-do item that does not come from a finding."""

    topic: Sentence
    actions: Annotated[list[Sentence], Field(min_length=1, max_length=10)]


class CompletionRequest(Request):
    """Closes the review; further to-do items may be given, and a list without findings keeps one that encourages."""

    model_config = example(author="Pat Doe, PharmD")

    author: Author
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
    inferred: list[InferredCondition] = []
    todo_items: list[TodoItem]
    consultation: Consultation | None = None
    allergies: list[ReviewAllergy] = []
    labs: list[ReviewLab] = []
    notes: str | None = None
    scheduled_for: date | None = None
    completed_at: datetime | None = None
    changes: list[ReviewChange]
    made_by: MadeBy
