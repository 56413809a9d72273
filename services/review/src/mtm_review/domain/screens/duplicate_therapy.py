"""Duplicate therapy, reported at its most specific level only.

The same ingredient by the same route from different products (reason code ID); the same ingredient family (salts and
enantiomers); a curated class over its allowance; its parent class (TD). A pair of drugs that one level settles, as a
finding or as a suppression, is not looked at again by a broader one, and two products already reported together are
not reported again for a milder reason. Reason codes are NCPDP's identifiers (439-E4).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from mtm_review.domain.eras import union
from mtm_review.domain.finding import Finding, Severity, Suppressed, SuppressionReason
from mtm_review.domain.knowledge import DuplicateClass, DuplicateKnowledge
from mtm_review.domain.regimen import Exposure, Regimen
from mtm_review.domain.routes import SYSTEMIC
from mtm_review.domain.screens.duplicate_wording import (
    SAME_FAMILY,
    SAME_INGREDIENT,
    Judged,
    Rule,
    finding_of,
    severity_step,
    suppressed_of,
)
from mtm_review.domain.screens.intended import intended_pair
from mtm_review.domain.screens.overlap import Use, Verdict, judge, recent, use_of
from mtm_review.domain.screens.same_ingredient import is_taper, judge_courses
from mtm_review.domain.situation import Seen, Situation

MULTIVITAMIN_INGREDIENTS = 4
_WEIGHT = {Severity.CONTRAINDICATED: 4, Severity.MAJOR: 3, Severity.MODERATE: 2, Severity.MINOR: 1}


@dataclass(slots=True)
class _Run:
    """What one run has seen: uses by place, settled pairs of places, products already reported together."""

    day: int
    knowledge: DuplicateKnowledge
    exposures: list[Exposure]
    uses: list[Use]
    settled: set[tuple[int, int]] = field(default_factory=set)
    reported: dict[frozenset[int], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)


def screen_duplicates(situation: Situation) -> Seen:
    """Findings and suppressions of the regimen."""
    day, knowledge = situation.day, situation.knowledge.duplicates
    exposures = _worth_comparing(situation.regimen, knowledge, day)
    if not exposures:
        return Seen()
    run = _Run(day, knowledge, exposures, [_use(exposure, day) for exposure in exposures])
    _same_ingredient(run)
    _same_family(run)
    _classes(run)
    return Seen(run.findings, run.suppressed)


def _worth_comparing(regimen: Regimen, knowledge: DuplicateKnowledge, day: int) -> list[Exposure]:
    """Exposures that share a course's ingredient, a family or a class with something else; mostly there are none."""
    groups: dict[str, list[Exposure]] = {}
    wanted: dict[int, Exposure] = {}
    for exposure in regimen.exposures:
        if not exposure.active and not any(recent(course, day) for course in exposure.courses):
            continue
        if len(exposure.courses) > 1:
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


def _same_ingredient(run: _Run) -> None:
    rule = run.knowledge.general[SAME_INGREDIENT]
    seen: set[frozenset[int]] = set()
    for exposure, use in zip(run.exposures, run.uses, strict=True):
        if len(use.courses) < 2:
            continue
        tapered = is_taper(use.courses)
        judged: list[Judged] = []
        for one, other in combinations(use.courses, 2):
            pair = frozenset((id(one), id(other)))
            if pair in seen:
                continue
            left, right = use_of([one], one.eras), use_of([other], other.eras)
            verdict = _multivitamin(exposure, left, right) or judge_courses(left, right, run.day)
            if verdict is not None:
                seen.add(pair)
                if tapered and verdict.reason is SuppressionReason.TITRATION:
                    verdict = replace(verdict, reason=SuppressionReason.TAPER)
                judged.append((left, right, verdict))
        _report(run, rule, judged, subject=exposure.ingredient.name, rxcui=exposure.ingredient.rxcui)


def _multivitamin(exposure: Exposure, left: Use, right: Use) -> Verdict | None:
    """A vitamin or mineral beside a product of four or more ingredients that also holds it is meant."""
    one, other = left.courses[0], right.courses[0]
    many = max(len(one.drug.ingredients), len(other.drug.ingredients)) >= MULTIVITAMIN_INGREDIENTS
    if many and exposure.ingredient.supplement and one.key != other.key and left.active and right.active:
        return Verdict(0, SuppressionReason.INTENDED_COMBINATION, 0, 0)
    return None


def _same_family(run: _Run) -> None:
    families: defaultdict[str, list[int]] = defaultdict(list)
    for place, exposure in enumerate(run.exposures):
        families[exposure.ingredient.family or exposure.ingredient.rxcui].append(place)
    for places in families.values():
        if len(places) > 1:
            _level(run, run.knowledge.general[SAME_FAMILY], places, SYSTEMIC, prn_counts=False)


def _classes(run: _Run) -> None:
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, exposure in enumerate(run.exposures):
        for duplicate in run.knowledge.classes_by_ingredient.get(exposure.ingredient.rxcui, ()):
            members[duplicate.class_id].append(place)
    shared = [run.knowledge.classes[class_id] for class_id, places in members.items() if len(places) > 1]
    for duplicate in sorted(shared, key=lambda c: (-c.depth, -_WEIGHT[c.severity], c.class_id)):
        _level(run, duplicate, members[duplicate.class_id], duplicate.routes, prn_counts=duplicate.prn_counts)


def _level(run: _Run, rule: Rule, places: list[int], routes: frozenset[str], *, prn_counts: bool) -> None:
    """Judge every pair of places that is still open under one rule, and report what comes of it."""
    judged: list[Judged] = []
    for one, other in combinations(places, 2):
        left, right = run.uses[one], run.uses[other]
        if (one, other) in run.settled or {id(c) for c in left.courses} & {id(c) for c in right.courses}:
            continue
        counting = (run.exposures[one].route in routes) + (run.exposures[other].route in routes)
        verdict = _verdict(run, (one, other), counting, prn_counts)
        if verdict is not None:
            run.settled.add((one, other))
            judged.append((left, right, verdict))
    _report(run, rule, judged)


def _verdict(run: _Run, pair: tuple[int, int], counting: int, prn_counts: bool) -> Verdict | None:
    left, right = run.uses[pair[0]], run.uses[pair[1]]
    both = left.active and right.active
    meant = intended_pair(run.knowledge, run.exposures[pair[0]], left, run.exposures[pair[1]], right)
    if counting and meant is not None:
        return Verdict(0, SuppressionReason.INTENDED_COMBINATION, 0, 0, meant.rationale) if both else None
    if counting < 2:
        return Verdict(0, SuppressionReason.DIFFERENT_ROUTE, 0, 0) if both and counting else None
    return judge(left, right, run.day, prn_counts)


def _report(run: _Run, rule: Rule, judged: list[Judged], subject: str = "", rxcui: str = "") -> None:
    """Suppressions one by one; findings once for each group of drugs that duplicate one another."""
    for left, right, verdict in judged:
        if verdict.reason is not None:
            run.suppressed.append(suppressed_of(rule, left, right, verdict))
    hits = [item for item in judged if item[2].reason is None]
    for group in _groups(hits):
        uses = list({id(use): use for left, right, _ in group for use in (left, right)}.values())
        allowance = rule.allowance if isinstance(rule, DuplicateClass) else 1
        if len(uses) <= allowance:
            continue
        finding = finding_of(rule, uses, group, subject)
        if rxcui:
            finding = finding._replace(severity=_same_ingredient_severity(run.knowledge, rxcui, group, finding))
        if _is_new(run, uses, finding.severity):
            run.findings.append(finding)


def _same_ingredient_severity(
    knowledge: DuplicateKnowledge, rxcui: str, group: Sequence[Judged], finding: Finding
) -> Severity:
    """One step up in a high-risk class; one down where one prescriber makes up a dose from two strengths."""
    if any(duplicate.high_risk for duplicate in knowledge.classes_by_ingredient.get(rxcui, ())):
        return severity_step(finding.severity, -1)
    one_drug = len({course.key for left, right, _ in group for u in (left, right) for course in u.courses}) == 1
    one_prescriber = all(left.prescribers & right.prescribers for left, right, _ in group)
    return severity_step(finding.severity, 1) if one_drug and one_prescriber else finding.severity


def _is_new(run: _Run, uses: Sequence[Use], severity: Severity) -> bool:
    """False when these products were already reported together for as grave a reason."""
    products = frozenset(id(course) for use in uses for course in use.courses)
    weight = _WEIGHT[severity]
    if any(products <= known and weight <= known_weight for known, known_weight in run.reported.items()):
        return False
    run.reported[products] = weight
    return True


def _groups(hits: list[Judged]) -> list[list[Judged]]:
    """Judged pairs joined where they share a use, in the order in which they came."""
    groups: list[tuple[set[int], list[Judged]]] = []
    for item in hits:
        ends = {id(item[0].courses[0]), id(item[1].courses[0])}
        touching = [group for group in groups if group[0] & ends]
        joined = (ends.union(*(g[0] for g in touching)), [i for g in touching for i in g[1]] + [item])
        groups = [group for group in groups if group not in touching] + [joined]
    return [items for _, items in groups]
