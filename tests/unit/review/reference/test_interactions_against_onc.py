"""The interaction rules against the high-priority list of the Office of the National Coordinator.

The list (Phansalkar et al., J Am Med Inform Assoc 2012;19:735) names classes that every system should tell; the
published mapping of it pairs single drugs. Each pair of drugs that the vocabulary holds is covered by a rule.
"""

from functools import cache

import pytest
from mtm_review.domain.finding import Screen
from mtm_review.reference import load_knowledge
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import load_vocabulary
from support import refdata

LIST = "ddi_onc/PDDI-Datasets_ONC-High-Priority_ONC_High_Priority_Mapped.csv"
KNOWLEDGE = load_knowledge()


@cache
def ingredient(name: str) -> str | None:
    """The vocabulary's own name of a drug of the list; None where it does not hold it."""
    found = load_vocabulary().understand(name=name)
    return found.ingredients[0].name if isinstance(found, Drug) and len(found.ingredients) == 1 else None


def listed() -> set[frozenset[str]]:
    pairs = set()
    for line in (refdata() / LIST).read_text(encoding="utf-8-sig").splitlines():
        first, _, second, *_ = line.split("$")
        names = frozenset(name for name in (ingredient(first), ingredient(second)) if name)
        if len(names) == 2:
            pairs.add(names)
    return pairs


def covered() -> set[frozenset[str]]:
    rules = [rule for rule in KNOWLEDGE.rules.values() if rule.screen is Screen.DRUG_DRUG]
    return {
        frozenset((own, other))
        for rule in rules
        for own in KNOWLEDGE.names_of(rule.drug_set).values()
        for set_id in rule.when.with_drugs
        for other in KNOWLEDGE.names_of(set_id).values()
    }


@pytest.mark.refdata
def test_every_high_priority_pair_that_the_vocabulary_holds_is_covered() -> None:
    pairs = listed()
    assert len(pairs) > 600
    assert sorted(map(sorted, pairs - covered())) == []
