"""What is known of a member on a day: coverage, fills, diagnoses, drug management and stays.

The facts hold what the claims say and nothing inferred from it. A drug or a diagnosis that the vocabulary could not
understand stays in the facts with its problem code, so that a determination can say what it could not use and
whether that would have changed the answer. Field meanings follow the prescription drug event (42 CFR 423.100 and
the CMS PDE record layout).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mtm_shared.values.drug import Drug


class CoverageStatus(StrEnum):
    """Drug coverage status of a prescription drug event; only `C` is a covered Part D drug."""

    COVERED = "C"
    SUPPLEMENTAL = "E"
    OVER_THE_COUNTER = "O"


class Adjustment(StrEnum):
    """Adjustment or deletion code of a prescription drug event."""

    ORIGINAL = ""
    ADJUSTED = "A"
    DELETED = "D"
    RESUBMITTED = "R"


class Setting(StrEnum):
    """Where a diagnosis was recorded; evidence policies weigh institutional claims more."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    CARRIER = "carrier"
    SNF = "snf"
    HHA = "hha"
    HOSPICE = "hospice"
    OTHER = "other"


class PlanType(StrEnum):
    """Medicare Advantage with drug coverage, or a stand-alone prescription drug plan."""

    MA_PD = "MA-PD"
    PDP = "PDP"


class Sex(StrEnum):
    """As recorded by the plan."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class StayKind(StrEnum):
    """The kind of facility or service during a stay."""

    INPATIENT = "inpatient"
    SNF = "snf"
    HOSPICE = "hospice"


@dataclass(frozen=True, slots=True)
class Fill:
    """One dispensed prescription. `cost` is ingredient cost, dispensing fee, sales tax and vaccine fee together.

    `given` is the identifier as it was given (an NDC, RxCUI or name); `drug` is None when the vocabulary could not
    understand it, and `problem` then holds the stable code that says why.
    """

    claim_id: str
    fill_date: date
    days_supply: int
    quantity: Decimal
    cost: Decimal
    coverage_status: CoverageStatus
    adjustment: Adjustment
    given: str
    drug: Drug | None
    problem: str = ""
    prescriber_npi: str = ""
    pharmacy_npi: str = ""
    patient_residence: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One diagnosis code on one claim, with the conditions that the code is evidence of."""

    icd10: str
    service_date: date
    setting: Setting
    claim_id: str = ""
    conditions: frozenset[str] = frozenset()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One span of Part D coverage under a contract and plan benefit package; both ends are covered days."""

    contract_id: str
    pbp_id: str
    plan_type: PlanType
    effective_from: date
    effective_to: date | None = None
    low_income: bool | None = None

    def active_on(self, day: date) -> bool:
        """Whether the member is covered on the day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class DrugManagement:
    """A span of status under the sponsor's drug management programme (42 CFR 423.153(f))."""

    at_risk: bool
    coverage_limitation: bool
    effective_from: date
    effective_to: date | None = None

    def active_on(self, day: date) -> bool:
        """Whether the span holds on the day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay; `end` is None while it lasts."""

    kind: StayKind
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Everything a determination reads of one member. `drug_management` is None when nobody told us of it."""

    member_id: str
    birth_date: date
    sex: Sex
    coverage: tuple[Coverage, ...]
    fills: tuple[Fill, ...]
    diagnoses: tuple[Diagnosis, ...]
    drug_management: tuple[DrugManagement, ...] | None = None
    stays: tuple[Stay, ...] = ()
    death_date: date | None = None
