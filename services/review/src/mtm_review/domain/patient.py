"""The person under review: age, sex, conditions, stays, and what else was reported.

Conditions carry the code as given. A condition that the member or a prescriber denied stays in the list with
`denied`, so that the review can say that a finding was silenced and by what.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

INFERRED = "inferred"
"""Source of a condition that somebody read from drugs and nobody reported."""
CONFIRMED = "confirmed"
"""Source of a condition that was given as inferred and that the member or a prescriber confirmed."""
ANSWERED = "answered"
"""Source of a condition that stands on record only because somebody was asked about it."""


class Sex(StrEnum):
    """Administrative sex, as the plan holds it."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition by ICD-10-CM, SNOMED CT or this project's own id (`code`); `icd10` holds no dot, upper case.

    `conditions` are the ids that the vocabulary gives for it: all that rules look at.
    """

    given: str
    icd10: str | None = None
    snomed: str | None = None
    code: str | None = None
    since: date | None = None
    until: date | None = None
    source: str = "reported"
    denied: bool = False
    problem: str = ""
    problem_detail: str = ""
    conditions: frozenset[str] = frozenset()

    def holds_on(self, day: date) -> bool:
        """True unless the condition began after the day or ended before it."""
        return not ((self.since is not None and self.since > day) or (self.until is not None and self.until < day))


@dataclass(frozen=True, slots=True)
class Allergy:
    """A reported allergy or intolerance: what was written, and the ingredients that the vocabulary gives for it."""

    given: str
    rxcuis: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    reaction: str = ""
    problem: str = ""
    problem_detail: str = ""


@dataclass(frozen=True, slots=True)
class Lab:
    """A laboratory result: its code (LOINC, or an id of the knowledge's list of tests), value and day."""

    code: str
    value: Decimal
    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a facility that supplies the drugs itself; `end` None means still there."""

    kind: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom the review is about. `ends` is the day of death or disenrolment: no era reaches past it."""

    birth_date: date
    sex: Sex = Sex.UNKNOWN
    conditions: tuple[Condition, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    labs: tuple[Lab, ...] = ()
    stays: tuple[Stay, ...] = ()
    ends: date | None = None

    def age_on(self, day: date) -> int:
        """Completed years of age."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday
