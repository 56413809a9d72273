"""Drugs that are filled too late (LR) or too early (ER): Part D plans must screen for both, 42 CFR 423.153(c)(2).

Late is a class of which fewer days are covered than its measure asks (`covered_days` states the method and its
source). A class that was stopped or changed on purpose is not late: its end is on record, or a drug of another class
that its measure names was started around it. The days covered of every class come back even without a finding.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from mtm_review.domain.courses import Course
from mtm_review.domain.covered_days import MIN_FILLS, MIN_PERIOD, Covered, Dispensed, covered_days, may_miss
from mtm_review.domain.eras import stay_spans
from mtm_review.domain.finding import Adherence, Finding, SuppressionReason
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import Measure
from mtm_review.domain.medication import MedicationStatus
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.screens.early_refills import explain_early, screen_early_refills
from mtm_review.domain.screens.said import finding_said, step_of, suppressed_said
from mtm_review.domain.situation import HOSPICE, Seen, Situation
from mtm_review.domain.wording import evidence_of, in_series, on, short_name

SWITCH_BEFORE = 30
SWITCH_AFTER = 60


class Period(NamedTuple):
    """The calendar year up to the day of the review, or to death or disenrolment."""

    first: int
    last: int
    year_end: int


class Class(NamedTuple):
    """A measure with the courses of its class and the ingredients of the class in each."""

    measure: Measure
    courses: list[Course]
    targets: list[tuple[str, ...]]


class Look(NamedTuple):
    """A measured class of a member, with the days that it covers where they can be measured."""

    measure: Measure
    courses: list[Course]
    situation: Situation
    period: Period
    covered: Covered | None


def screen_adherence(situation: Situation) -> Seen:
    """Days covered of every measured class, with findings on those below their threshold and on early refills."""
    seen = Seen()
    period = _period(situation)
    for known in _classes(situation).values():
        measure, look = known.measure, _look(known, period, situation)
        if look.covered is None or _excluded(look) is not None:
            continue
        seen.adherence.append(_adherence(look, look.covered))
        if look.covered.below(measure.threshold):
            stop = _explained(look)
            if stop is None:
                seen.findings.append(_finding(look, look.covered))
            else:
                seen.suppressed.append(suppressed_said(measure.said, medications_of(look.courses), stop))
    screen_early_refills(situation, seen)
    return seen


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """The steps of a measure or of a rule on early refills for this member; the last says why it did not fire."""
    known = situation.knowledge.adherence
    if rule_id in known.early_refills:
        return explain_early(known.early_refills[rule_id], situation)
    measure = known.measures[rule_id]
    asks = f"Claims for {measure.said.name} in the calendar year."
    found = _classes(situation).get(rule_id)
    if found is None:
        return [Step("drug", asks, "stopped", "No claim of the member is for one of its drugs.")]
    names = in_series(sorted({short_name(course.drug) for course in found.courses}))
    steps = [Step("drug", asks, "passed", f"{names}.")]
    look = _look(found, _period(situation), situation)
    for name, wording, check in _STEPS:
        stop = check(look)
        steps.append(step_of(name, wording.format(threshold=measure.threshold, age=measure.min_age), stop))
        if stop is not None:
            return steps
    return [*steps, Step("finding", "Every step is met.", "passed", "The rule fires.")]


def _classes(situation: Situation) -> dict[str, Class]:
    """The courses with claims by the measures of their ingredients, each course once."""
    index = situation.knowledge.adherence.measures_of
    found: dict[str, Class] = {}
    for course in situation.regimen.courses:
        if not course.fills:
            continue
        for ingredient in course.drug.ingredients:
            rxcui = ingredient.rxcui
            for measure in index.get(rxcui, ()):
                if measure.routes and course.route not in measure.routes:
                    continue
                known = found.get(measure.said.rule_id)
                if known is None:
                    found[measure.said.rule_id] = Class(measure, [course], [(rxcui,)])
                elif known.courses[-1] is course:
                    known.targets[-1] = (*known.targets[-1], rxcui)
                else:
                    known.courses.append(course)
                    known.targets.append((rxcui,))
    return found


def _look(known: Class, period: Period, situation: Situation) -> Look:
    first, last, _ = period
    fills = [
        Dispensed(fill[0], fill[1], targets)
        for course, targets in zip(known.courses, known.targets, strict=True)
        for fill in course.fills
        if first <= fill[0] <= last
    ]
    if len(known.courses) > 1:
        fills.sort()
    stays = situation.patient.stays
    covered = covered_days(fills, last, stay_spans(stays, last) if stays else ()) if len(fills) > 1 else None
    courses = [course for course in known.courses if course.fill_days[-1] >= first]
    return Look(known.measure, courses, situation, period, covered)


def _period(situation: Situation) -> Period:
    ends = situation.patient.ends
    last = situation.as_of if ends is None else min(situation.as_of, ends)
    return Period(date(last.year, 1, 1).toordinal(), last.toordinal(), date(last.year, 12, 31).toordinal())


def _too_few(look: Look) -> Stop | None:
    if look.covered is not None:
        return None
    return Stop(f"There are fewer than {MIN_FILLS} fills, or fewer than {MIN_PERIOD} days since the first.")


def _excluded(look: Look) -> Stop | None:
    """Why the member is not in the measure."""
    measure, situation = look.measure, look.situation
    if situation.age < measure.min_age:
        return Stop(f"The member is {situation.age} years old.")
    if situation.in_hospice or (situation.patient.stays and _was_in_hospice(look.period, situation)):
        return Stop("The member was in hospice in the period.")
    for condition_id in measure.unless_conditions:
        if condition_id in situation.held.by_id and situation.held.has(condition_id):
            return Stop(f"The measure excepts members who have {situation.knowledge.conditions[condition_id]}.")
    for set_id in measure.unless_drugs:
        if name := _filled_in(set_id, look.period.first, situation):
            return Stop(f"The measure excepts members who fill {name}.")
    return None


def _was_in_hospice(period: Period, situation: Situation) -> bool:
    return any(
        stay.kind == HOSPICE
        and stay.start.toordinal() <= period.last
        and (stay.end is None or stay.end.toordinal() >= period.first)
        for stay in situation.patient.stays
    )


def _filled_in(set_id: str, first: int, situation: Situation) -> str:
    """The name of a drug of the set with a fill since the day, or empty."""
    names = situation.knowledge.names_of(set_id)
    for course in situation.regimen.courses:
        if course.fill_days and course.fill_days[-1] >= first:
            for ingredient in course.drug.ingredients:
                if ingredient.rxcui in names:
                    return ingredient.name
    return ""


def _reached(look: Look) -> Stop | None:
    assert look.covered is not None
    if look.covered.below(look.measure.threshold):
        return None
    tenths = look.covered.tenths
    return Stop(f"{tenths // 10}.{tenths % 10} % of the days are covered.")


def _explained(look: Look) -> Stop | None:
    """What explains days that are not covered: taken only as needed, stopped on record, or changed."""
    name = in_series(sorted({short_name(course.drug) for course in look.courses}))
    if all(course.as_needed for course in look.courses):
        return Stop(f"{name} is taken only as needed.", SuppressionReason.AS_NEEDED)
    if any(course.active for course in look.courses):
        return None
    latest = max(look.courses, key=lambda course: course.fill_days[-1])
    medications = latest.medications
    if all(m.status is MedicationStatus.STOPPED or m.end is not None for m in medications):
        return Stop(f"The list says that {short_name(latest.drug)} was stopped.", SuppressionReason.POLICY)
    return _switched(look, name, latest.last)


def _switched(look: Look, name: str, end: int) -> Stop | None:
    active = look.situation.active
    for set_id in look.measure.switch_sets:
        for rxcui, known in look.situation.knowledge.names_of(set_id).items():
            for exposure in active.get(rxcui, ()):
                start = exposure.eras[0].first
                if end - SWITCH_BEFORE <= start <= end + SWITCH_AFTER:
                    because = f"{name} ended when {known} was started on {on(start)}."
                    return Stop(because, SuppressionReason.SWITCH)
    return None


_STEPS: Final[tuple[tuple[str, str, Callable[[Look], Stop | None]], ...]] = (
    ("fills", "At least two fills on different days, the first at least 91 days before the end.", _too_few),
    ("excluded", "From age {age}; not in hospice, and without what excepts from the measure.", _excluded),
    ("threshold", "Fewer than {threshold} % of the days are covered.", _reached),
    ("explained", "Not taken only as needed, stopped on record or changed for another class.", _explained),
)


def _adherence(look: Look, covered: Covered) -> Adherence:
    left = may_miss(covered, look.period.year_end, look.measure.threshold)
    return Adherence(
        look.measure.measure_id, look.measure.said.name, covered.tenths, covered.covered, covered.days, covered.fills,
        date.fromordinal(covered.first), date.fromordinal(covered.last), left,
    )  # fmt: skip


def _finding(look: Look, covered: Covered) -> Finding:
    told = _adherence(look, covered)
    threshold = look.measure.threshold
    name = look.measure.said.name
    left = told.may_miss
    year = (
        f"Up to {left} more days may be missed this year to end it at {threshold} %."
        if left >= 0
        else f"{threshold} % can no longer be reached this year."
    )
    return finding_said(
        look.measure.said,
        look.courses,
        f"{name} covered {told.percent} % of the days since {on(covered.first)}, less than {threshold} %.",
        [
            f"{covered.covered} of {covered.days} days covered, {on(covered.first)} to {on(covered.last)}, "
            f"{covered.fills} fills",
            year,
            *[evidence_of(course) for course in look.courses],
        ],
        subject=str(date.fromordinal(covered.first).year),
    )
