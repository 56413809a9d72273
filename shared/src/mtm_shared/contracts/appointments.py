"""Appointments for comprehensive reviews, and what a pharmacist prepares for one."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from mtm_shared.contracts.common import Answer, Author, Request, ShortText, Text, example

AppointmentState = Literal["booked", "held", "cancelled", "no_show"]
Method = Literal["telephone", "telehealth", "face_to_face"]


class AppointmentRequest(Request):
    """`POST /v1/reviews/{review_id}/appointments`: when, how and with whom the review is to be held."""

    model_config = example(
        starts_at="2026-07-10T15:00:00Z", minutes=30, method="telephone", with_whom="beneficiary", author="Pat Doe"
    )

    starts_at: AwareDatetime
    minutes: Annotated[int, Field(ge=5, le=240)] = 30
    method: Method
    with_whom: Literal["beneficiary", "representative"] = "beneficiary"
    provider: ShortText | None = None
    interpreter_language: ShortText | None = None
    author: Author


class AppointmentPatch(Request):
    """What became of an appointment, or its new time; a cancelled or missed one is over."""

    model_config = example(state="cancelled", reason="The member is in hospital.", author="Pat Doe")

    state: AppointmentState | None = None
    starts_at: AwareDatetime | None = None
    reason: Text | None = None
    author: Author


class Appointment(Answer):
    """An appointment as it stands."""

    appointment_id: str
    review_id: str
    member_id: str
    starts_at: datetime
    minutes: int
    method: Method
    with_whom: str
    provider: str | None = None
    interpreter_language: str | None = None
    state: AppointmentState
    reason: str | None = None
    author: str
    changed_at: datetime


class PreparedQuestion(Answer):
    """One thing to ask or to look at before the consultation, the most important first."""

    about: Literal["finding", "condition", "medication", "allergies", "adherence"]
    subject: str
    question: str
    finding_id: str | None = None
    medication_id: str | None = None


class Preparation(Answer):
    """`GET /v1/reviews/{review_id}/preparation`: the pharmacist's sheet, made from what the review holds."""

    review_id: str
    member_id: str
    medications: int
    questions: list[PreparedQuestion]
