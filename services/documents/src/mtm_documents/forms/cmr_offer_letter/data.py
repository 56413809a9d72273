"""The door of the offer: what `POST /v1/documents/render` takes for it."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtm_documents.domain.parties import Meeting
from mtm_documents.forms._shared.data import AddresseeData, ContactData, FormData, FormDate, LetterheadData, Name
from mtm_documents.forms.cmr_offer_letter.value import CmrOfferLetter


class CmrOfferLetterData(FormData):
    """An offer as a caller gives it."""

    value_type: ClassVar[type[CmrOfferLetter]] = CmrOfferLetter

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    dated: FormDate
    plan_year: Annotated[int, Field(ge=2006, le=2199)]
    schedule_by: FormDate | None = None
    cmr_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    cmr_methods: Annotated[tuple[Meeting, ...], Field(min_length=1, max_length=4)] = (Meeting.PHONE,)
    summary_days: Annotated[int, Field(ge=1, le=60)] = 14
    edition: Name = "2025"
