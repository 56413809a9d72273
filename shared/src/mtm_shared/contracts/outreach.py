"""Reaching members: attempts and where they lead, who is due on a day, preferences and representatives."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, Language, Request, Sentence, ShortText, example

OutreachChannel = Literal["mail", "phone", "voicemail", "email", "portal", "in_person"]
OutreachResult = Literal[
    "mailed",
    "returned_mail",
    "sent",
    "undeliverable",
    "reached",
    "reached_representative",
    "left_voicemail",
    "no_answer",
    "busy",
    "wrong_number",
    "disconnected",
    "callback_requested",
    "declined_cmr",
    "do_not_call",
]
OutreachStatus = Literal["not_started", "in_progress", "reached", "unable_to_reach", "do_not_call", "declined"]
RepresentativeScope = Literal["schedule", "discuss", "receive_documents", "decide"]
RepresentativeBasis = Literal["power_of_attorney", "health_care_proxy", "guardian", "member_consent", "caregiver"]
Telephone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().-]{7,24}$")]
NoteCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
"""A code of the caller's own list; never free text, which would hold what was said."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 2, tzinfo=UTC), le=datetime(2199, 12, 30, tzinfo=UTC))]
DayOrMoment = Annotated[Moment | Day, Field(union_mode="left_to_right")]


class AttemptRequest(Request):
    """`POST /v1/enrollments/{enrollment_id}/outreach`: one attempt and what became of it.

    `on` is the day, or the moment with its zone. `offers_cmr`: the letter, message or conversation offered the
    comprehensive review.
    """

    model_config = example(
        channel="phone",
        on="2026-07-15T10:30:00-05:00",
        result="left_voicemail",
        offers_cmr=True,
    )

    channel: OutreachChannel
    on: DayOrMoment
    result: OutreachResult
    from_number: Telephone | None = None
    note_code: NoteCode | None = None
    offers_cmr: bool = False
    document_id: Identifier | None = None
    representative_id: Identifier | None = None


class AttemptNotice(Answer):
    """Something about an attempt that was kept although it is not as the programme has it."""

    code: str
    detail: str


class Attempt(Answer):
    """An attempt as kept. `on` is the programme's own day; `offered_cmr`: it counted as an offer of the review."""

    attempt_id: str
    enrollment_id: str
    channel: OutreachChannel
    on: date
    at: datetime | None = None
    result: OutreachResult
    from_number: str | None = None
    note_code: str | None = None
    offered_cmr: bool
    document_id: str | None = None
    representative_id: str | None = None
    recorded_at: datetime
    notices: list[AttemptNotice] = []


class Outreach(Answer):
    """Where outreach to a member stands in the plan year, worked out from the attempts, which come oldest first."""

    enrollment_id: str
    member_id: str
    program_id: str
    status: OutreachStatus
    attempts_counted: int
    attempts_needed: int
    next_step: OutreachChannel | None = None
    next_on: date | None = None
    next_because: str | None = None
    attempts: list[Attempt]


class OutreachScript(Answer):
    """What a writer or caller has to know: the numbers to call from, the hours, and how to call back."""

    caller_ids: list[str]
    call_back: str
    hours: str
    hours_es: str
    tty: str
    leaves_pin: bool
    pin_digits: int


class WorklistItem(Answer):
    """A member to contact on the day, by which channel and why."""

    enrollment_id: str
    member_id: str
    program_id: str
    contract_id: str
    channel: OutreachChannel
    due_on: date
    because: str
    attempts_counted: int
    attempts_needed: int
    language: Language
    preferred_time: str | None = None
    do_not_call: bool
    cmr_offer_due: date
    cmr_offered_on: date | None = None
    script: OutreachScript


class ContactPreferencesRequest(Request):
    """`PUT /v1/members/{member_id}/contact-preferences`: the whole of them. `do_not_call_on` defaults to today."""

    model_config = example(do_not_call=True, preferred_channel="mail", preferred_time="morning")

    do_not_call: bool
    do_not_call_on: Day | None = None
    preferred_channel: OutreachChannel | None = None
    preferred_time: Literal["morning", "afternoon", "evening"] | None = None
    language: Language | None = None


class ContactPreferences(Answer):
    """How the member wants to be contacted; `do_not_call_on` is the first day without calls."""

    member_id: str
    do_not_call: bool = False
    do_not_call_on: date | None = None
    preferred_channel: OutreachChannel | None = None
    preferred_time: str | None = None
    language: Language | None = None
    recorded_at: datetime | None = None


class RepresentativeRequest(Request):
    """`POST /v1/members/{member_id}/representatives`: who may speak for the member, for what, on what ground."""

    model_config = example(
        name="Alma Example",
        relationship="daughter",
        scope=["schedule", "discuss"],
        effective_from="2026-01-01",
        effective_to="2026-12-31",
        basis="member_consent",
    )

    name: Annotated[Sentence, StringConstraints(max_length=200)]
    relationship: ShortText
    scope: Annotated[list[RepresentativeScope], Field(min_length=1, max_length=4)]
    effective_from: Day
    effective_to: Day | None = None
    basis: RepresentativeBasis
    phone: Telephone | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self


class Representative(Answer):
    """A representative as kept; `effective_to` is the last day, `ended_on` the first day without authority."""

    representative_id: str
    member_id: str
    name: str
    relationship: str
    scope: list[RepresentativeScope]
    effective_from: date
    effective_to: date | None = None
    basis: RepresentativeBasis
    phone: str | None = None
    ended_on: date | None = None
    recorded_at: datetime
