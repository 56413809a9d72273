"""What a report to a prescriber is made of."""

from dataclasses import dataclass
from datetime import date

from mtm_documents.domain.parties import Contact, Letterhead


@dataclass(frozen=True, slots=True)
class Problem:
    """One drug therapy problem with its evidence and a suggestion; `token` is for the prescriber's reply.

    A suggestion that the pharmacist made without a finding has no severity and no evidence, and none is made up.
    """

    category: str
    suggestion: str
    severity: str = ""
    medications: tuple[str, ...] = ()
    because: str = ""
    consequence: str = ""
    evidence: tuple[str, ...] = ()
    source: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class PrescriberReport:
    """One prescriber's report on one member. The cover sheet names the prescriber only; an unknown name is empty."""

    letterhead: Letterhead
    contact: Contact
    dated: date
    prescriber_name: str
    member_name: str
    birth_date: date
    reviewed_on: date
    problems: tuple[Problem, ...]
    prescriber_npi: str = ""
    edition: str = "2025"
