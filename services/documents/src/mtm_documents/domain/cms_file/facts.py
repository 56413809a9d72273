"""What a row of the CMS file is made of: an enrolment as eligibility tells it, the work done on it, what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Days from the first to the last, both included; without a last day it goes on."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)

    def touches(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return (other.last is None or self.first <= other.last) and (self.last is None or other.first <= self.last)


@dataclass(frozen=True, slots=True)
class Cmr:
    """A comprehensive review whose consultation took place."""

    review_id: str
    held_on: date
    method: str
    recipient: str
    provider_type: str
    cognitively_impaired: str


@dataclass(frozen=True, slots=True)
class Work:
    """What was done for an enrolment: reviews, and drug therapy problems recommended on and resolved."""

    cmrs: tuple[Cmr, ...] = ()
    tmr_days: tuple[date, ...] = ()
    recommendations: int = 0
    resolutions: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What this service has proof of sending: safe disposal information, and the summary of a review."""

    safe_disposal_on: date | None
    summaries: Mapping[str, date]


NOTHING_SENT = Sent(None, {})


@dataclass(frozen=True, slots=True)
class Facts:
    """One enrolment in one contract and year. `covered` holds the spans under the contract only.

    `criteria_met_on` is the first day in the year on which the member met CMS's own criteria; None for a member who
    was enrolled by the plan's wider criteria. `has_left` is the enrolment's status, of which the day may be missing.
    """

    enrollment_id: str
    member_id: str
    program_id: str
    contract_id: str
    mbi: str | None
    first_name: str | None
    middle_initial: str | None
    last_name: str | None
    birth_date: date
    death_date: date | None
    pathway: str | None
    criteria_met_on: date | None
    enrolled_on: date
    has_left: bool
    opted_out_on: date | None
    opt_out_reason: str | None
    cmr_offered_on: date | None
    covered: tuple[Span, ...]
    hospice: tuple[Span, ...]
    facility: tuple[Span, ...]
    work: Work
    sent: Sent

    @property
    def enrolled(self) -> Span:
        """The days of enrolment on which a review may be reported: the day of opting out is the last of them."""
        return Span(self.enrolled_on, self.opted_out_on)
