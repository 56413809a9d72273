"""The questions that decide a gap in care: how each is asked in words, and where it stops.

A gap notes which of them it asks (`knowledge.care_gaps.ASKED`, which also gives their order).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from mtm_shared.values.decimals import plain

from mtm_review.domain.courses import Course
from mtm_review.domain.dosing import Unknown, total_dose
from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.gates import Stop, Use, days_on_hand
from mtm_review.domain.knowledge import CareGap, Knowledge
from mtm_review.domain.medication import Source
from mtm_review.domain.scores import points_of
from mtm_review.domain.situation import Situation
from mtm_review.domain.wording import in_series, on

FILLED_TWICE = 2
YEAR = 365
LAPSED_DAYS = 180


class Case(NamedTuple):
    """A gap that is asked of a member: `taken` are the active courses that bring it up, `filled` those filled twice."""

    gap: CareGap
    situation: Situation
    taken: tuple[Course, ...]
    filled: tuple[Course, ...]

    @property
    def title(self) -> str:
        """The plain name of the gap."""
        return self.gap.said.name


class Check(NamedTuple):
    """One question: in which words it is asked, and where it stops."""

    asks: Callable[[CareGap, Knowledge], str]
    stop: Callable[[Case], Stop | None]


def courses_with(situation: Situation, set_ids: Iterable[str], routes: frozenset[str] = frozenset()) -> list[Course]:
    """The active courses of drugs of the sets, each once."""
    found: dict[int, Course] = {}
    for set_id in set_ids:
        names = situation.knowledge.names_of(set_id)
        for rxcui in situation.active.keys() & names.keys():
            for course in situation.in_use[rxcui]:
                if not routes or course.route in routes:
                    found[id(course)] = course
    return sorted(found.values(), key=lambda course: course.medications[0].medication_id)


def filled_twice(situation: Situation, set_id: str) -> tuple[Course, ...]:
    """The courses of the set where they were filled on at least two days of the last year, else none."""
    names = situation.knowledge.names_of(set_id)
    courses = [
        course
        for course in situation.regimen.courses
        if course.fills and any(ingredient.rxcui in names for ingredient in course.drug.ingredients)
    ]
    return tuple(courses) if _fill_days(courses, situation) >= FILLED_TWICE else ()


def _fill_days(courses: Iterable[Course], situation: Situation) -> int:
    return len({day for course in courses for day in course.fill_days if day > situation.day - YEAR})


def _age(case: Case) -> Stop | None:
    age, gap = case.situation.age, case.gap
    return None if gap.min_age <= age <= (gap.max_age or age) else Stop(f"The member is {age} years old.")


def _sex(case: Case) -> Stop | None:
    sex = case.situation.patient.sex.value
    return None if sex == case.gap.sex else Stop(f"The member's sex is {sex}.")


def _condition(case: Case) -> Stop | None:
    """On record and reported, or shown by fills; what was denied and nothing else shows is worth telling."""
    held = case.situation.held
    names = case.gap.conditions
    if any(held.reported(name) for name in names):
        return None
    known = case.situation.knowledge.conditions
    denied = [known[name] for name in names if name in held.by_id and not held.has(name)]
    if denied:
        because = f"{case.title}: it was denied that the member has {in_series(denied)}."
        return Stop(because, SuppressionReason.DENIED_CONDITION)
    return None if case.filled else Stop("No condition on record that is reported shows it.")


def _also(case: Case) -> Stop | None:
    met = any(case.situation.held.reported(name) for name in case.gap.also)
    return None if met else Stop("None of these is on record.")


def _taken(case: Case) -> Stop | None:
    return None if case.taken else Stop("No such drug is active on the day.")


def _with_drugs(case: Case) -> Stop | None:
    found = courses_with(case.situation, case.gap.with_drugs)
    return None if found else Stop("No such drug is active on the day.")


def _fills(case: Case) -> Stop | None:
    fills = _fill_days(case.taken, case.situation)
    return Stop(f"It was filled on {fills} days of the last year.") if fills < case.gap.min_fills else None


def _days(case: Case) -> Stop | None:
    rxcuis = frozenset(ingredient.rxcui for course in case.taken for ingredient in course.drug.ingredients)
    days = days_on_hand(Use(case.taken, rxcuis), case.situation, 0)
    if days is None:
        return Stop("Since when it is taken is not known.", missing="start")
    if days > case.gap.days_over:
        return None
    because = f"{case.title}: on hand for {days} days, not more than {case.gap.days_over}."
    return Stop(because, SuppressionReason.BELOW_THRESHOLD)


def _score(case: Case) -> Stop | None:
    points = points_of(case.situation.knowledge.gaps.scores[case.gap.score], case.situation)
    if points.counted >= case.gap.bound:
        return None
    because = f"{case.title}: {points.told} does not reach the bound."
    return Stop(because, SuppressionReason.BELOW_THRESHOLD)


def _has_it(case: Case) -> Stop | None:
    if not any(case.situation.takes(set_id) for set_id in case.gap.wanted):
        return None
    found = courses_with(case.situation, case.gap.wanted, case.gap.routes)
    if not found:
        return None
    return Stop(f"{in_series(sorted({course.medications[0].name for course in found}))} is active.")


def _has_enough(case: Case) -> Stop | None:
    """Any drug at the daily amount that is wanted; an amount that is not known stops as a missing fact."""
    unknown: Stop | None = None
    for enough in case.gap.enough:
        courses = courses_with(case.situation, (enough.drug_set,))
        if not courses:
            continue
        dose = total_dose(courses, case.situation.knowledge.names_of(enough.drug_set))
        if isinstance(dose, Unknown):
            unknown = Stop(dose.because, missing="daily_dose")
        elif dose.amount.unit == enough.amount.unit and dose.amount.value >= enough.amount.value:
            return Stop(f"{courses[0].medications[0].name}: {plain(dose.amount.value)} {dose.amount.unit} a day.")
    return unknown


def _excepted(case: Case) -> Stop | None:
    situation, gap = case.situation, case.gap
    for condition_id in gap.unless_conditions:
        if condition_id in situation.held.by_id and situation.held.has(condition_id):
            because = f"{case.title}: members who have {situation.knowledge.conditions[condition_id]} are excepted."
            return Stop(because, SuppressionReason.POLICY)
    for course in courses_with(situation, gap.unless_drugs):
        because = f"{case.title}: members who take {course.medications[0].name} are excepted."
        return Stop(because, SuppressionReason.POLICY)
    return None


def _in_hospice(case: Case) -> Stop | None:
    if not case.situation.in_hospice:
        return None
    return Stop(f"{case.title}: the member is in hospice or palliative care.", SuppressionReason.POLICY)


def _allergic(case: Case) -> Stop | None:
    names = {
        rxcui: name for set_id in case.gap.wanted for rxcui, name in case.situation.knowledge.names_of(set_id).items()
    }
    for allergy in case.situation.patient.allergies:
        if not allergy.rxcuis.isdisjoint(names):
            because = f"{case.title}: an allergy or intolerance to {allergy.given} is reported."
            return Stop(because, SuppressionReason.POLICY)
    return None


def _absence_known(case: Case) -> Stop | None:
    courses = case.situation.regimen.courses
    if not any(course.fills for course in courses):
        return Stop("No claims are known, so that a drug's absence is not.", missing="claims")
    if case.gap.over_the_counter and all(course.medications[0].source is Source.CLAIM for course in courses):
        because = "Nobody told what the member takes over the counter."
        return Stop(because, missing="over-the-counter medicines")
    return None


def _lapsed(case: Case) -> Stop | None:
    since = case.situation.day - LAPSED_DAYS
    wanted = [case.situation.knowledge.names_of(set_id) for set_id in case.gap.wanted]
    for exposure in case.situation.regimen.exposures:
        last = exposure.eras[-1].last
        if last < since or (case.gap.routes and exposure.route not in case.gap.routes):
            continue
        if any(exposure.ingredient.rxcui in names for names in wanted):
            name = exposure.ingredient.name
            because = f"{case.title}: {name} was on hand until {on(last)}; its end is for adherence to tell."
            return Stop(because, SuppressionReason.POLICY)
    return None


def _names(set_ids: Iterable[str]) -> str:
    return " or ".join(set_id.replace("_", " ") for set_id in set_ids)


def _ages(gap: CareGap, _: Knowledge) -> str:
    return f"Applies from age {gap.min_age}{f' to {gap.max_age}' if gap.max_age else ''}."


def _on_record(gap: CareGap, known: Knowledge) -> str:
    filled = f", or {_names((gap.filled,))} filled twice in a year" if gap.filled else ""
    return f"On record: {' or '.join(known.conditions[name] for name in gap.conditions)}{filled}."


def _on_record_too(gap: CareGap, known: Knowledge) -> str:
    return f"On record too: {' or '.join(known.conditions[name] for name in gap.also)}."


def _excepts(gap: CareGap, known: Knowledge) -> str:
    drugs = [name.replace("_", " ") for name in gap.unless_drugs]
    return f"Does not apply with {' or '.join([*[known.conditions[name] for name in gap.unless_conditions], *drugs])}."


def _score_asked(gap: CareGap, known: Knowledge) -> str:
    return f"{known.gaps.scores[gap.score].name} of {gap.bound} points or more, sex apart."


def _enough_asked(gap: CareGap, _: Knowledge) -> str:
    amounts = " or ".join(f"{each.drug_set.replace('_', ' ')} {each.amount} a day" for each in gap.enough)
    return f"Without {amounts}."


CHECKS: Final[Mapping[str, Check]] = {
    "age": Check(_ages, _age),
    "sex": Check(lambda gap, _: f"Applies to {gap.sex} members.", _sex),
    "also": Check(_on_record_too, _also),
    "taken": Check(lambda gap, _: f"Takes {_names(gap.taken)}.", _taken),
    "with_drugs": Check(lambda gap, _: f"With {_names(gap.with_drugs)}.", _with_drugs),
    "fills": Check(lambda gap, _: f"Filled on {gap.min_fills} days of a year.", _fills),
    "wanted": Check(lambda gap, _: f"Without {_names(gap.wanted)}.", _has_it),
    "condition": Check(_on_record, _condition),
    "days": Check(lambda gap, _: f"On hand for more than {gap.days_over} days.", _days),
    "enough": Check(_enough_asked, _has_enough),
    "score": Check(_score_asked, _score),
    "excepted": Check(_excepts, _excepted),
    "hospice": Check(lambda *_: "Does not apply in hospice or palliative care.", _in_hospice),
    "allergy": Check(lambda *_: "No allergy to such a drug is reported.", _allergic),
    "absence": Check(lambda *_: "The absence of the drug is known.", _absence_known),
    "lapsed": Check(lambda *_: f"Not on hand in the last {LAPSED_DAYS} days.", _lapsed),
}
