"""What the letter on safe disposal is made of."""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.domain.parties import Addressee, Contact, Letterhead


@dataclass(frozen=True, slots=True)
class SafeDisposal:
    """One member's letter, with the take-back sites near the member."""

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    dated: date
    plan_year: int
    take_back_sites: tuple[TakeBackSite, ...] = ()
    edition: str = "2025"
