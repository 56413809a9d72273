"""Clinical knowledge as values, with every index that a screening needs made once when it is loaded.

A screening never walks all rules: it looks up the rules of the ingredients taken, and asks of each whether its
condition is among those that the vocabulary gave for the member's codes. `mtm_review.reference` reads the files that a
pharmacist edits and makes this value.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Severity


@dataclass(frozen=True, slots=True)
class DrugSet:
    """Ingredients that a rule names together, by RxCUI."""

    set_id: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """A rule of duplication that needs no list of drugs: the same ingredient, or the same family."""

    rule_id: str
    name: str
    severity: Severity
    consequence: str
    recommendation: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DuplicateClass:
    """Drugs of which a member should take at most `allowance` at a time by the routes that count.

    `prn_counts` says that an as-needed drug still duplicates (pain relief, where totals do the harm); `high_risk`
    raises the severity of what is found by one step when prescribers differ. `rule_id` is what its findings
    carry; `best_tier` is 3 where drugs of different
    classes only share an indication.
    """

    class_id: str
    rule_id: str
    name: str
    allowance: int
    parent: str | None
    routes: frozenset[str]
    severity: Severity
    high_risk: bool
    prn_counts: bool
    best_tier: int
    consequence: str
    recommendation: str
    citation: Citation
    members: Mapping[str, str]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an intended pair: ingredients, and where needed the route group or the release of the product."""

    ingredients: frozenset[str]
    route: str = ""
    release: str = ""

    def fits(self, ingredient: str, route: str, long_acting: bool) -> bool:
        """True when a use of the ingredient by the route and release is this side of the pair."""
        return (
            ingredient in self.ingredients
            and (not self.route or self.route == route)
            and (not self.release or (self.release == "long_acting") == long_acting)
        )


@dataclass(frozen=True, slots=True)
class IntendedPair:
    """Two drugs of one class that are meant to be taken together."""

    pair_id: str
    first: Side
    second: Side
    rationale: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DrugDiseaseRule:
    """A drug set that a condition speaks against, with the circumstances that change the answer.

    Conditions are named by their ids in the vocabulary.
    """

    rule_id: str
    drug_set: str
    condition: str
    severity: Severity
    min_age: int
    sex: str
    routes: frozenset[str]
    unless_drugs: tuple[str, ...]
    unless_conditions: tuple[str, ...]
    consequence: str
    recommendation: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the screens know. Build it with `Knowledge.of`, which makes the indexes.

    `conditions` are the plain names of the conditions that rules name, by id.
    """

    version: str
    fingerprint: str
    classes: Mapping[str, DuplicateClass]
    general: Mapping[str, GeneralRule]
    pairs: tuple[IntendedPair, ...]
    rules: Mapping[str, DrugDiseaseRule]
    drug_sets: Mapping[str, DrugSet]
    conditions: Mapping[str, str]
    classes_by_ingredient: Mapping[str, tuple[DuplicateClass, ...]]
    rules_by_ingredient: Mapping[str, tuple[DrugDiseaseRule, ...]]
    pairs_by_ingredient: Mapping[str, tuple[IntendedPair, ...]]
    covered: frozenset[str]

    @classmethod
    def of(
        cls,
        version: str,
        fingerprint: str,
        general: Iterable[GeneralRule],
        classes: Iterable[DuplicateClass],
        pairs: Iterable[IntendedPair],
        rules: Iterable[DrugDiseaseRule],
        drug_sets: Iterable[DrugSet],
        conditions: Mapping[str, str],
    ) -> Self:
        """Knowledge with its indexes; the parts must already agree with each other."""
        by_class = {duplicate.class_id: duplicate for duplicate in classes}
        by_rule = {rule.rule_id: rule for rule in rules}
        by_set = {drug_set.set_id: drug_set for drug_set in drug_sets}
        pairs = tuple(pairs)
        rule_index = _rule_index(by_rule.values(), by_set)
        class_index = _class_index(by_class)
        return cls(
            version=version,
            fingerprint=fingerprint,
            classes=by_class,
            general={rule.rule_id: rule for rule in general},
            pairs=pairs,
            rules=by_rule,
            drug_sets=by_set,
            conditions=conditions,
            classes_by_ingredient=class_index,
            rules_by_ingredient=rule_index,
            pairs_by_ingredient=_pair_index(pairs),
            covered=frozenset(class_index) | frozenset(rule_index),
        )


def _rule_index(
    rules: Iterable[DrugDiseaseRule], drug_sets: Mapping[str, DrugSet]
) -> dict[str, tuple[DrugDiseaseRule, ...]]:
    index: defaultdict[str, list[DrugDiseaseRule]] = defaultdict(list)
    for rule in rules:
        for rxcui in drug_sets[rule.drug_set].names:
            index[rxcui].append(rule)
    return {rxcui: tuple(found) for rxcui, found in index.items()}


def _class_index(classes: Mapping[str, DuplicateClass]) -> dict[str, tuple[DuplicateClass, ...]]:
    """Each ingredient's classes with all their ancestors, most specific first."""
    index: defaultdict[str, dict[str, DuplicateClass]] = defaultdict(dict)
    for duplicate in classes.values():
        for rxcui in duplicate.members:
            walk: DuplicateClass | None = duplicate
            while walk is not None:
                index[rxcui][walk.class_id] = walk
                walk = classes[walk.parent] if walk.parent else None
    return {
        rxcui: tuple(sorted(found.values(), key=lambda c: (-c.depth, c.class_id))) for rxcui, found in index.items()
    }


def _pair_index(pairs: tuple[IntendedPair, ...]) -> dict[str, tuple[IntendedPair, ...]]:
    index: defaultdict[str, list[IntendedPair]] = defaultdict(list)
    for pair in pairs:
        for rxcui in pair.first.ingredients | pair.second.ingredients:
            index[rxcui].append(pair)
    return {rxcui: tuple(found) for rxcui, found in index.items()}
