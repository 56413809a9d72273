"""What a clock says of something that is owed: how many days are left, and whether it was done in time.

A breach has to be seen before it happens, so a deadline is told as a state on a day: still open, due soon, overdue,
met, met late, or no longer owed. The day itself is in time: what is due within 14 days of the 1st is in time on the
15th and late on the 16th (CMS counts calendar days; 42 CFR 423.153(d)(1)(vii) and CMS's yearly guidance).
"""

from datetime import date
from enum import StrEnum


class DeadlineState(StrEnum):
    """How something that is owed stands on a day."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    WAIVED = "waived"


def deadline_state(
    due_on: date, met_on: date | None, as_of: date, warn_days: int, *, waived_on: date | None = None
) -> DeadlineState:
    """The state on `as_of`. What was done after that day counts as not done yet; so does a later waiver.

    What was waived (the member left, declined or died) after it had become overdue stays overdue.
    """
    if met_on is not None and met_on <= as_of:
        return DeadlineState.MET if met_on <= due_on else DeadlineState.MET_LATE
    if waived_on is not None and waived_on <= min(as_of, due_on):
        return DeadlineState.WAIVED
    if as_of > due_on:
        return DeadlineState.OVERDUE
    return DeadlineState.DUE_SOON if (due_on - as_of).days <= warn_days else DeadlineState.OPEN
