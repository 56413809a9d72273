"""A stored review: who, as of when, the reconciled list, the findings with what was decided, and every change.

A comprehensive medication review ends in a written summary in CMS's standardized format (42 CFR
423.153(d)(1)(vii)(D), form CMS-10396); a targeted one is the quarterly review between them (423.153(d)(1)(vii)(C)).
The record keeps medications as they were given, so that a reconciliation can screen all of them again, and keeps
findings as they were shown, so that a later change of the knowledge never rewrites what a pharmacist decided on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mtm_shared.values.citation import Citation
from mtm_shared.values.drug import Drug

from mtm_review.domain.finding import Coverage, NotChecked
from mtm_review.domain.medication import Supply
from mtm_review.domain.patient import Allergy, Lab, Patient


class ReviewKind(StrEnum):
    """Comprehensive (with the member, once a year) or targeted (at least quarterly, from the record)."""

    CMR = "cmr"
    TMR = "tmr"


class ReviewStatus(StrEnum):
    """Whether anything may still be changed."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class Decision(StrEnum):
    """What the pharmacist does with a finding; only an accepted one reaches the member."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made the findings: the same request against the same versions gives the same findings.

    `policy_version` names the sponsor's policy that acted, if one did.
    """

    rules_fingerprint: str
    vocabulary_version: str
    knowledge_version: str
    service_version: str
    as_of: date
    program_id: str | None = None
    policy_version: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMedication:
    """One line of the reconciled list: the medication as given, as understood, and what the member said of it.

    `status` is what the supply tells unless somebody said otherwise: then `stated` holds what was said and wins.
    `directions`, `reason`, `prescriber` and `notes` are None until someone says them: claims do not carry them, and
    a summary that invents directions is worse than one with a gap.
    """

    medication_id: str
    name: str
    status: str
    source: str
    ndc: str | None = None
    rxcui: str | None = None
    given: str | None = None
    stated: str | None = None
    drug: Drug | None = None
    problem: str = ""
    problem_detail: str = ""
    start: date | None = None
    end: date | None = None
    last_fill: date | None = None
    fills: tuple[Supply, ...] = ()
    directions: str | None = None
    reason: str | None = None
    prescriber: str | None = None
    prescriber_npi: str = ""
    as_needed: bool = False
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class NamedMedication:
    """A medication as a finding names it."""

    medication_id: str
    name: str
    rxcui: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its reason, author and time."""

    decision: Decision
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding as it was shown, with the decision taken on it."""

    finding_id: str
    screen: str
    rule_id: str
    dur_code: str
    severity: str
    tier: int
    confidence: str
    medications: tuple[NamedMedication, ...]
    condition: str | None
    because: str
    consequence: str
    recommendation: str
    evidence: tuple[str, ...]
    citation: Citation
    rank: int
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class KeptSuppressed:
    """Something that fired and was not shown, and why."""

    screen: str
    rule_id: str
    medications: tuple[NamedMedication, ...]
    reason: str
    because: str


@dataclass(frozen=True, slots=True)
class KeptInferred:
    """A condition that nobody reported and that drugs show, to be confirmed or denied."""

    condition: str
    name: str
    confidence: str
    because: str
    medications: tuple[NamedMedication, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer of a screening in the words that a review keeps."""

    findings: tuple[KeptFinding, ...]
    suppressed: tuple[KeptSuppressed, ...]
    not_checked: tuple[NotChecked, ...]
    coverage: Coverage
    made_by: MadeBy
    inferred: tuple[KeptInferred, ...] = ()


@dataclass(frozen=True, slots=True)
class TodoItem:
    """What was talked about and what the member should do, in the member's own language."""

    topic: str
    actions: tuple[str, ...]
    finding_id: str | None = None
    encourages: bool = False
    """Stands in a list that would be empty: there is nothing to do but to go on."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """The interactive consultation: when, how, with whom and by whom (42 CFR 423.153(d)(1)(vii)(B))."""

    held_on: date
    method: str
    recipient: str
    provider_name: str
    provider_title: str
    provider_type: str
    minutes: int
    cognitively_impaired: str
    author: str
    recipient_name: str | None = None
    synchronous: bool = True
    unable_reason: str | None = None
    relationship: str | None = None
    authority: str | None = None
    allergies: str | None = None
    side_effects: str | None = None
    other_information: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the review: what, by whom and when."""

    change: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it stands. `version` counts its states; a change of a stale version is refused."""

    review_id: str
    member_id: str
    kind: ReviewKind
    status: ReviewStatus
    as_of: date
    language: str
    patient: Patient
    medications: tuple[ListedMedication, ...]
    findings: tuple[KeptFinding, ...]
    suppressed: tuple[KeptSuppressed, ...]
    not_checked: tuple[NotChecked, ...]
    profile_not_checked: tuple[NotChecked, ...]
    coverage: Coverage
    made_by: MadeBy
    changes: tuple[Change, ...]
    enrollment_id: str | None = None
    program_id: str | None = None
    contract_id: str | None = None
    todo_items: tuple[TodoItem, ...] = ()
    consultation: Consultation | None = None
    notes: str | None = None
    scheduled_for: date | None = None
    completed_at: datetime | None = None
    version: int = 1
    inferred: tuple[KeptInferred, ...] = ()
    enrolled_on: date | None = None
    plan_year: int | None = None

    @property
    def allergies(self) -> tuple[Allergy, ...]:
        """The allergies on record."""
        return self.patient.allergies

    @property
    def labs(self) -> tuple[Lab, ...]:
        """The laboratory results on record."""
        return self.patient.labs
