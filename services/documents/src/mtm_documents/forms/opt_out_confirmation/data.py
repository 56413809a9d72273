"""The door of the confirmation of leaving."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtm_documents.forms._shared.data import AddresseeData, ContactData, FormData, FormDate, LetterheadData, Name
from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation


class OptOutConfirmationData(FormData):
    """A confirmation as a caller gives it."""

    value_type: ClassVar[type[OptOutConfirmation]] = OptOutConfirmation

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    dated: FormDate
    asked_on: FormDate
    plan_year: Annotated[int, Field(ge=2006, le=2199)]
    review_only: bool = False
    permanent: bool = False
    edition: Name = "2025"
