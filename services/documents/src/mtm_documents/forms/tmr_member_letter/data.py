"""The door of the letter after a targeted review."""

from typing import Annotated, ClassVar

from mtm_shared.contracts.common import Request, Sentence, Text
from pydantic import Field

from mtm_documents.forms._shared.data import AddresseeData, ContactData, FormData, FormDate, LetterheadData, Name
from mtm_documents.forms.tmr_member_letter.value import TmrMemberLetter


class TopicData(Request):
    """Something to talk about with the doctor."""

    topic: Text = ""
    actions: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=10)]


class TmrMemberLetterData(FormData):
    """A letter after a targeted review as a caller gives it."""

    value_type: ClassVar[type[TmrMemberLetter]] = TmrMemberLetter

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    dated: FormDate
    reviewed_on: FormDate
    topics: Annotated[tuple[TopicData, ...], Field(min_length=1, max_length=50)]
    edition: Name = "2025"
