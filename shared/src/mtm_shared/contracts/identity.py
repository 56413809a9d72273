"""The PIN of a call back, and who is calling. No answer here says which of a caller's answers was wrong."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mtm_shared.contracts.common import Answer, Day, Identifier, Request, example
from mtm_shared.contracts.member import ZipCode
from mtm_shared.contracts.outreach import RepresentativeScope, Telephone

Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]


class PinAnswer(Answer):
    """A PIN for a voicemail, told this once: it cannot be read again. It is good until and on `expires_on`."""

    pin_id: str
    enrollment_id: str
    member_id: str
    pin: str = Field(repr=False)
    expires_on: date


class VerificationRequest(Request):
    """`POST /v1/identity-verifications`: what a caller answered.

    The PIN is needed only when the calling number is not the one on file; date of birth and ZIP code always are.
    """

    model_config = example(
        program_id="health-options-2024",
        pin="0123456",
        calling_number="717-555-0100",
        birth_date="1948-02-03",
        zip_code="17101",
    )

    program_id: Identifier
    pin: Annotated[Pin | None, Field(repr=False)] = None
    calling_number: Annotated[Telephone | None, Field(repr=False)] = None
    birth_date: Annotated[Day, Field(repr=False)]
    zip_code: Annotated[ZipCode, Field(repr=False)]
    member_id: Identifier | None = None
    representative_id: Identifier | None = None


class Verification(Answer):
    """Whether the caller is who they say. The reason of a refusal is the same whatever was wrong."""

    verification_id: str
    verified: bool
    reason: Literal["verified", "not_verified", "locked"]
    member_id: str | None = None
    enrollment_id: str | None = None
    representative_id: str | None = None
    representative_scope: list[RepresentativeScope] | None = None
    locked_until: datetime | None = None
