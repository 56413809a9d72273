"""What is owed by when, told alike by every service: each knows the clocks of what it owns."""

from datetime import date
from typing import Literal

from mtm_shared.contracts.common import Answer, Citation

DeadlineKind = Literal["cmr_offer", "cmr", "tmr", "cmr_summary", "safe_disposal"]
DeadlineStateName = Literal["open", "due_soon", "overdue", "met", "met_late", "waived"]


class Deadline(Answer):
    """One thing that is owed to an enrolled member, and how it stands on the day that was asked about.

    `days_left` is negative when it is overdue; `because` says in one sentence what started the clock.
    """

    kind: DeadlineKind
    member_id: str
    enrollment_id: str
    program_id: str
    contract_id: str
    opened_on: date
    due_on: date
    state: DeadlineStateName
    days_left: int
    met_on: date | None = None
    review_id: str | None = None
    document_id: str | None = None
    because: str
    citation: Citation
