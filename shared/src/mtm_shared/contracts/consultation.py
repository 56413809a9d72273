"""The consultation of a comprehensive review, as it is recorded."""

from typing import Annotated, Literal

from pydantic import Field

from mtm_shared.contracts.common import Author, Day, Request, ShortText, Text

ProviderType = Literal[
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "99"
]  # fmt: skip
"""Who performed the review (CMS-10185, section II; the numbering is unverified): 01 physician, 02 registered nurse, 03
licensed practical nurse, 04 nurse practitioner, 05 physician assistant, 06 local pharmacist, 07 long-term care
consultant pharmacist, 08 plan sponsor pharmacist, 09 PBM pharmacist, 10 MTM vendor local pharmacist, 11 MTM vendor
in-house pharmacist, 12 hospital pharmacist, 13 other pharmacist, 14 supervised pharmacy intern, 99 other."""


class Consultation(Request):
    """The interactive consultation: when, how, with whom and by whom (42 CFR 423.153(d)(1)(vii)(B)).

    A recipient other than the beneficiary needs the reason why the member cannot take part, and a name.
    """

    held_on: Day
    method: Literal["face_to_face", "telephone", "telehealth", "other"]
    recipient: Literal["beneficiary", "prescriber", "caregiver", "other_authorized"]
    recipient_name: ShortText | None = None
    provider_name: Annotated[ShortText, Field(min_length=1)]
    provider_title: ShortText
    provider_type: ProviderType
    minutes: Annotated[int, Field(ge=1, le=600)]
    cognitively_impaired: Literal["Y", "N", "U"] = "U"
    unable_reason: Literal["cognitively_impaired", "other_unable"] | None = None
    relationship: ShortText | None = None
    synchronous: bool = True
    allergies: Text | None = None
    side_effects: Text | None = None
    other_information: Text | None = None
    author: Author
