"""The door of the letter on safe disposal."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtm_documents.forms._shared.data import (
    AddresseeData,
    ContactData,
    FormData,
    FormDate,
    LetterheadData,
    Name,
    Sites,
)
from mtm_documents.forms.safe_disposal.value import SafeDisposal


class SafeDisposalData(FormData):
    """A letter on safe disposal as a caller gives it."""

    value_type: ClassVar[type[SafeDisposal]] = SafeDisposal

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    dated: FormDate
    plan_year: Annotated[int, Field(ge=2006, le=2199)]
    take_back_sites: Sites = ()
    edition: Name = "2025"
