"""Drugs that a guideline recommends and that the member does not have (reason code AD, additional drug needed).

Conditions count only where they are reported, never where they are inferred from drugs. That a drug is absent is known
only from a list that claims stand behind, and for what is bought without a claim only where somebody asked the member;
else the gap is named in `not_checked`. A drug that was on hand in the last half year is the concern of adherence.
"""

from collections import defaultdict
from collections.abc import Sequence

from mtm_review.domain.care_gap_checks import CHECKS, Case, courses_with, filled_twice
from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Finding, NotChecked, Screen
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import CareGap, Knowledge
from mtm_review.domain.ruled import Step
from mtm_review.domain.scores import points_of
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.screens.said import finding_said, step_of, suppressed_said
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, evidence_of, in_series


def screen_gaps(situation: Situation) -> Seen:
    """Findings, suppressions and what could not be told, of every gap that a condition or a drug brings up."""
    seen = Seen()
    missing: defaultdict[str, set[str]] = defaultdict(set)
    for gap in _brought_up(situation):
        case = _case(gap, situation)
        stop = _stop(case)
        if stop is None:
            seen.findings.append(_finding(case))
        elif stop.missing:
            missing[stop.missing].add(case.title)
        elif stop.reason is not None:
            seen.suppressed.append(suppressed_said(gap.said, medications_of(_courses(case)), stop))
    seen.not_checked.extend(_untold(fact, sorted(titles)) for fact, titles in sorted(missing.items()))
    return seen


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """Each question of the gap for this member as far as it goes; the last says why it did not fire, or that it did."""
    gap = situation.knowledge.gaps.gaps[rule_id]
    case = _case(gap, situation)
    steps: list[Step] = []
    for name in gap.asked:
        stop = CHECKS[name].stop(case)
        steps.append(step_of(name, CHECKS[name].asks(gap, situation.knowledge), stop))
        if stop is not None:
            return steps
    return [*steps, Step("finding", "Every step is met.", "passed", "The rule fires.")]


def asks_of(gap: CareGap, knowledge: Knowledge) -> list[str]:
    """The questions of a gap, a sentence each, for pages and the API."""
    return [CHECKS[name].asks(gap, knowledge) for name in gap.asked]


def _brought_up(situation: Situation) -> list[CareGap]:
    """Every gap that a condition on record or a drug brings up, each once, in order of id."""
    known = situation.knowledge.gaps
    found: dict[str, CareGap] = {}
    for condition_id in situation.held.by_id:
        for gap in known.by_condition.get(condition_id, ()):
            found[gap.said.rule_id] = gap
    for exposure in situation.regimen.exposures:
        for gap in known.by_drug.get(exposure.ingredient.rxcui, ()):
            found[gap.said.rule_id] = gap
    return [found[rule_id] for rule_id in sorted(found)]


def _case(gap: CareGap, situation: Situation) -> Case:
    taken = tuple(courses_with(situation, gap.taken, gap.taken_routes)) if gap.taken else ()
    filled = filled_twice(situation, gap.filled) if gap.filled else ()
    return Case(gap, situation, taken, filled)


def _stop(case: Case) -> Stop | None:
    for name in case.gap.asked:
        stop = CHECKS[name].stop(case)
        if stop is not None:
            return stop
    return None


def _untold(fact: str, titles: Sequence[str]) -> NotChecked:
    detail = f"For want of {fact.replace('_', ' ')} nothing was said of {in_series(titles)}."
    return NotChecked("screen", Screen.GAP_IN_CARE.value, "missing_fact", detail)


def _courses(case: Case) -> tuple[Course, ...]:
    """The drugs that the gap is about: those that bring it up, or those taken in too small an amount."""
    if case.taken:
        return (*case.taken, *courses_with(case.situation, case.gap.with_drugs))
    if case.gap.enough:
        return tuple(courses_with(case.situation, [each.drug_set for each in case.gap.enough]))
    return case.filled if not _shown(case, case.gap.conditions) else ()


def _shown(case: Case, names: Sequence[str]) -> list[str]:
    return [name for name in names if case.situation.held.reported(name)]


def _finding(case: Case) -> Finding:
    situation, gap = case.situation, case.gap
    known = situation.knowledge.conditions
    shown = _shown(case, gap.conditions)[:1] + _shown(case, gap.also)[:1]
    courses = _courses(case)
    has = [f"has {in_series([known[name] for name in shown])}"] if shown else []
    takes = [f"takes {in_series(distinct([c.medications[0].name for c in courses]))}"] if courses else []
    given = distinct([c.given for name in shown for c in situation.held.by_id[name] if not c.denied])
    evidence = [f"condition {code}" for code in given]
    if gap.score:
        evidence.append(points_of(situation.knowledge.gaps.scores[gap.score], situation).told)
    evidence += [evidence_of(course) for course in courses]
    first = sorted(c.given for c in situation.held.by_id[shown[0]] if not c.denied)[0] if shown else None
    return finding_said(
        gap.said,
        courses,
        f"The member {' and '.join([*has, *takes])}, and the list has no {gap.said.name}.",
        evidence,
        condition=first,
        subject=shown[0] if shown else "",
    )
