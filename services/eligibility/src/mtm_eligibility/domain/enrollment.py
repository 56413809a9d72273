"""The clocks of an enrolment, as pure functions.

Newly targeted members are offered a comprehensive review within so many days of their enrolment; a continuing member
within so many days of the last offer, and within the plan year (CMS yearly MTM guidance: 60 days, one year; guidance,
not regulation). A member who leaves a contract has left on the day after the last covered day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days under a contract, both inside; without an end when None."""

    contract_id: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Departure:
    """Why (01 death, 02 disenrolled; CMS-10185) and on which day a member is no longer in the programme."""

    reason: str
    on: date


def offer_due(enrolled_on: date, plan_year: int, last_offer: date | None, within_days: int, every_days: int) -> date:
    """The last day on which the comprehensive review is offered in time."""
    if last_offer is None or last_offer >= enrolled_on:
        return enrolled_on + timedelta(days=within_days)
    year_end = date(plan_year, 12, 31)
    return max(enrolled_on, min(last_offer + timedelta(days=every_days), year_end))


def departure(
    contract_id: str, enrolled_on: date, died_on: date | None, spans: Iterable[Span], as_of: date
) -> Departure | None:
    """Why an enrolled member is not to be enrolled any more on the day, if so.

    Without any known span nothing is told of the coverage, and nobody leaves for want of it.
    """
    if died_on is not None and died_on <= as_of:
        return Departure("01", max(died_on, enrolled_on))
    known = list(spans)
    mine = [span for span in known if span.contract_id == contract_id and span.first <= as_of]
    if not known or any(span.last is None or span.last >= as_of for span in mine):
        return None
    ends = [span.last for span in mine if span.last is not None]
    left = max(ends) + _DAY if ends else as_of
    return Departure("02", max(left, enrolled_on))
