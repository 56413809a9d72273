"""The interactive consultation of a review, as it is recorded."""

from typing import Annotated, Literal

from pydantic import Field

from mtm_shared.contracts.common import Author, CodeText, Day, Request, ShortText, Text

UnableReason = Literal["cognitively_impaired", "other_unable", "unreachable", "declined"]
"""Why the member does not take part; the last two allow nobody else to (regulation: who *cannot* accept the offer)."""


class Consultation(Request):
    """The interactive consultation: when, how, with whom and by whom (42 CFR 423.153(d)(1)(vii)(B)).

    Somebody else than the member takes part only where the member cannot: `unable_reason` says why, `recipient_name`
    who (the summary names the source of what it tells), `authority` by what right an authorised individual acts.
    """

    held_on: Day
    method: Literal["face_to_face", "telephone", "telehealth", "other"]
    recipient: Literal["beneficiary", "prescriber", "caregiver", "other_authorized"]
    recipient_name: ShortText | None = None
    synchronous: bool = True
    unable_reason: UnableReason | None = None
    relationship: ShortText | None = None
    authority: ShortText | None = None
    provider_name: Annotated[ShortText, Field(min_length=1)]
    provider_title: ShortText
    provider_type: Annotated[CodeText, Field(examples=["09"])]
    minutes: Annotated[int, Field(ge=1, le=600)]
    cognitively_impaired: Literal["Y", "N", "U"] = "U"
    allergies: Text | None = None
    side_effects: Text | None = None
    other_information: Text | None = None
    author: Author
