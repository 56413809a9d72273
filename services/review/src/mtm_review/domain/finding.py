"""What a screening says: findings, what was suppressed and why, and what could not be checked.

A finding's id is a hash of its rule, the drugs and the condition, so that the same problem has the same id in every
review, whatever order the medications came in; a decision taken on it can be found again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from mtm_shared.values.citation import Citation

from mtm_review.domain.medication import Medication

if TYPE_CHECKING:
    from mtm_review.domain.opioids import OpioidTotal


class Screen(StrEnum):
    """What a review looks for; each is one file in `screens`."""

    DUPLICATE_THERAPY = "duplicate_therapy"
    DRUG_DISEASE = "drug_disease"
    DRUG_DRUG = "drug_drug"
    OLDER_ADULT = "older_adult"
    OPIOID_SAFETY = "opioid_safety"
    ADHERENCE = "adherence"
    GAP_IN_CARE = "gap_in_care"
    DOSE = "dose"
    DURATION = "duration"
    COST = "cost"
    ALLERGY = "allergy"


class Severity(StrEnum):
    """How much harm to expect, worst first."""

    CONTRAINDICATED = "contraindicated"
    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"

    @property
    def meaning(self) -> str:
        """What the step says, for whoever reads a finding or writes a rule."""
        return _MEANINGS[self]


_MEANINGS: Final[Mapping[Severity, str]] = {
    Severity.CONTRAINDICATED: "An FDA label says that it must not be done. Never left out of a list.",
    Severity.MAJOR: "It may cause serious harm: act now. Needs a decision before a review is completed.",
    Severity.MODERATE: "It may harm or fail to help: watch the member, or adjust the therapy.",
    Severity.MINOR: "Good to know; rarely a reason to change anything.",
}


class Confidence(StrEnum):
    """Whether the facts were reported or inferred."""

    REPORTED = "reported"
    INFERRED_HIGH = "inferred_high"
    INFERRED_LOW = "inferred_low"


class SuppressionReason(StrEnum):
    """Why something that fired is not shown as a finding."""

    SWITCH = "switch"
    TITRATION = "titration"
    TAPER = "taper"
    INTENDED_COMBINATION = "intended_combination"
    DIFFERENT_ROUTE = "different_route"
    AS_NEEDED = "as_needed"
    SHORT_OVERLAP = "short_overlap"
    BELOW_THRESHOLD = "below_threshold"
    DENIED_CONDITION = "denied_condition"
    POLICY = "policy"


class Finding(NamedTuple):
    """One problem that a pharmacist should look at. `rank` is its place in the screening, 1 first."""

    finding_id: str
    screen: Screen
    rule_id: str
    dur_code: str
    severity: Severity
    tier: int
    confidence: Confidence
    medications: tuple[Medication, ...]
    condition: str | None
    because: str
    consequence: str
    recommendation: str
    evidence: tuple[str, ...]
    citation: Citation
    prescribers_differ: bool = False
    rank: int = 0
    pharmacies_differ: bool = False


class Suppressed(NamedTuple):
    """Something that fired and is not shown, with the reason in a code and a sentence."""

    screen: Screen
    rule_id: str
    medications: tuple[Medication, ...]
    reason: SuppressionReason
    because: str


class InferredCondition(NamedTuple):
    """A condition that nobody reported and that drugs show: what shows it, how sure that is, and why."""

    condition: str
    name: str
    confidence: Confidence
    because: str
    medications: tuple[Medication, ...]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A medication, condition or screen that could not be used; `what` names which of these it is."""

    what: str
    value: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was given could be checked."""

    medications: int
    medications_checked: int
    conditions: int
    conditions_checked: int


class PolicyState(StrEnum):
    """Whether a sponsor's policy acts on a day; its last day counts as one."""

    ACTIVE = "active"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


class Moved(NamedTuple):
    """A finding that a policy hides, shows, lowers or may not hide, and why."""

    finding_id: str
    rule_id: str
    because: str


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """What a sponsor's policy did with a screening, or would do with it where it is only tried (`shadow`).

    `hides` were shown without the policy and are not with it; `shows` the other way round; `lowers` are shown with a
    severity one step milder; `may_not_hide` are contraindicated and stay shown against the policy's word.
    """

    policy_id: str
    version: str
    state: PolicyState
    expires_on: date
    shadow: bool = False
    hides: tuple[Moved, ...] = ()
    shows: tuple[Moved, ...] = ()
    lowers: tuple[Moved, ...] = ()
    may_not_hide: tuple[Moved, ...] = ()


class Adherence(NamedTuple):
    """The days covered of one class of drugs, whether or not they are a finding.

    `tenths` are tenths of a percent, rounded down; `may_miss` are the days of the rest of the year that may still be
    missed to end it at the threshold, negative when that is out of reach.
    """

    measure: str
    name: str
    tenths: int
    days_covered: int
    days: int
    fills: int
    first: date
    last: date
    may_miss: int

    @property
    def percent(self) -> str:
        """The proportion of days covered as a percentage with one decimal."""
        return f"{self.tenths // 10}.{self.tenths % 10}"


@dataclass(frozen=True, slots=True)
class Screening:
    """The whole answer of one screening.

    `policy` is None where no policy was asked; `opioid` are the morphine equivalents a day, None without an opioid.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    not_checked: tuple[NotChecked, ...]
    coverage: Coverage
    policy: PolicyReport | None = None
    adherence: tuple[Adherence, ...] = ()
    opioid: OpioidTotal | None = None
    inferred: tuple[InferredCondition, ...] = ()


def finding_id(rule_id: str, drug_keys: Iterable[str], condition: str = "") -> str:
    """A stable id: 16 hexadecimal digits over the rule, the drugs in order of their keys, and the condition."""
    text = "|".join((rule_id, ",".join(sorted(drug_keys)), condition))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
