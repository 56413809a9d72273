"""Drugs that hardly anybody takes without a certain condition, so that they show it where no diagnosis does.

A whitelist, on purpose short: a claim says what was dispensed, never why. Drugs with several common uses
(beta-blockers, gabapentin, amitriptyline, duloxetine, GLP-1 agonists, two-drug pairs that prevent HIV) are not on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Confidence
from mtm_review.domain.knowledge.rules import DrugSet


@dataclass(frozen=True, slots=True)
class Inference:
    """A drug of `drugs`, by any of `routes` (empty: any), with one of `with_drugs` where named, shows `condition`.

    `shows` are the condition and the wider ones that hold with it. Another drug or condition that explains the drug
    otherwise excepts the member. Age and sex are never asked: they would infer from who the member is.
    """

    inference_id: str
    drugs: frozenset[str]
    with_drugs: frozenset[str]
    condition: str
    shows: frozenset[str]
    confidence: Confidence
    routes: frozenset[str]
    unless_drugs: frozenset[str]
    unless_conditions: tuple[str, ...]
    reason: str
    citation: Citation

    @property
    def conditions(self) -> tuple[str, ...]:
        """Every condition that it names, those that except the member too."""
        return (self.condition, *self.unless_conditions)


@dataclass(frozen=True, slots=True)
class InferenceKnowledge:
    """The whitelist by id and by the ingredients that begin it."""

    by_id: Mapping[str, Inference]
    by_ingredient: Mapping[str, tuple[Inference, ...]]


def inference_knowledge(inferences: Iterable[Inference]) -> InferenceKnowledge:
    """The whitelist with its index."""
    by_id = {each.inference_id: each for each in inferences}
    index: defaultdict[str, list[Inference]] = defaultdict(list)
    for each in by_id.values():
        for rxcui in each.drugs:
            index[rxcui].append(each)
    return InferenceKnowledge(by_id, {rxcui: tuple(found) for rxcui, found in index.items()})


NOTHING_INFERRED = inference_knowledge(())


def ingredients_of(set_ids: Iterable[str], drug_sets: Mapping[str, DrugSet]) -> frozenset[str]:
    """The ingredients of the sets."""
    return frozenset(rxcui for set_id in set_ids for rxcui in drug_sets[set_id].names)
