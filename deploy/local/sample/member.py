"""One member with everything: made from the seed and the member's number alone.

Nothing is carried from one member to the next, so members can be made in any order, by any number of processes, and
member 7 of sixty is member 7 of ten million.
"""

from dataclasses import dataclass

from deploy.local.sample.calendars import FIRST, LAST
from deploy.local.sample.chance import Draw, between, stream
from deploy.local.sample.coverage import Span, spans_of
from deploy.local.sample.fills import Fill, fills_of, seasonal_courses
from deploy.local.sample.knowledge import conditions, rates
from deploy.local.sample.mistakes import Mistake, mistakes_of
from deploy.local.sample.people import Person, person
from deploy.local.sample.planted import evidence_of, plant
from deploy.local.sample.prevalence import BURDEN, LEVELS, kind_of, prevalence
from deploy.local.sample.telling import Told, told_by
from deploy.local.sample.treatment import Course, Event, Setting, compiled, courses_of
from deploy.local.sample.visits import Diagnosis, Stay, end_of_life, visits_of

BAD_ROWS = 0.001
DRUG_MANAGEMENT_FROM = 31 + 1  # 1 February, counted from the new year
OPIOIDS = frozenset({"hydrocodone_apap", "oxycodone", "oxycodone_apap", "morphine_er", "fentanyl_patch", "methadone"})
SEDATIVES = frozenset({"alprazolam", "lorazepam", "clonazepam", "diazepam", "temazepam"})


@dataclass(slots=True)
class Member:
    """A member of the plan: rows as tuples of whole numbers and texts, `events` for the truth."""

    number: int
    person: Person
    spans: tuple[Span, ...]
    conditions: list[int]
    fills: list[Fill]
    diagnoses: list[Diagnosis]
    stays: list[Stay]
    limited: bool | None
    told: list[Told]
    events: list[Event]
    mistakes: list[Mistake]


def conditions_of(sex: int, age: int, draw: Draw) -> list[int]:
    """The places of the member's conditions."""
    table = prevalence()
    levels = [int(draw() * len(LEVELS)) for _ in range(table.clusters)]
    found: list[int] = []
    for place, cluster, chances, parent in table.kinds[kind_of(sex, age, int(draw() * len(BURDEN)))]:
        if draw() < chances[levels[cluster]] and (parent < 0 or parent in found):
            found.append(place)
    return found


def make_member(seed: int, number: int, bad_rows: float = BAD_ROWS) -> Member:
    """The member with this number of the plan with this seed."""
    draw = stream(seed, number)
    someone = person(number, draw)
    events: list[Event] = []
    spans, happened = spans_of(someone, draw)
    found = conditions_of(someone.sex, someone.age, draw)
    start, end = max(FIRST, spans[0].start), min(LAST, spans[-1].end or LAST)
    if happened:
        day = spans[-1].start if happened in ("plan_change", "joined", "joined_last_weeks") else end
        events.append(Event("coverage", happened, "", day))
    setting = Setting(start, end, someone.pharmacies, someone.mail_order, someone.residence == "03", someone.sex)
    hospice = between(max(start, end - 150), end, draw) if end_of_life() in found else 0
    courses = _courses(found, setting, hospice, draw, events)
    fills = fills_of(courses, setting, someone.prescribers, draw, events)
    diagnoses, stays = visits_of(found, setting, hospice, evidence_of(events), draw)
    return Member(
        number,
        someone,
        spans,
        found,
        fills,
        diagnoses,
        stays,
        _drug_management(courses, draw, events),
        told_by(someone.language, draw),
        events,
        mistakes_of(len(fills), len(diagnoses), bad_rows, draw),
    )


def _courses(found: list[int], setting: Setting, hospice: int, draw: Draw, events: list[Event]) -> list[Course]:
    """Everything that is dispensed; under hospice most of what is not for comfort ends."""
    if draw() < rates()["no_claims"]:
        return []
    courses, taken = courses_of(found, setting, draw, events)
    courses += seasonal_courses(found, taken, setting, draw)
    if hospice:
        courses = _under_hospice(courses, hospice, draw)
    plant(found, courses, setting, draw, events, only_told=bool(hospice))
    return courses


def _under_hospice(courses: list[Course], hospice: int, draw: Draw) -> list[Course]:
    for course in courses:
        if compiled().products[course.product].reason == "comfort":
            course.start = max(course.start, hospice)
        elif draw() < 0.8:
            course.end = min(course.end, hospice + 10)
    return [course for course in courses if course.start <= course.end]


def _drug_management(courses: list[Course], draw: Draw, events: list[Event]) -> bool | None:
    """Some members with an opioid are at risk, more with a sedative beside it; not all have an active limitation."""
    taken = {course.drug for course in courses}
    known = rates()
    chance, limited = draw(), draw() < known["limited"]
    if not taken & OPIOIDS or chance >= known["at_risk_with_sedative" if taken & SEDATIVES else "at_risk"]:
        return None
    events.append(Event("drug_management", "limited" if limited else "not_limited", "", LAST))
    return limited


def condition_ids(member: Member) -> list[str]:
    """The ids of the member's conditions."""
    return [conditions()[place].condition_id for place in member.conditions]
