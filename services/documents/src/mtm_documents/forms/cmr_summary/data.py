"""The door of the written summary: what `POST /v1/documents/render` takes for it."""

from typing import Annotated, ClassVar, Self

from mtm_shared.contracts.common import Request, ShortText, Text
from pydantic import Field, StringConstraints, model_validator

from mtm_documents.forms._shared.data import (
    AddresseeData,
    ContactData,
    FormData,
    FormDate,
    LetterheadData,
    Name,
    Sites,
)
from mtm_documents.forms.cmr_summary.value import CmrSummary, DataSource, MedicationSource

Sentence = Annotated[Text, StringConstraints(min_length=1)]
Notes = Annotated[tuple[Sentence, ...], Field(max_length=40)]


class ProviderData(Request):
    """Who held the consultation and signs."""

    name: Name
    title: ShortText = ""


class TodoItemData(Request):
    """One topic and its steps."""

    topic: Sentence
    actions: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=10)]


class ListedMedicationData(Request):
    """One row of the medication list."""

    name: Name
    directions: ShortText = ""
    reason: ShortText = ""
    prescriber: ShortText = ""
    source: MedicationSource = MedicationSource.PRESCRIPTION
    started: FormDate | None = None
    is_stopped: bool = False
    stopped: FormDate | None = None
    stop_reason: ShortText = ""

    @model_validator(mode="after")
    def _stopped(self) -> Self:
        if not self.is_stopped and (self.stopped is not None or self.stop_reason):
            raise ValueError("a day or a reason of stopping needs is_stopped")
        return self


class CmrSummaryData(FormData):
    """A written summary as a caller gives it."""

    value_type: ClassVar[type[CmrSummary]] = CmrSummary

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    birth_date: FormDate
    dated: FormDate
    reviewed_on: FormDate
    provider: ProviderData
    todo_items: Annotated[tuple[TodoItemData, ...], Field(max_length=50)]
    medications: Annotated[tuple[ListedMedicationData, ...], Field(max_length=200)]
    allergies: Notes = ()
    side_effects: Notes = ()
    other_information: Notes = ()
    informant: ShortText = ""
    data_sources: Annotated[tuple[DataSource, ...], Field(min_length=1, max_length=2)] = (
        DataSource.CLAIMS,
        DataSource.MEMBER,
    )
    copies_to: Annotated[tuple[Name, ...], Field(max_length=5)] = ()
    reference: ShortText = ""
    blank_rows: Annotated[int, Field(ge=1, le=20)] = 4
    take_back_sites: Sites | None = None
    edition: Name = "2022"
