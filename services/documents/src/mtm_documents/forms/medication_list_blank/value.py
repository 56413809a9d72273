"""What a blank medication list is made of: the programme alone, for it is about nobody.

`dated` is no fact of the paper but the day that the file says it was made: the first of the plan year, so that a
programme's list is the same bytes all year and can be cached.
"""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.parties import Contact, Letterhead


@dataclass(frozen=True, slots=True)
class MedicationListBlank:
    """A programme's list to fill in by hand: `blank_rows` rows (edition 2022) or boxes (edition 2013)."""

    letterhead: Letterhead
    contact: Contact
    dated: date
    blank_rows: int = 11
    edition: str = "2022"
