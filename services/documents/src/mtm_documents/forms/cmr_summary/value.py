"""What the written summary is made of: the people, the to-do list, and the medications as the member knows them.

The three parts always go out together and in order, even when nothing was found (Form CMS-10396, 2022 redesign); the
to-do list then asks the member to keep going.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.domain.parties import Addressee, Contact, Letterhead


class MedicationSource(StrEnum):
    """Where a medication of the list comes from; others than prescriptions need no prescriber."""

    PRESCRIPTION = "prescription"
    OTC = "otc"
    HERBAL = "herbal"
    SUPPLEMENT = "supplement"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who held the consultation and signs."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One topic and the steps that the member can take."""

    topic: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedMedication:
    """One row: name with strength and form, directions and reason in plain words, prescriber."""

    name: str
    directions: str = ""
    reason: str = ""
    prescriber: str = ""
    source: MedicationSource = MedicationSource.PRESCRIPTION


@dataclass(frozen=True, slots=True)
class CmrSummary:
    """One member's summary.

    `reviewed_on` is the day of the consultation, which both lists show as the day they were prepared on; `informant`
    is the caregiver or prescriber who took part for a member that could not. With `take_back_sites` (even empty), a
    sheet on safe disposal is enclosed; with None it is left to other correspondence, as 423.153(d)(1)(vii)(E) allows.
    """

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    birth_date: date
    dated: date
    reviewed_on: date
    provider: Provider
    todo_items: tuple[TodoItem, ...]
    medications: tuple[ListedMedication, ...]
    allergies: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    other_information: tuple[str, ...] = ()
    informant: str = ""
    copies_to: tuple[str, ...] = ()
    reference: str = ""
    blank_rows: int = 4
    take_back_sites: tuple[TakeBackSite, ...] | None = None
    edition: str = "2022"
