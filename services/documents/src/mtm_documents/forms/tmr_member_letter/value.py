"""What the letter after a targeted review is made of."""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.parties import Addressee, Contact, Letterhead


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about with the doctor, and what to ask or to do; a tip of the pharmacist has no topic."""

    topic: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TmrMemberLetter:
    """One member's letter after a quarterly review."""

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    dated: date
    reviewed_on: date
    topics: tuple[Topic, ...]
    edition: str = "2025"
