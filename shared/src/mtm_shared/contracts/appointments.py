"""Appointments for the consultation of a review, owned by the review service."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from mtm_shared.contracts.common import Answer, Author, Request, ShortText

AppointmentMethod = Literal["telephone", "telehealth", "face_to_face"]
AppointmentState = Literal["booked", "held", "cancelled", "no_show"]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC))]
"""A moment with its zone, so that the day is the one that the member was told."""
Minutes = Annotated[int, Field(ge=5, le=600)]
Named = Annotated[ShortText, Field(min_length=1, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class AppointmentRequest(Request):
    """`POST /v1/reviews/{review_id}/appointments`: agree on a moment for the consultation."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "starts_at": "2026-07-08T10:30:00-05:00",
                    "minutes": 30,
                    "method": "telephone",
                    "with": "beneficiary",
                    "provider": "P. Lee, PharmD",
                    "author": "call centre",
                }
            ]
        },
    )

    starts_at: Moment
    minutes: Minutes = 30
    method: AppointmentMethod
    with_: Annotated[Literal["beneficiary", "representative"], Field(alias="with")] = "beneficiary"
    provider: Named | None = None
    contact: ShortText | None = None
    interpreter_language: Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[^\x00]*$")] | None = None
    author: Author


class AppointmentPatch(Request):
    """`PATCH …/appointments/{appointment_id}`: say how it ended, or move it to another moment (and pharmacist)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "no_show", "reason": "No answer.", "author": "P. Lee, PharmD"}]}
    )

    state: Literal["held", "cancelled", "no_show"] | None = None
    starts_at: Moment | None = None
    minutes: Minutes | None = None
    provider: Named | None = None
    reason: ShortText = ""
    author: Author

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        moves = self.starts_at is not None or self.minutes is not None or self.provider is not None
        if moves == (self.state is not None):
            raise ValueError("give state, or starts_at, minutes or provider to move it")
        return self


class AppointmentChange(Answer):
    """One line of an appointment's history, oldest first."""

    change: Literal["booked", "moved", "held", "cancelled", "no_show"]
    starts_at: datetime
    reason: str
    author: str
    at: datetime


class Appointment(Answer):
    """An appointment as it stands; `day` is the day in the zone in which it was agreed on."""

    model_config = ConfigDict(populate_by_name=True)

    appointment_id: str
    review_id: str
    member_id: str
    day: date
    starts_at: datetime
    ends_at: datetime
    minutes: int
    method: AppointmentMethod
    with_: Annotated[Literal["beneficiary", "representative"], Field(alias="with")]
    provider: str | None = None
    contact: str | None = None
    interpreter_language: str | None = None
    state: AppointmentState
    history: list[AppointmentChange]
