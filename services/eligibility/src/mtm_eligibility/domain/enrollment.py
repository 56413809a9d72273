"""The states and clocks of an enrolment, as pure functions.

An enrolment is one plan year under one contract; it ends with the year (CMS: who is targeted stays enrolled to the end
of the calendar year even when the criteria are no longer met; unverified). Newly targeted members are offered a
comprehensive review within so many days of their enrolment; a continuing member within so many days of the last
offer, and within the plan year (CMS yearly MTM guidance: 60 days, one year; guidance, not regulation). An offer that
was still owed when the year ended stays owed by its day. A member who leaves a contract has left on the day after the
last covered day. A wish to leave for good is honoured in every later programme of the sponsor until it is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
ENROLLED, OPTED_OUT, DISENROLLED = "enrolled", "opted_out", "disenrolled"
DEATH, LEFT_PLAN = "01", "02"
DECLINE_ONLY = "cmr_only"
_BEGINS, _ENDS = frozenset({"enrolled", "opted_in", "reenrolled"}), frozenset({"opted_out", "disenrolled"})


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


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of an enrolment, in the order in which it was told."""

    event: str
    on: date
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An enrolment that a member has or had, as far as it matters to a new one."""

    enrollment_id: str
    program_id: str
    contract_id: str
    status: str
    reason: str | None
    left_on: date | None
    permanent: bool


class Place(StrEnum):
    """What becomes of a targeted member."""

    STANDS = "stands"
    NEW = "new"
    AGAIN = "again"
    LEFT = "left"


def year_end(plan_year: int) -> date:
    """The last day of every enrolment of the plan year."""
    return date(plan_year, 12, 31)


def stands_on(history: Sequence[Happened], plan_year: int, as_of: date) -> bool:
    """Whether the enrolment stood on the day, by what had happened until then; a declined review changes nothing."""
    changes = [
        one.event in _BEGINS
        for one in history
        if one.on <= as_of and one.scope != DECLINE_ONLY and one.event in _BEGINS | _ENDS
    ]
    return bool(changes) and changes[-1] and as_of <= year_end(plan_year)


def declined_on(history: Sequence[Happened]) -> date | None:
    """The day on which the comprehensive review was declined last."""
    days = [one.on for one in history if one.event == "opted_out" and one.scope == DECLINE_ONLY]
    return days[-1] if days else None


def last_day_of(history: Sequence[Happened], event: str) -> date:
    """The latest day of such an event; the first of all days if there was none."""
    return max((one.on for one in history if one.event == event), default=date.min)


def place(
    held: Sequence[Held], program_id: str, contract_id: str, on: date, *, honours_permanent: bool
) -> tuple[Place, str | None]:
    """Whether a targeted member is in, is enrolled, or has left; with the enrolment that it is about.

    Who moved to another contract gets an enrolment there; who comes back to a contract goes on with the one that was.
    """
    here = [one for one in held if one.program_id == program_id]
    for one in here:
        if one.status == ENROLLED and not one.permanent:
            return Place.STANDS, one.enrollment_id
    if any(one.status == OPTED_OUT or one.reason == DEATH for one in here):
        return Place.LEFT, None
    if honours_permanent and any(one.permanent for one in held):
        return Place.LEFT, None
    for one in here:
        if one.contract_id == contract_id:
            back = one.left_on is not None and on >= one.left_on
            return (Place.AGAIN, one.enrollment_id) if back else (Place.LEFT, None)
    return Place.NEW, None


def offer_due(
    enrolled_on: date,
    plan_year: int,
    last_offer: date | None,
    within_days: int,
    every_days: int,
    owed_by: date | None = None,
) -> date:
    """The last day on which the comprehensive review is offered in time; `owed_by`: last year's, if never made."""
    if last_offer is None or last_offer >= enrolled_on:
        due = enrolled_on + timedelta(days=within_days)
        return due if owed_by is None else max(enrolled_on, min(due, owed_by))
    return max(enrolled_on, min(last_offer + timedelta(days=every_days), year_end(plan_year)))


def covered_since(contract_id: str, spans: Iterable[Span], as_of: date) -> date:
    """The first day of the unbroken stretch under the contract in which the day lies; the day itself if in none."""
    since = as_of
    for span in sorted((span for span in spans if span.contract_id == contract_id), key=lambda span: span.first)[::-1]:
        if span.first <= since and (span.last is None or span.last >= since - _DAY):
            since = span.first
    return since


def departure(
    contract_id: str, enrolled_on: date, plan_year: int, died_on: date | None, spans: Iterable[Span], as_of: date
) -> Departure | None:
    """Why an enrolled member is not to be enrolled any more on the day, if so.

    Without any known span nothing is told of the coverage, and nobody leaves for want of it. What happens after the
    plan year is no departure from it. A member who turns out never to have been under the contract left at once.
    """
    day = min(as_of, year_end(plan_year))
    if died_on is not None and died_on <= day:
        return Departure(DEATH, max(died_on, enrolled_on))
    known = list(spans)
    mine = [span for span in known if span.contract_id == contract_id and span.first <= day]
    if not known or day < enrolled_on or any(span.last is None or span.last >= day for span in mine):
        return None
    ends = [span.last for span in mine if span.last is not None]
    left = max(ends) + _DAY if ends else enrolled_on
    return Departure(LEFT_PLAN, max(left, enrolled_on))
