"""Drugs that a reported condition speaks against (reason code MC, drug–disease reported).

A rule names a drug set and a condition of the vocabulary, which has said of each of the member's codes what conditions
it shows, and what changes the answer: age, sex, route, a protecting drug such as a proton-pump inhibitor or a condition
that excepts the member. One finding for each rule and drug, however many strengths of it or codes for the condition
there are. Pairs that are both indicated and harmful by the state of the disease (beta-blocker in heart failure) are no
rule at all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtm_review.domain.finding import (
    Confidence,
    Finding,
    Screen,
    Suppressed,
    SuppressionReason,
    finding_id,
)
from mtm_review.domain.knowledge import DrugDiseaseRule, Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Condition, Patient
from mtm_review.domain.regimen import Course, Regimen
from mtm_review.domain.wording import distinct, evidence_of, in_series, sentence, short_name

NEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Held:
    """What the member was given that holds on the day, by the condition of the vocabulary that it shows."""

    by_id: Mapping[str, tuple[Condition, ...]]

    def has(self, condition_id: str) -> bool:
        """True when something that holds shows the condition and nobody denied it."""
        return any(not condition.denied for condition in self.by_id.get(condition_id, ()))


def held_conditions(patient: Patient, regimen: Regimen, knowledge: Knowledge) -> Held:
    """Each that holds, under every condition it shows that rules name."""
    by_id: defaultdict[str, list[Condition]] = defaultdict(list)
    for condition in patient.conditions:
        if condition.problem or not condition.holds_on(regimen.as_of):
            continue
        for condition_id in condition.conditions:
            if condition_id in knowledge.conditions:
                by_id[condition_id].append(condition)
    return Held({condition_id: tuple(found) for condition_id, found in by_id.items()})


def screen_drug_disease(
    regimen: Regimen, patient: Patient, held: Held, knowledge: Knowledge
) -> tuple[list[Finding], list[Suppressed]]:
    """Findings and suppressions for the drugs that are active on the day."""
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    if not held.by_id:
        return findings, suppressed
    taken = frozenset(e.ingredient.rxcui for e in regimen.exposures if e.active)
    age = patient.age_on(regimen.as_of)
    for (rule_id, _), courses in _hits(regimen, held, knowledge).items():
        rule = knowledge.rules[rule_id]
        if age < rule.min_age or (rule.sex and rule.sex != patient.sex):
            continue
        reason = _reason(rule, courses, held, taken, knowledge)
        if reason is None:
            findings.append(_finding(rule, courses, held, knowledge, regimen.as_of.toordinal()))
        else:
            suppressed.append(_suppressed(rule, courses, *reason))
    return findings, suppressed


def _hits(regimen: Regimen, held: Held, knowledge: Knowledge) -> dict[tuple[str, str], list[Course]]:
    """Active courses by rule and drug, for the rules whose condition holds."""
    hits: defaultdict[tuple[str, str], dict[int, Course]] = defaultdict(dict)
    by_ingredient, by_id = knowledge.rules_by_ingredient, held.by_id
    for exposure in regimen.exposures:
        if exposure.active:
            for rule in by_ingredient.get(exposure.ingredient.rxcui, ()):
                if rule.condition in by_id:
                    for course in exposure.courses:
                        if course.active:
                            hits[(rule.rule_id, course.key)][id(course)] = course
    return {key: list(courses.values()) for key, courses in hits.items()}


def _reason(
    rule: DrugDiseaseRule, courses: Sequence[Course], held: Held, taken: frozenset[str], knowledge: Knowledge
) -> tuple[SuppressionReason, str] | None:
    """Why the rule does not speak for this member, with the sentence that says so."""
    names = short_name(courses[0].drug)
    condition = knowledge.conditions[rule.condition]
    if not held.has(rule.condition):
        return SuppressionReason.DENIED_CONDITION, f"{names}: it was denied that the member has {condition}."
    if rule.routes and not any(course.route in rule.routes for course in courses):
        return (
            SuppressionReason.DIFFERENT_ROUTE,
            f"{names} is used by the {courses[0].route} route, which this rule on {condition} does not count.",
        )
    for set_id in rule.unless_drugs:
        protecting = sorted(name for rxcui, name in knowledge.drug_sets[set_id].names.items() if rxcui in taken)
        if protecting:
            return (
                SuppressionReason.INTENDED_COMBINATION,
                f"{names} is taken with {in_series(protecting)}, which protects a member who has {condition}.",
            )
    for condition_id in rule.unless_conditions:
        if held.has(condition_id):
            excepted = knowledge.conditions[condition_id]
            return SuppressionReason.POLICY, f"{names}: the rule excepts members who have {excepted}."
    return None


def _finding(rule: DrugDiseaseRule, courses: Sequence[Course], held: Held, knowledge: Knowledge, day: int) -> Finding:
    conditions = [c for c in held.by_id[rule.condition] if not c.denied]
    conditions.sort(key=lambda c: c.given)
    name = knowledge.conditions[rule.condition]
    return Finding(
        finding_id=finding_id(rule.rule_id, [courses[0].key], rule.condition),
        screen=Screen.DRUG_DISEASE,
        rule_id=rule.rule_id,
        dur_code="MC",
        severity=rule.severity,
        tier=_tier(courses, day),
        confidence=Confidence.REPORTED,
        medications=_medications(courses),
        condition=conditions[0].given,
        because=f"The member takes {short_name(courses[0].drug)} and has {name}.",
        consequence=rule.consequence,
        recommendation=rule.recommendation,
        evidence=(
            *[evidence_of(course) for course in courses],
            *[f"condition {given}: {name}" for given in distinct([c.given for c in conditions])],
        ),
        citation=rule.citation,
    )


def _tier(courses: Sequence[Course], day: int) -> int:
    """1 for an established drug, 2 for one started in the last month and filled once."""
    for course in courses:
        if len(course.fill_days) >= 2 or course.current or course.first <= day - NEW_DAYS:
            return 1
    return 2


def _suppressed(rule: DrugDiseaseRule, courses: Sequence[Course], reason: SuppressionReason, why: str) -> Suppressed:
    return Suppressed(Screen.DRUG_DISEASE, rule.rule_id, _medications(courses), reason, sentence(why))


def _medications(courses: Sequence[Course]) -> tuple[Medication, ...]:
    if len(courses) == 1 and len(courses[0].medications) == 1:
        return courses[0].medications
    found = {m.medication_id: m for course in courses for m in course.medications}
    return tuple(sorted(found.values(), key=lambda m: (m.name, m.medication_id)))
