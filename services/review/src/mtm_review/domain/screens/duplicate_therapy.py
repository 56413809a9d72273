"""Duplicate therapy, reported at its most specific level only.

The same ingredient by the same route from different products (reason code ID); the same ingredient family (salts and
enantiomers); a curated class over its allowance; its parent class; last, and in the lowest tier, classes that share
only an indication (TD). A pair of drugs that one level settles, as a finding or as a suppression, is not looked at
again by a broader one, and two products already reported together are not reported again for a milder reason. Reason
codes are NCPDP's identifiers (439-E4).
"""

from collections import defaultdict
from itertools import combinations

from mtm_review.domain.eras import union
from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.knowledge import DuplicateClass, DuplicateKnowledge
from mtm_review.domain.regimen import Course, Exposure, Regimen
from mtm_review.domain.routes import SYSTEMIC
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.duplicate_report import WEIGHT, Run, report
from mtm_review.domain.screens.duplicate_steps import never_compared, ordered, rule_of
from mtm_review.domain.screens.duplicate_wording import SAME_FAMILY, SAME_INGREDIENT, Judged, Rule
from mtm_review.domain.screens.intended import intended_pair, on_record, unexplained
from mtm_review.domain.screens.overlap import Use, Verdict, judge, recent, use_of
from mtm_review.domain.screens.same_ingredient import (
    at_two_pharmacies,
    by_pharmacy,
    is_taper,
    judge_courses,
    judge_pharmacies,
)
from mtm_review.domain.screens.told_graver import left_to_interactions
from mtm_review.domain.situation import Seen, Situation

MULTIVITAMIN_INGREDIENTS = 4
_SHARED = Verdict(0, None, 0, 0, "They are parts of one product.")


def screen_duplicates(situation: Situation) -> Seen:
    """Findings and suppressions of the regimen."""
    run = _run(situation)
    return left_to_interactions(Seen(run.findings, run.suppressed), situation) if run else Seen()


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """Each step of a rule of this screen for this member; the last says why it did not fire, or that it did.

    The steps are told by the same run that decides. An id that is no rule of the screen is a KeyError.
    """
    rule = rule_of(situation.knowledge.duplicates, rule_id)
    run = _run(situation, watched=rule_id)
    if run is None or not run.steps:
        return never_compared(rule, situation)
    return ordered(rule, run.steps, situation)


def _run(situation: Situation, watched: str = "") -> Run | None:
    """Every level over the regimen, or None where nothing shares an ingredient, a family or a class."""
    day = situation.day
    exposures = _worth_comparing(situation.regimen, situation.knowledge.duplicates, day)
    if not exposures:
        return None
    run = Run(situation, exposures, [_use(exposure, day) for exposure in exposures], watched)
    _same_ingredient(run)
    _same_family(run)
    _classes(run)
    return run


def _worth_comparing(regimen: Regimen, knowledge: DuplicateKnowledge, day: int) -> list[Exposure]:
    """Exposures that share a course's ingredient, a family or a class with something else; mostly there are none."""
    groups: dict[str, list[Exposure]] = {}
    wanted: dict[int, Exposure] = {}
    for exposure in regimen.exposures:
        if not exposure.active and not any(recent(course, day) for course in exposure.courses):
            continue
        if len(exposure.courses) > 1 or at_two_pharmacies(exposure.courses[0]):
            wanted[id(exposure)] = exposure
        ingredient = exposure.ingredient
        groups.setdefault(ingredient.family or ingredient.rxcui, []).append(exposure)
        for duplicate in knowledge.classes_by_ingredient.get(ingredient.rxcui, ()):
            groups.setdefault(duplicate.rule_id, []).append(exposure)
    for members in groups.values():
        if len(members) > 1:
            wanted.update((id(exposure), exposure) for exposure in members)
    return [exposure for exposure in regimen.exposures if id(exposure) in wanted]


def _use(exposure: Exposure, day: int) -> Use:
    """The exposure's courses that are active or ended lately, as one use."""
    courses = [course for course in exposure.courses if recent(course, day)]
    if len(courses) == len(exposure.courses):
        return use_of(courses, exposure.eras)
    return use_of(courses, union((e for c in courses for e in c.eras), max(course.grace for course in courses)))


def _same_ingredient(run: Run) -> None:
    rule = run.knowledge.general[SAME_INGREDIENT]
    seen: set[frozenset[int]] = set()
    for exposure, use in zip(run.exposures, run.uses, strict=True):
        if len(use.courses) < 2:
            _same_course(run, exposure, use.courses[0])
            continue
        tapered = is_taper(use.courses)
        judged: list[Judged] = []
        for one, other in combinations(use.courses, 2):
            pair = frozenset((id(one), id(other)))
            if pair in seen:
                continue
            left, right = use_of([one], one.eras), use_of([other], other.eras)
            verdict = _on_courses(run, exposure, left, right)
            if tapered and verdict.reason is SuppressionReason.TITRATION:
                verdict = verdict._replace(reason=SuppressionReason.TAPER)
            run.tell(rule, left, right, verdict)
            if not verdict.silent:
                seen.add(pair)
                judged.append((left, right, verdict))
        report(run, rule, judged, exposure)


def _same_course(run: Run, exposure: Exposure, course: Course) -> None:
    """One product by one prescriber: a duplicate where two pharmacies both go on filling it."""
    if id(course) not in run.split:
        run.split[id(course)] = by_pharmacy(course, run.situation.day) if at_two_pharmacies(course) else []
    judged: list[Judged] = []
    rule = run.knowledge.general[SAME_INGREDIENT]
    for left, right in combinations(run.split[id(course)], 2):
        verdict = judge_pharmacies(left, right, run.situation.day)
        run.tell(rule, left, right, verdict)
        if not verdict.silent:
            judged.append((left, right, verdict))
    report(run, rule, judged, exposure)


def _on_courses(run: Run, exposure: Exposure, left: Use, right: Use) -> Verdict:
    """The verdict on two supplies of one ingredient, after what looks meant."""
    if _multivitamin(exposure, left, right):
        return Verdict(0, SuppressionReason.INTENDED_COMBINATION, 0, 0)
    verdict = judge_courses(left, right, run.situation.day)
    if not verdict.tier:
        return verdict
    meant = intended_pair(run.situation, exposure, left, exposure, right)
    if meant is None:
        return verdict
    if on_record(meant, run.situation):
        return Verdict(0, SuppressionReason.INTENDED_COMBINATION, verdict.days, verdict.since, meant.rationale)
    return verdict._replace(severity=meant.otherwise, why=unexplained(meant, run.situation))


def _multivitamin(exposure: Exposure, left: Use, right: Use) -> bool:
    """A vitamin or mineral beside a product of four or more ingredients that also holds it is meant."""
    one, other = left.courses[0], right.courses[0]
    many = max(len(one.drug.ingredients), len(other.drug.ingredients)) >= MULTIVITAMIN_INGREDIENTS
    return many and exposure.ingredient.supplement and one.key != other.key and left.active and right.active


def _same_family(run: Run) -> None:
    """Forms of one drug count by the routes of a class that holds both, else by those that reach the blood."""
    families: defaultdict[str, list[int]] = defaultdict(list)
    for place, exposure in enumerate(run.exposures):
        families[exposure.ingredient.family or exposure.ingredient.rxcui].append(place)
    for places in families.values():
        if len(places) > 1:
            _level(run, run.knowledge.general[SAME_FAMILY], places)


def _classes(run: Run) -> None:
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, exposure in enumerate(run.exposures):
        for duplicate in run.knowledge.classes_by_ingredient.get(exposure.ingredient.rxcui, ()):
            members[duplicate.class_id].append(place)
    shared = [run.knowledge.classes[class_id] for class_id, places in members.items() if len(places) > 1]
    for duplicate in sorted(shared, key=_most_specific_first):
        _level(run, duplicate, members[duplicate.class_id])


def _most_specific_first(duplicate: DuplicateClass) -> tuple[bool, int, int, str]:
    return (duplicate.by_indication, -duplicate.depth, -WEIGHT[duplicate.severity], duplicate.class_id)


def _level(run: Run, rule: Rule, places: list[int]) -> None:
    """Judge every pair of places that is still open under one rule, and report what comes of it."""
    judged: list[Judged] = []
    for one, other in combinations(places, 2):
        left, right = run.uses[one], run.uses[other]
        if (one, other) in run.settled:
            run.tell_settled(rule, one, other)
            continue
        if {id(c) for c in left.courses} & {id(c) for c in right.courses}:
            run.tell(rule, left, right, _SHARED)
            continue
        verdict = _verdict(run, rule, one, other)
        run.tell(rule, left, right, verdict)
        if not verdict.silent:
            run.settled[one, other] = rule
            judged.append((left, right, verdict))
    report(run, rule, judged)


_ELSEWHERE = Verdict(0, None, 0, 0, "Neither is used by a route that the rule counts, or one has ended.")
_ENDED_PAIR = Verdict(0, None, 0, 0, "They are meant to be taken together, and one of them has ended.")


def _verdict(run: Run, rule: Rule, here: int, there: int) -> Verdict:
    one, other = run.exposures[here], run.exposures[there]
    left, right = run.uses[here], run.uses[there]
    counting, prn_counts = _counting(run, rule, one, other)
    both = left.active and right.active
    meant = intended_pair(run.situation, one, left, other, right) if counting else None
    if meant is not None and on_record(meant, run.situation):
        return Verdict(0, SuppressionReason.INTENDED_COMBINATION, 0, 0, meant.rationale) if both else _ENDED_PAIR
    if counting < 2:
        return Verdict(0, SuppressionReason.DIFFERENT_ROUTE, 0, 0) if both and counting else _ELSEWHERE
    verdict = judge(left, right, run.situation.day, prn_counts)
    if not verdict.tier or meant is None:
        return verdict
    return verdict._replace(severity=meant.otherwise, why=unexplained(meant, run.situation))


def _counting(run: Run, rule: Rule, one: Exposure, other: Exposure) -> tuple[int, bool]:
    """How many of the two are used by a route that counts, and whether as-needed use counts."""
    if isinstance(rule, DuplicateClass):
        return (one.route in rule.routes) + (other.route in rule.routes), rule.prn_counts
    shared = run.shared({one.ingredient.rxcui, other.ingredient.rxcui})
    if not shared:
        return (one.route in SYSTEMIC) + (other.route in SYSTEMIC), False
    counting = max((one.route in each.routes) + (other.route in each.routes) for each in shared)
    return counting, any(each.prn_counts for each in shared)
