"""What the written summary is made of: the people, the to-do list, and the medications as the member knows them.

The three parts always go out together and in order, even when nothing was found (Form CMS-10396); the to-do list (the
action plan, in edition 2013) then asks the member to keep going. One value serves both editions, so that a review is
told alike whatever year it is of; dates, why a medicine was stopped and sources have room in edition 2013 only.
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


class DataSource(StrEnum):
    """What the list was made from, as edition 2013 tells; an informant is told by name."""

    CLAIMS = "claims"
    MEMBER = "member"


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
    """One row: name with strength and form, directions and reason in plain words, prescriber.

    A medicine that the member no longer takes is listed with `is_stopped`, its day if known and why.
    """

    name: str
    directions: str = ""
    reason: str = ""
    prescriber: str = ""
    source: MedicationSource = MedicationSource.PRESCRIPTION
    started: date | None = None
    is_stopped: bool = False
    stopped: date | None = None
    stop_reason: str = ""


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
    data_sources: tuple[DataSource, ...] = (DataSource.CLAIMS, DataSource.MEMBER)
    copies_to: tuple[str, ...] = ()
    reference: str = ""
    blank_rows: int = 4
    take_back_sites: tuple[TakeBackSite, ...] | None = None
    edition: str = "2022"
