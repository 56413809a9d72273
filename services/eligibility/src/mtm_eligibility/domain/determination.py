"""The answer of a determination: an outcome with its reasons, and everything that was left out of it.

A decision is a value with reasons (ARCHITECTURE.md, law 2), and what could not be used is named with a code
(law 6): `not_counted` was understood and does not count, such as a deleted claim; `not_checked` could not be
understood, such as an unknown NDC.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mtm_shared.values.citation import Citation
from mtm_shared.values.outcome import Outcome


class CriterionName(StrEnum):
    """The four tests of 42 CFR 423.153(d)(2)."""

    CHRONIC_CONDITIONS = "chronic_conditions"
    PART_D_DRUGS = "part_d_drugs"
    ANNUAL_COST = "annual_cost"
    DRUG_MANAGEMENT = "drug_management"


class Eligibility(StrEnum):
    """Whether the member must be offered the programme."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CANNOT_TELL = "cannot_tell"


class Pathway(StrEnum):
    """By which group of 42 CFR 423.153(d)(2) a member is targeted."""

    CHRONIC_DRUGS_COST = "chronic_drugs_cost"
    AT_RISK = "at_risk"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One test. `nearness` is how much of the requirement is there, from 0 to 1; `because` is one plain sentence."""

    criterion: CriterionName
    outcome: Outcome
    observed: str
    required: str
    comparison: str
    unit: str
    because: str
    evidence: tuple[str, ...]
    citation: Citation
    nearness: float


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Something understood that does not count: what, its identifier as given, a stable code and a sentence."""

    what: str
    value: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that could not be understood or was not told, with a stable code and a sentence."""

    what: str
    value: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know about the whole decision."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class PriorityReason:
    """One part of the outreach priority, in points."""

    reason: str
    points: int


@dataclass(frozen=True, slots=True)
class Determination:
    """Whether a member must be offered MTM, and why."""

    member_id: str
    program_id: str
    as_of: date
    outcome: Eligibility
    pathway: Pathway | None
    score: int
    priority: int
    priority_reasons: tuple[PriorityReason, ...]
    criteria: tuple[Criterion, ...]
    not_counted: tuple[NotCounted, ...]
    not_checked: tuple[NotChecked, ...]
    notices: tuple[Notice, ...] = ()
