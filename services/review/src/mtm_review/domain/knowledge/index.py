"""The rules of a screen by what makes them worth asking: the drug, and where it matters a condition or a second drug.

A member takes a dozen drugs and has a dozen conditions, and a screen has hundreds of rules: those whose condition is
not on record, or whose other drug is not taken, are never looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge.rules import DrugSet, Rule


class OfDrug(NamedTuple):
    """The rules of one screen that name an ingredient."""

    always: tuple[Rule, ...]
    by_condition: Mapping[str, tuple[Rule, ...]]
    by_other: Mapping[str, tuple[Rule, ...]]

    def worth_asking(self, on_record: Set[str], taken: Set[str]) -> Iterator[Rule]:
        """Rules that the member's conditions and other drugs do not rule out; one may come twice."""
        yield from self.always
        if self.by_condition:
            for condition in self.by_condition.keys() & on_record:
                yield from self.by_condition[condition]
        if self.by_other:
            for other in self.by_other.keys() & taken:
                for rule in self.by_other[other]:
                    if not rule.when.conditions or not on_record.isdisjoint(rule.when.conditions):
                        yield rule


RuleIndex = Mapping[Screen, Mapping[str, OfDrug]]


def index_of(
    rules: Iterable[Rule], drug_sets: Mapping[str, DrugSet], others: Mapping[str, frozenset[str]]
) -> RuleIndex:
    """Each screen's rules by the ingredients of their own drug set; `others` are the second drugs by rule."""
    grouped: defaultdict[Screen, defaultdict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        for rxcui in drug_sets[rule.drug_set].names:
            grouped[rule.screen][rxcui].append(rule)
    return {
        screen: {rxcui: _of_drug(found, others) for rxcui, found in by_drug.items()}
        for screen, by_drug in grouped.items()
    }


def _of_drug(rules: Iterable[Rule], others: Mapping[str, frozenset[str]]) -> OfDrug:
    always: list[Rule] = []
    by_condition: defaultdict[str, list[Rule]] = defaultdict(list)
    by_other: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.when.with_drugs:
            for other in others[rule.rule_id]:
                by_other[other].append(rule)
        elif rule.when.conditions:
            for condition in rule.when.conditions:
                by_condition[condition].append(rule)
        else:
            always.append(rule)
    held = {condition: tuple(found) for condition, found in by_condition.items()}
    taken_too = {other: tuple(found) for other, found in by_other.items()}
    return OfDrug(tuple(always), held, taken_too)
