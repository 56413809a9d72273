"""What the yearly report to CMS is made of (CMS-10185, section II): facts of enrolments, and the work done on them."""

from datetime import date
from typing import Literal

from mtm_shared.contracts.common import Answer
from mtm_shared.contracts.eligibility import Enrollment
from mtm_shared.contracts.member import Coverage, Stay


class EnrollmentFacts(Answer):
    """`GET /v1/enrollment-facts`: one enrolment with what a report names of the member.

    `criteria_met_on` is the first day in the plan year on which the member met CMS's targeting criteria; None where
    the member was enrolled by the plan's wider criteria only. `hospice` holds stays that touch the plan year.
    """

    enrollment: Enrollment
    plan_year: int
    mbi: str | None = None
    first_name: str | None = None
    middle_initial: str | None = None
    last_name: str | None = None
    birth_date: date
    death_date: date | None = None
    zip_code: str | None = None
    language: Literal["en", "es"]
    criteria_met_on: date | None = None
    coverage: list[Coverage]
    hospice: list[Stay] = []
    facility: list[Stay] = []


class CmrDone(Answer):
    """A comprehensive review whose consultation took place."""

    review_id: str
    held_on: date
    method: Literal["face_to_face", "telephone", "telehealth", "other"]
    recipient: Literal["beneficiary", "prescriber", "caregiver", "other_authorized"]
    provider_type: str
    cognitively_impaired: Literal["Y", "N", "U"]
    minutes: int
    completed_on: date | None = None


class TmrDone(Answer):
    """A targeted review that was done: `done_on` is its day, `follow_up` whether something came of it."""

    review_id: str
    done_on: date
    follow_up: bool


class EnrollmentActivity(Answer):
    """`GET /v1/activity`: what was done in a plan year for one enrolment; everything counted as CMS counts it.

    `recommendations` are drug therapy problem recommendations made to prescribers, whatever came of them;
    `resolutions` those that led to a change, each counted once.
    """

    enrollment_id: str
    member_id: str
    program_id: str
    contract_id: str | None
    cmrs: list[CmrDone]
    tmrs: list[TmrDone]
    recommendations: int
    resolutions: int
