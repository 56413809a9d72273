"""What the letter that offers a comprehensive medication review is made of."""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.parties import Addressee, Contact, Letterhead, Meeting


@dataclass(frozen=True, slots=True)
class CmrOfferLetter:
    """One member's offer. `schedule_by` is the day to call by; `summary_days` when the written summary comes."""

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    dated: date
    plan_year: int
    schedule_by: date | None = None
    cmr_minutes: int = 30
    cmr_methods: tuple[Meeting, ...] = (Meeting.PHONE,)
    summary_days: int = 14
    edition: str = "2025"
