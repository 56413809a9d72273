"""How a programme reaches its members: how often, by what, at which hours, and what guards a member who calls back.

What counts as an offer of the comprehensive review and what counts as an attempt are data of the programme, because
CMS leaves outreach to the sponsor (its yearly guidance asks for more than one way of reaching a member).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mtm_eligibility.domain.cited import Cited

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NATIONAL = 10


@dataclass(frozen=True, slots=True)
class OutreachPlan:
    """The `[outreach]` table of a programme.

    `steps` is the channel of each attempt in order, of which the last goes on; `channels` are those that may be used.
    `attempts_per_hour` holds for a calling number and for a claimed member, `caller_failures_per_hour` for a client
    of the API, which may be a whole call centre.
    """

    attempts: Cited[int]
    days_between: Cited[int]
    channels: Cited[tuple[str, ...]]
    steps: Cited[tuple[str, ...]]
    counted_results: Cited[tuple[str, ...]]
    offering_results: Cited[tuple[str, ...]]
    call_days: Cited[tuple[str, ...]]
    call_from: Cited[time]
    call_until: Cited[time]
    time_zone: Cited[str]
    pin_valid_days: Cited[int]
    max_failures: Cited[int]
    locked_minutes: Cited[int]
    attempts_per_hour: Cited[int]
    caller_failures_per_hour: Cited[int]

    def day_of(self, moment: datetime) -> date:
        """The programme's own day at a moment: an evening call in Chicago is not of the next day."""
        return moment.astimezone(ZoneInfo(self.time_zone.value)).date()

    def within_hours(self, day: date, moment: datetime | None) -> bool:
        """Whether a call fell into the programme's days and hours; where only the day is known, its weekday decides.

        The hours are the programme's own. The called person's own time zone (47 CFR 64.1200(c)(1)) is not known here.
        """
        if WEEKDAYS[day.weekday()] not in self.call_days.value:
            return False
        if moment is None:
            return True
        clock = moment.astimezone(ZoneInfo(self.time_zone.value)).time()
        return self.call_from.value <= clock < self.call_until.value


def digits_of(number: str | None) -> str:
    """A telephone number as its ten digits, whatever its punctuation, so that numbers compare; empty for none."""
    if number is None:
        return ""
    digits = "".join(character for character in number if character in "0123456789")
    return digits[1:] if len(digits) == _NATIONAL + 1 and digits.startswith("1") else digits
