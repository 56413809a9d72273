"""The door of the blank medication list: what `POST /v1/documents/render` takes for it."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtm_documents.forms._shared.data import ContactData, FormData, FormDate, LetterheadData, Name
from mtm_documents.forms.medication_list_blank.value import MedicationListBlank


class MedicationListBlankData(FormData):
    """A blank list as a caller gives it."""

    value_type: ClassVar[type[MedicationListBlank]] = MedicationListBlank

    letterhead: LetterheadData
    contact: ContactData
    dated: FormDate
    blank_rows: Annotated[int, Field(ge=1, le=60)] = 11
    edition: Name = "2022"
