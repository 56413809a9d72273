"""The quarterly targeted review (42 CFR 423.153(d)(1)(vii)(C)): who gets one, in which quarter, which closes itself.

A programme reviews its members in calendar quarters, whatever their day of enrolment, so that runs on the first days
of January, April, July and October never skip anybody and never open two reviews for one quarter; the clock of each
member counts days from the last review besides (ADR 25).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mtm_review.domain.review import Review, ReviewKind

ENGINE = "engine"
DIED, LEFT, OPTED_OUT = "died", "left", "opted_out"
NOT_ENROLLED, NOT_YET, HOSPICE, REVIEWED = "not_enrolled", "not_yet_enrolled", "in_hospice", "already_reviewed"
OUTSIDE = frozenset({DIED, LEFT, OPTED_OUT, NOT_ENROLLED, NOT_YET})
"""Codes of members who were not in the programme on the day."""
DETAILS = {
    DIED: "The member has died.",
    LEFT: "The member left the plan.",
    OPTED_OUT: "The member asked to leave the programme.",
    NOT_ENROLLED: "The member is not enrolled in the programme on the day.",
    NOT_YET: "The member is enrolled after the day.",
    HOSPICE: "The member is in hospice care.",
    REVIEWED: "The member has a targeted review in this quarter.",
}
_REASONS = {"01": DIED, "02": LEFT}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the calendar."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that the day is in."""
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        following = date(day.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
        return cls(first, following - timedelta(days=1))

    @property
    def name(self) -> str:
        """Such as 2026-Q2."""
        return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"


def left_by(reason: str | None, left_on: date | None, enrolled_on: date, as_of: date) -> str | None:
    """Why an enrolment does not hold on the day, as a code, or None where it does; the day of leaving does not."""
    if enrolled_on > as_of:
        return NOT_YET
    if left_on is None or left_on > as_of:
        return None
    return _REASONS.get(reason or "", OPTED_OUT)


def closes_itself(review: Review) -> bool:
    """True for a targeted review in which nothing was found and every medication could be read.

    Any finding is for a pharmacist to look at, and so is a list with a drug that nobody understood.
    """
    whole = review.coverage.medications == review.coverage.medications_checked
    return review.kind is ReviewKind.TMR and not review.findings and whole
