"""Every rule in one readable shape, whatever screen it is of: for the API, the command and the pages.

A screen that is not made of rules of the common engine adds a function here that tells its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import (
    CareGap,
    DuplicateClass,
    GeneralRule,
    IntendedPair,
    Knowledge,
    Measure,
    Rule,
    Said,
)
from mtm_review.domain.ruled import asks_of
from mtm_review.domain.screens import gap_in_care
from mtm_review.domain.screens.cumulative_burden import asks_of_burden


@dataclass(frozen=True, slots=True)
class ReadableRule:
    """A rule with the names of what it speaks of; `asks` are the circumstances in which it speaks, a sentence each."""

    rule_id: str
    screen: Screen
    title: str
    severity: Severity
    citation: Citation
    drugs: tuple[str, ...]
    conditions: tuple[str, ...]
    asks: tuple[str, ...]
    consequence: str
    recommendation: str


def readable_rules(knowledge: Knowledge) -> Mapping[str, ReadableRule]:
    """Every rule by its id, in order of screen and id. Made once when the service starts."""
    rules = sorted(
        (rule for tell in TELLERS for rule in tell(knowledge)),
        key=lambda rule: (rule.screen, rule.rule_id),
    )
    return {rule.rule_id: rule for rule in rules}


def readable_rule(knowledge: Knowledge, rule_id: str) -> ReadableRule | None:
    """One rule, or None: asked for every explanation, so that the others are not told for it."""
    return next((rule for tell in TELLERS for rule in tell(knowledge) if rule.rule_id == rule_id), None)


def _duplicates(knowledge: Knowledge) -> Iterator[ReadableRule]:
    duplicates = knowledge.duplicates
    for general in duplicates.general.values():
        yield _duplicate(general, (), ())
    for rule in duplicates.classes.values():
        yield _duplicate(rule, tuple(sorted(rule.members.values())), tuple(_class_asks(rule, knowledge)))


def _class_asks(rule: DuplicateClass, knowledge: Knowledge) -> Iterator[str]:
    """What a class counts, a sentence each; the pairs that are meant are those of all its members and sub-classes."""
    of = knowledge.duplicates.classes_by_ingredient
    if rule.allowance > 1:
        yield f"Up to {rule.allowance} at a time are expected."
    if rule.by_indication:
        yield "They share only what they are taken for, so that they are told in the lowest tier."
    if not rule.prn_counts:
        yield "What is taken as needed does not count."
    if rule.high_risk:
        yield "Graver where prescribers or pharmacies differ."
    for pair in knowledge.duplicates.pairs:
        sides = (pair.first.ingredients, pair.second.ingredients)
        if all(any(rule in of.get(rxcui, ()) for rxcui in side) for side in sides):
            yield meant(pair, knowledge)


def meant(pair: IntendedPair, knowledge: Knowledge) -> str:
    """Why a pair is meant, and what must be on record for that."""
    names = "; ".join(knowledge.conditions[name] for name in pair.conditions)
    where = f" Asks for one of these on record: {names}." if names else ""
    told = f" Without one it is {pair.otherwise.value}." if pair.otherwise else ""
    one = " Asks for one prescriber." if pair.one_prescriber else ""
    days = f" For up to {pair.up_to_days} days." if pair.up_to_days else ""
    return f"Meant to be taken together: {pair.rationale}{where}{told}{one}{days}"


def _duplicate(rule: GeneralRule | DuplicateClass, drugs: tuple[str, ...], asks: tuple[str, ...]) -> ReadableRule:
    return ReadableRule(
        rule_id=rule.rule_id,
        screen=Screen.DUPLICATE_THERAPY,
        title=rule.name,
        severity=rule.severity,
        citation=rule.citation,
        drugs=drugs,
        conditions=(),
        asks=asks,
        consequence=rule.consequence,
        recommendation=rule.recommendation,
    )


def _ruled(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for rule in knowledge.rules.values():
        yield ReadableRule(
            rule_id=rule.rule_id,
            screen=rule.screen,
            title=_title(rule, knowledge),
            severity=rule.severity,
            citation=rule.citation,
            drugs=tuple(sorted(knowledge.names_of(rule.drug_set).values())),
            conditions=tuple(knowledge.conditions[name] for name in rule.when.conditions),
            asks=tuple(asks_of(rule, knowledge)),
            consequence=rule.consequence,
            recommendation=rule.recommendation,
        )


def _burdens(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for burden in knowledge.burdens.burdens.values():
        yield ReadableRule(
            rule_id=burden.rule_id,
            screen=Screen.OLDER_ADULT,
            title=burden.name,
            severity=burden.severity,
            citation=burden.citation,
            drugs=tuple(sorted(burden.names.values())),
            conditions=(),
            asks=tuple(asks_of_burden(burden, knowledge)),
            consequence=burden.consequence,
            recommendation=burden.recommendation,
        )


def _title(rule: Rule, knowledge: Knowledge) -> str:
    others = [name.replace("_", " ") for name in rule.when.with_drugs]
    conditions = [knowledge.conditions[name] for name in rule.when.conditions]
    return " × ".join([rule.drug_set.replace("_", " "), *others, *conditions])


def _adherence(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for measure in knowledge.adherence.measures.values():
        names = _drug_names(measure.drug_sets, knowledge)
        yield _said(measure.said, f"Days covered by {measure.said.name}", names, (), _measure_asks(measure, knowledge))
    for rule in knowledge.adherence.early_refills.values():
        kind = f"Drugs of schedule {', '.join(sorted(rule.schedules))}." if rule.schedules else "Other drugs."
        asks = (
            kind,
            f"Within {rule.window_days} days more than {rule.on_hand_over} days of earlier fills are on hand, or "
            f"{rule.in_a_row} refills in a row came with more than {rule.early_percent} % of the supply left.",
        )
        yield _said(rule.said, rule.said.name, (), (), asks)


def _measure_asks(measure: Measure, knowledge: Knowledge) -> tuple[str, ...]:
    excepted = [
        *[knowledge.conditions[name] for name in measure.unless_conditions],
        *[name.replace("_", " ") for name in measure.unless_drugs],
    ]
    return (
        f"Fewer than {measure.threshold} % of the days are covered.",
        f"Applies from age {measure.min_age}.",
        *([f"Does not apply with {' or '.join(excepted)}."] if excepted else []),
    )


def _gaps(knowledge: Knowledge) -> Iterator[ReadableRule]:
    for gap in knowledge.gaps.gaps.values():
        conditions = tuple(knowledge.conditions[name] for name in gap.conditions)
        names = _drug_names((*gap.wanted, *[each.drug_set for each in gap.enough]), knowledge)
        asks = tuple(gap_in_care.asks_of(gap, knowledge))
        yield _said(gap.said, _gap_title(gap, knowledge), names, conditions, asks)


def _gap_title(gap: CareGap, knowledge: Knowledge) -> str:
    conditions = [" or ".join(knowledge.conditions[name] for name in names) for names in (gap.conditions, gap.also)]
    drugs = [name.replace("_", " ") for name in (*gap.taken, *gap.with_drugs)]
    return " × ".join([gap.said.name, *[each for each in conditions if each], *drugs])


def _costs(knowledge: Knowledge) -> Iterator[ReadableRule]:
    known = knowledge.costs
    if known.brand is not None:
        yield _said(known.brand, known.brand.name, (), (), ("A brand is filled whose product is sold as a generic.",))
    for choice in known.choices.values():
        limits = [*choice.forms, *sorted(choice.brands)]
        asks = (f"Applies to {' or '.join(limits)}.",) if limits else ()
        yield _said(choice.said, choice.said.name, (), (), (*asks, "Not where the other was taken before."))


def _drug_names(set_ids: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(sorted({name for set_id in set_ids for name in knowledge.names_of(set_id).values()}))


def _said(
    said: Said, title: str, drugs: tuple[str, ...], conditions: tuple[str, ...], asks: tuple[str, ...]
) -> ReadableRule:
    return ReadableRule(
        rule_id=said.rule_id,
        screen=said.screen,
        title=title,
        severity=said.severity,
        citation=said.citation,
        drugs=drugs,
        conditions=conditions,
        asks=asks,
        consequence=said.consequence,
        recommendation=said.recommendation,
    )


def _allergies(knowledge: Knowledge) -> Iterator[ReadableRule]:
    allergies = knowledge.allergies
    for rule in allergies.rules.values():
        group = allergies.groups.get(rule.allergic_to)
        drugs = allergies.groups.get(rule.drugs)
        asks = [f"After a reaction that is {grade}: {severity}." for grade, severity in rule.severities.items()]
        if rule.tolerated_after:
            asks.append(f"Not where the drug has been taken for more than {rule.tolerated_after} days.")
        yield ReadableRule(
            rule_id=rule.rule_id,
            screen=Screen.ALLERGY,
            title=f"allergy to {group.name} × {drugs.name}" if group and drugs else _SAME[rule.rule_id],
            severity=min(rule.severities.values(), key=list(Severity).index, default=Severity.MINOR),
            citation=rule.citation,
            drugs=tuple(sorted(drugs.members.values())) if drugs else (),
            conditions=tuple(knowledge.conditions[name] for name in group.conditions) if group else (),
            asks=tuple(asks) or ("Never told as a finding.",),
            consequence=rule.consequence,
            recommendation=rule.recommendation,
        )


_SAME: Final = {
    "allergy.same_ingredient": "allergy to the same drug",
    "allergy.same_family": "allergy to a form of the same drug",
}
TELLERS: Final[tuple[Callable[[Knowledge], Iterator[ReadableRule]], ...]] = (
    _duplicates,
    _burdens,
    _adherence,
    _gaps,
    _costs,
    _allergies,
    _ruled,
)
