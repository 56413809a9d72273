"""Clinical knowledge as values, with every index that a screening needs made once when it is loaded.

A screening never walks all rules: it looks up the rules of the ingredients taken, and asks of each whether its
condition is among those that the vocabulary gave for the member's codes. `mtm_review.reference` reads the files that a
pharmacist edits and makes this value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from mtm_review.domain.knowledge.adherence import AdherenceKnowledge, EarlyRefills, Measure
from mtm_review.domain.knowledge.allergies import AllergyGroup, AllergyKnowledge, AllergyRule
from mtm_review.domain.knowledge.burdens import Burden, BurdenKnowledge
from mtm_review.domain.knowledge.care_gaps import CareGap, GapKnowledge
from mtm_review.domain.knowledge.costs import CheaperChoice, CostKnowledge
from mtm_review.domain.knowledge.duplicates import (
    Differ,
    DuplicateClass,
    DuplicateKnowledge,
    GeneralRule,
    IntendedPair,
    Side,
)
from mtm_review.domain.knowledge.index import RuleIndex, index_of
from mtm_review.domain.knowledge.inference import NOTHING_INFERRED, InferenceKnowledge
from mtm_review.domain.knowledge.labs import LabTest
from mtm_review.domain.knowledge.opioids import OpioidKnowledge
from mtm_review.domain.knowledge.rules import DrugSet, Rule
from mtm_review.domain.knowledge.said import Said

__all__ = [
    "AdherenceKnowledge", "AllergyGroup", "AllergyKnowledge", "AllergyRule", "Burden", "BurdenKnowledge", "CareGap",
    "CheaperChoice", "CostKnowledge", "Differ", "DrugSet", "DuplicateClass", "DuplicateKnowledge", "EarlyRefills",
    "GapKnowledge", "GeneralRule", "IntendedPair", "Knowledge", "LabTest", "Measure", "OpioidKnowledge", "Rule", "Said",
    "Side",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the screens know. Build it with `Knowledge.of`, which makes the indexes.

    `rules` are those that the common engine decides, of every screen, by id; `conditions` are the plain names of the
    conditions that any rule names, by id; `with_ingredients` are the drugs that a rule asks to be taken too; `covered`
    are the ingredients that any rule names; `inference` are the drugs that show a condition.
    """

    version: str
    fingerprint: str
    duplicates: DuplicateKnowledge
    burdens: BurdenKnowledge
    rules: Mapping[str, Rule]
    drug_sets: Mapping[str, DrugSet]
    labs: Mapping[str, LabTest]
    conditions: Mapping[str, str]
    opioids: OpioidKnowledge
    index: RuleIndex
    with_ingredients: Mapping[str, frozenset[str]]
    covered: frozenset[str]
    adherence: AdherenceKnowledge
    gaps: GapKnowledge
    costs: CostKnowledge
    allergies: AllergyKnowledge
    inference: InferenceKnowledge = NOTHING_INFERRED

    @classmethod
    def of(
        cls,
        version: str,
        fingerprint: str,
        duplicates: DuplicateKnowledge,
        burdens: BurdenKnowledge,
        rules: Iterable[Rule],
        drug_sets: Mapping[str, DrugSet],
        labs: Mapping[str, LabTest],
        conditions: Mapping[str, str],
        adherence: AdherenceKnowledge,
        gaps: GapKnowledge,
        costs: CostKnowledge,
        allergies: AllergyKnowledge,
        opioids: OpioidKnowledge,
        inference: InferenceKnowledge = NOTHING_INFERRED,
    ) -> Self:
        """Knowledge with its indexes; the parts must already agree with each other."""
        by_id = {rule.rule_id: rule for rule in rules}
        others, ruled = _others(by_id.values(), drug_sets), _ruled(by_id.values(), drug_sets)
        own = (adherence.measures_of, gaps.by_drug, costs.ingredients, opioids.ingredients, allergies.covered)
        return cls(
            version=version,
            fingerprint=fingerprint,
            duplicates=duplicates,
            burdens=burdens,
            rules=by_id,
            drug_sets=drug_sets,
            labs=labs,
            conditions=conditions,
            opioids=opioids,
            index=index_of(by_id.values(), drug_sets, others),
            with_ingredients=others,
            covered=frozenset(duplicates.classes_by_ingredient).union(ruled, burdens.ingredients, *own),
            adherence=adherence,
            gaps=gaps,
            costs=costs,
            allergies=allergies,
            inference=inference,
        )

    def names_of(self, set_id: str) -> Mapping[str, str]:
        """The names of a drug set's ingredients by RxCUI."""
        return self.drug_sets[set_id].names


def _others(rules: Iterable[Rule], drug_sets: Mapping[str, DrugSet]) -> dict[str, frozenset[str]]:
    """The drugs that a rule asks to be taken too, for the rules that ask for any."""
    return {
        rule.rule_id: frozenset(rxcui for name in rule.when.with_drugs for rxcui in drug_sets[name].names)
        for rule in rules
        if rule.when.with_drugs
    }


def _ruled(rules: Iterable[Rule], drug_sets: Mapping[str, DrugSet]) -> frozenset[str]:
    """The drugs that any of the rules can find something about."""
    return frozenset(rxcui for rule in rules for name in _seen(rule) for rxcui in drug_sets[name].names)


def _seen(rule: Rule) -> tuple[str, ...]:
    """The drug sets whose drugs a rule can find something about."""
    return (rule.drug_set, *rule.when.with_drugs, *rule.when.also_drugs)
