"""What a confirmation of leaving is made of."""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.parties import Addressee, Contact, Letterhead


@dataclass(frozen=True, slots=True)
class OptOutConfirmation:
    """`review_only`: the member said no to this year's comprehensive review and stays in the programme."""

    letterhead: Letterhead
    contact: Contact
    addressee: Addressee
    member_name: str
    dated: date
    asked_on: date
    plan_year: int
    review_only: bool = False
    permanent: bool = False
    edition: str = "2025"
