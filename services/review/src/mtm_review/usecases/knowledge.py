"""What this service knows, rule by rule, so that a pharmacist can read what is behind a finding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import DrugDiseaseRule, DuplicateClass, GeneralRule, Knowledge
from mtm_review.domain.review import KeptFinding


@dataclass(frozen=True, slots=True)
class ReadableRule:
    """A rule with the names of what it speaks of."""

    rule_id: str
    screen: Screen
    title: str
    severity: Severity
    citation: Citation
    drugs: tuple[str, ...]
    conditions: tuple[str, ...]
    exceptions: tuple[str, ...]
    consequence: str
    recommendation: str


def readable_rules(knowledge: Knowledge) -> Mapping[str, ReadableRule]:
    """Every rule by its id, in order of screen and id. Made once when the service starts."""
    rules = sorted(
        chain(_general(knowledge), _classes(knowledge), _drug_disease(knowledge)),
        key=lambda rule: (rule.screen, rule.rule_id),
    )
    return {rule.rule_id: rule for rule in rules}


def condition_name(knowledge: Knowledge, finding: KeptFinding) -> str | None:
    """The condition that a finding speaks of, in everyday words; None where no rule of today's knowledge names it."""
    rule = knowledge.rules.get(finding.rule_id)
    return None if rule is None else knowledge.conditions[rule.condition]


def _general(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for rule in knowledge.general.values():
        yield _duplicate(rule, (), ())


def _classes(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for rule in knowledge.classes.values():
        members = tuple(sorted(rule.members.values()))
        exceptions = tuple(
            f"Meant to be taken together: {pair.rationale}"
            for pair in knowledge.pairs
            if pair.first.ingredients & rule.members.keys() and pair.second.ingredients & rule.members.keys()
        )
        allowance = (f"Up to {rule.allowance} at a time are expected.",) if rule.allowance > 1 else ()
        yield _duplicate(rule, members, (*allowance, *exceptions))


def _duplicate(rule: GeneralRule | DuplicateClass, drugs: tuple[str, ...], exceptions: tuple[str, ...]) -> ReadableRule:
    return ReadableRule(
        rule_id=rule.rule_id,
        screen=Screen.DUPLICATE_THERAPY,
        title=rule.name,
        severity=rule.severity,
        citation=rule.citation,
        drugs=drugs,
        conditions=(),
        exceptions=exceptions,
        consequence=rule.consequence,
        recommendation=rule.recommendation,
    )


def _drug_disease(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for rule in knowledge.rules.values():
        condition = knowledge.conditions[rule.condition]
        drugs = tuple(sorted(knowledge.drug_sets[rule.drug_set].names.values()))
        yield ReadableRule(
            rule_id=rule.rule_id,
            screen=Screen.DRUG_DISEASE,
            title=f"{rule.drug_set.replace('_', ' ')} × {condition}",
            severity=rule.severity,
            citation=rule.citation,
            drugs=drugs,
            conditions=(condition,),
            exceptions=tuple(_exceptions(rule, knowledge)),
            consequence=rule.consequence,
            recommendation=rule.recommendation,
        )


def _exceptions(rule: DrugDiseaseRule, knowledge: Knowledge) -> Iterator[str]:
    if rule.min_age:
        yield f"Applies from age {rule.min_age}."
    if rule.sex:
        yield f"Applies to {rule.sex} members."
    if rule.routes:
        yield f"Applies by these routes: {', '.join(sorted(rule.routes))}."
    for name in rule.unless_drugs:
        yield f"Does not apply with {name.replace('_', ' ')}."
    for name in rule.unless_conditions:
        yield f"Does not apply with {knowledge.conditions[name]}."
