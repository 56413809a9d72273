"""What an enrolment letter is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.domain.parties import Addressee, Contact, Letterhead, Meeting


class CriterionKind(StrEnum):
    """The tests that can qualify a member (42 CFR 423.153(d)(2))."""

    CHRONIC_CONDITIONS = "chronic_conditions"
    PART_D_DRUGS = "part_d_drugs"
    ANNUAL_COST = "annual_cost"
    DRUG_MANAGEMENT = "drug_management"


class Comparison(StrEnum):
    """How the observed number is held against the required one."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


@dataclass(frozen=True, slots=True)
class Qualification:
    """One test that the member met: the programme's number, never the member's own conditions or costs.

    `maintenance_only` when the programme counts only medicines for long-term use.
    """

    criterion: CriterionKind
    required: Decimal | None = None
    comparison: Comparison = Comparison.AT_LEAST
    maintenance_only: bool = False


@dataclass(frozen=True, slots=True)
class EnrollmentLetter:
    """One member's letter. `member_name` is greeted; `addressee` is the envelope, who may be a representative."""

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    dated: date
    enrolled_on: date
    plan_year: int
    qualified_by: tuple[Qualification, ...]
    cmr_minutes: int = 30
    cmr_methods: tuple[Meeting, ...] = (Meeting.PHONE,)
    schedule_by: date | None = None
    uses_callback_pin: bool = False
    health_facts_for_program_only: bool = False
    take_back_sites: tuple[TakeBackSite, ...] = ()
    edition: str = "2025"
