"""Drugs that a recorded allergy speaks against (reason code DA).

An allergy names a drug, a class in whatever words, or stands on record as a condition (Z88.0). It speaks against the
same drug, drugs of the same family, and drugs of a group that is known to react alike: a penicillin allergy against a
cephalosporin with the same side chain and no other, a sulfa allergy not against furosemide. How gravely depends on
the reaction. One finding for each drug: the gravest thing that any allergy says of it. What the words do not tell is
named in `not_checked`, and what speaks for itself (a mere intolerance, a drug tolerated for long) is suppressed.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import (
    Confidence,
    Finding,
    NotChecked,
    Screen,
    Severity,
    Suppressed,
    SuppressionReason,
    finding_id,
)
from mtm_review.domain.knowledge import AllergyKnowledge, AllergyRule
from mtm_review.domain.knowledge.allergies import Grade
from mtm_review.domain.patient import Allergy
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of, tier_of
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import evidence_of, sentence, short_name

SAME_INGREDIENT: Final = "allergy.same_ingredient"
SAME_FAMILY: Final = "allergy.same_family"
_ORDER: Final = {severity: place for place, severity in enumerate(Severity)}
_LOWERED: Final = {Severity.CONTRAINDICATED: Severity.MAJOR, Severity.MAJOR: Severity.MODERATE}


class Recorded(NamedTuple):
    """An allergy as it counts: to ingredients, families and groups; `denied` by the member or a prescriber.

    `one_of` says that the drug that was named holds several ingredients, any of which may have caused the reaction.
    """

    given: str
    reaction: str
    grade: Grade
    rxcuis: frozenset[str]
    families: frozenset[str]
    groups: tuple[str, ...]
    one_of: bool = False
    condition: str | None = None
    denied: bool = False


class Hit(NamedTuple):
    """What an allergy says of a drug: a severity, or the reason why it says nothing."""

    rule: AllergyRule
    allergy: Recorded
    severity: Severity | None
    reason: SuppressionReason | None = None
    because: str = ""


def screen_allergies(situation: Situation) -> Seen:
    """Findings, suppressions and what was not understood, for the drugs that are active on the day."""
    seen = Seen()
    recorded = recorded_allergies(situation, seen.not_checked)
    if not recorded:
        return seen
    for courses in _drugs(situation):
        hits = [hit for allergy in recorded for hit in _hits(allergy, courses, situation)]
        told = [hit for hit in hits if hit.severity is not None]
        if told:
            best = min(told, key=_gravest)
            alike = sorted({hit.allergy.given: hit.allergy for hit in told if hit.rule is best.rule}.items())
            seen.findings.append(_finding(best, [allergy for _, allergy in alike], courses, situation))
        elif hits:
            first = min(hits, key=lambda hit: (hit.rule.rule_id, hit.allergy.given))
            assert first.reason is not None
            seen.suppressed.append(
                Suppressed(Screen.ALLERGY, first.rule.rule_id, medications_of(courses), first.reason, first.because)
            )
    return seen


def recorded_allergies(situation: Situation, gaps: list[NotChecked]) -> list[Recorded]:
    """What is on record, from allergies and from conditions; `gaps` takes what the words do not tell."""
    knowledge = situation.knowledge.allergies
    found = []
    for allergy in situation.patient.allergies:
        group = knowledge.group_of(allergy.given)
        if group is None and not allergy.rxcuis:
            detail = allergy.problem_detail or f"{allergy.given} is no drug or group of drugs that this version knows."
            gaps.append(NotChecked("allergy", allergy.given, allergy.problem or "unknown_name", detail))
        else:
            found.append(_recorded(allergy, group, knowledge))
    held = situation.held.by_id
    for condition_id in sorted(knowledge.groups_of_condition.keys() & held.keys()):
        group_id = knowledge.groups_of_condition[condition_id]
        name = situation.knowledge.conditions[condition_id]
        given = min(condition.given for condition in held[condition_id])
        denied = not situation.held.has(condition_id)
        nothing = frozenset[str]()
        found.append(Recorded(name, "", Grade.UNKNOWN, nothing, nothing, (group_id,), False, given, denied))
    return found


def _recorded(allergy: Allergy, group: str | None, knowledge: AllergyKnowledge) -> Recorded:
    """Words that mean a group win over a drug of the same name ("penicillin" is all of them)."""
    grade = knowledge.grade_of(allergy.reaction)
    if group is not None:
        return Recorded(allergy.given, allergy.reaction, grade, frozenset(), frozenset(), (group,))
    groups = {group_id for rxcui in allergy.rxcuis for group_id in knowledge.groups_of_ingredient.get(rxcui, ())}
    one_of = len(allergy.rxcuis) > 1
    return Recorded(
        allergy.given, allergy.reaction, grade, allergy.rxcuis, allergy.families, tuple(sorted(groups)), one_of
    )


def _drugs(situation: Situation) -> Iterator[list[Course]]:
    """The active courses of each drug, by what it is made of."""
    found: dict[str, list[Course]] = {}
    for course in situation.regimen.courses:
        if course.active:
            found.setdefault(course.key, []).append(course)
    yield from found.values()


def _hits(allergy: Recorded, courses: Sequence[Course], situation: Situation) -> Iterator[Hit]:
    for rule in _rules(allergy, courses, situation.knowledge.allergies):
        if rule.routes and not any(course.route in rule.routes for course in courses):
            continue
        yield _judged(rule, allergy, courses, situation)


def _rules(allergy: Recorded, courses: Sequence[Course], knowledge: AllergyKnowledge) -> Iterator[AllergyRule]:
    """The same drug says all; else the same family, and what the groups of the allergy say of it."""
    ingredients = courses[0].drug.ingredients
    if any(ingredient.rxcui in allergy.rxcuis for ingredient in ingredients):
        yield knowledge.rules[SAME_INGREDIENT]
        return
    if any(ingredient.family in allergy.families for ingredient in ingredients):
        yield knowledge.rules[SAME_FAMILY]
        return
    for group_id in allergy.groups:
        for rule in knowledge.rules_of.get(group_id, ()):
            members = knowledge.groups[rule.drugs].members
            if any(ingredient.rxcui in members for ingredient in ingredients):
                yield rule


def _judged(rule: AllergyRule, allergy: Recorded, courses: Sequence[Course], situation: Situation) -> Hit:
    name = short_name(courses[0].drug)
    if allergy.denied:
        because = f"{name}: it was denied that the member has {allergy.given}."
        return Hit(rule, allergy, None, SuppressionReason.DENIED_CONDITION, sentence(because))
    severity = rule.severities.get(allergy.grade)
    if severity is None:
        because = (
            f"{name}: {rule.consequence[:1].lower()}{rule.consequence[1:]}"
            if not rule.severities
            else (f"{name}: {_told(allergy)} is no reason against it.")
        )
        return Hit(rule, allergy, None, SuppressionReason.POLICY, sentence(because))
    days = situation.day - min(course.first for course in courses)
    tolerated = rule.tolerated_after and days > rule.tolerated_after and any(course.fills for course in courses)
    if tolerated and severity is not Severity.CONTRAINDICATED:
        because = f"{name} has been taken for {days} days in spite of {_told(allergy)}."
        return Hit(rule, allergy, None, SuppressionReason.POLICY, sentence(because))
    return Hit(rule, allergy, _LOWERED.get(severity, severity) if allergy.one_of else severity)


def _gravest(hit: Hit) -> tuple[int, bool, str]:
    assert hit.severity is not None
    return (_ORDER[hit.severity], hit.rule.rule_id != SAME_INGREDIENT, hit.rule.rule_id)


def _told(allergy: Recorded) -> str:
    if allergy.condition is not None:
        return allergy.given
    return f"an allergy to {allergy.given}{f' ({allergy.reaction})' if allergy.reaction else ''}"


def _finding(hit: Hit, allergies: Sequence[Recorded], courses: Sequence[Course], situation: Situation) -> Finding:
    rule = hit.rule
    assert hit.severity is not None
    prescribers = [course.prescribers for course in courses if course.prescribers]
    conditions = [allergy.condition for allergy in allergies if allergy.condition]
    return Finding(
        finding_id=finding_id(rule.rule_id, [courses[0].key]),
        screen=Screen.ALLERGY,
        rule_id=rule.rule_id,
        dur_code="DA",
        severity=hit.severity,
        tier=tier_of(courses, situation.day),
        confidence=Confidence.REPORTED,
        medications=medications_of(courses),
        condition=conditions[0] if conditions else None,
        because=f"The member takes {short_name(courses[0].drug)} and has {_told(hit.allergy)} on record.",
        consequence=rule.consequence,
        recommendation=rule.recommendation,
        evidence=(*map(evidence_of, courses), *(f"on record: {_told(allergy)}" for allergy in allergies)),
        citation=rule.citation,
        prescribers_differ=len(prescribers) > 1 and not frozenset.intersection(*prescribers),
    )


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """The steps of one rule for this member: an allergy that it speaks of, a drug that it names, and the reaction."""
    rule = situation.knowledge.allergies.rules[rule_id]
    groups = situation.knowledge.allergies.groups
    asks = (
        f"An allergy to {groups[rule.allergic_to].name} is on record."
        if rule.allergic_to
        else ("An allergy to a drug is on record.")
    )
    recorded = [
        allergy for allergy in recorded_allergies(situation, [])
        if (rule.allergic_to in allergy.groups if rule.allergic_to else allergy.rxcuis)
    ]  # fmt: skip
    if not recorded:
        return [Step("allergy", asks, "stopped", "No such allergy is on record.")]
    steps = [Step("allergy", asks, "passed", sentence(f"{_told(recorded[0])} is on record."))]
    drugs = f"A drug of {groups[rule.drugs].name} is taken." if rule.drugs else "The same drug is taken."
    hits = [
        (courses, hit)
        for courses in _drugs(situation)
        for allergy in recorded
        for hit in _hits(allergy, courses, situation)
        if hit.rule is rule
    ]
    if not hits:
        return [*steps, Step("drug", drugs, "stopped", "No such drug is active on the day by a route that counts.")]
    for courses, hit in hits:
        name = short_name(courses[0].drug)
        steps.append(Step("drug", drugs, "passed", sentence(f"{name} is active.")))
        fires = hit.severity is not None
        because = f"The rule fires on {name}." if fires else hit.because
        steps.append(Step("finding", "The reaction is a reason to speak.", "passed" if fires else "stopped", because))
    return steps
