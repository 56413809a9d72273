"""What a review owes an enrolled member by when: the yearly comprehensive and the quarterly targeted one.

The comprehensive review is due within the programme's days of the last one, or of enrolment where there was none, and
at the latest on the last day of the plan year. The targeted one is due within the programme's days of enrolment, and
then of the last one (42 CFR 423.153(d)(1)(vii)(B) and (C)). The days are data of the programme. A window that would
end after the plan year is the next year's business, whose enrolment has clocks of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Met:
    """A review that stops a clock, and its day."""

    review_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Window:
    """A span in which a review is owed; `met` is the review that was done in it or, late, after it."""

    opened_on: date
    due_on: date
    started_by: str
    met: Met | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The year that a member is enrolled in."""

    enrolled_on: date
    plan_year: int

    @property
    def last_day(self) -> date:
        """The last day of the plan year."""
        return date(self.plan_year, 12, 31)


def cmr_window(enrolled: Enrolled, every_days: int, done: Sequence[Met], earlier: Sequence[date]) -> Window:
    """The year's comprehensive review; `earlier` are the days of those before this enrolment."""
    span = timedelta(days=every_days)
    last = max((day for day in earlier if day < enrolled.enrolled_on), default=None)
    goes_on = last is not None and last + span >= enrolled.enrolled_on
    start = last if last is not None and goes_on else enrolled.enrolled_on
    started_by = "last comprehensive review" if goes_on else "enrolment"
    met = min(done, key=lambda one: (one.on, one.review_id), default=None)
    return Window(start, min(start + span, enrolled.last_day), started_by, met)


def tmr_windows(enrolled: Enrolled, every_days: int, done: Sequence[Met]) -> list[Window]:
    """One window after another, each begun by the review that met the one before; the last may be open."""
    windows: list[Window] = []
    start, started_by = enrolled.enrolled_on, "enrolment"
    for met in sorted(done, key=lambda one: (one.on, one.review_id)):
        windows.append(Window(start, start + timedelta(days=every_days), started_by, met))
        start, started_by = met.on, "last targeted review"
    following = Window(start, start + timedelta(days=every_days), started_by)
    return [*windows, following] if following.due_on <= enrolled.last_day else windows
