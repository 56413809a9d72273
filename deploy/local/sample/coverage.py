"""When members are covered and by which plan: joins, plan changes, disenrolment and death, each at a known rate.

A member is in one Part D plan at a time (42 CFR 423.30). A plan change takes effect on 1 January, after the annual
election period; people join on the first of a month when they turn 65 or by a special election period.
"""

from dataclasses import dataclass
from datetime import date

from deploy.local.sample.calendars import FIRST, LAST, NEW_YEAR, months
from deploy.local.sample.chance import Draw, between, one_of
from deploy.local.sample.knowledge import rates
from deploy.local.sample.people import Person

CONTRACTS = {"MA-PD": ("H1234", "001"), "PDP": ("S5678", "012")}
CHANGED = (("H1234", "002", "MA-PD"), ("S5678", "012", "PDP"), ("H1234", "001", "MA-PD"), ("S5678", "031", "PDP"))
LONG_BEFORE = date(2025, 1, 1).toordinal()
_DEATHS = (0.5, 0.5, 1.1, 3.3)  # against the rate of all, by age


@dataclass(frozen=True, slots=True)
class Span:
    """Coverage from a day to a day (0: goes on)."""

    contract_id: str
    pbp_id: str
    plan_type: str
    start: int
    end: int


def spans_of(someone: Person, draw: Draw) -> tuple[tuple[Span, ...], str]:
    """The member's spans, and what happened in one word ("" for nothing); sets the day of death."""
    known = rates()
    plan_type = "MA-PD" if draw() < known["ma_pd"] else "PDP"
    plan = (*CONTRACTS[plan_type], plan_type)
    start, joined = _start(draw, known)
    end, left = _end(someone, start, draw, known)
    if joined or end or draw() >= known["plan_change"]:
        return (Span(*plan, start, end),), joined or left
    other = one_of([one for one in CHANGED if one != plan], draw)
    return (Span(*plan, start, NEW_YEAR - 1), Span(*other, NEW_YEAR, 0)), "plan_change"


def _start(draw: Draw, known: dict[str, float]) -> tuple[int, str]:
    chance = draw()
    if chance < known["joined_last_weeks"]:
        return LAST - between(5, 24, draw), "joined_last_weeks"
    if chance < known["joined_last_weeks"] + known["joined"]:
        return one_of(months()[1:-1], draw)[1], "joined"
    return LONG_BEFORE, ""


def _end(someone: Person, start: int, draw: Draw, known: dict[str, float]) -> tuple[int, str]:
    chance = draw()
    first = max(FIRST, start)
    if chance < known["death"] * _DEATHS[someone.age]:
        someone.death = between(first, LAST, draw)
        return someone.death, "death"
    if chance > 1 - known["disenrolled"]:
        ends = [month[1] + month[2] - 1 for month in months()[:-1] if month[1] > first]
        return (one_of(ends, draw), "disenrolled") if ends else (0, "")
    return 0, ""
