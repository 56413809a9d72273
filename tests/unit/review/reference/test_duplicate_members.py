"""Duplicate classes against the vocabulary's therapeutic classes: nobody adds a drug to one and forgets the other.

A duplicate class names its members one by one, because what duplicates is narrower or wider than a therapeutic class;
each difference is held here with its reason.
"""

import csv
from functools import cache

import pytest
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_shared.vocabulary import load_vocabulary
from unit.review.reference.duplicate_differences import ADDED, LEFT_OUT
from unit.review.reference.duplicate_natural import NATURAL, UMBRELLAS

knowledge = load_knowledge()


def test_every_duplicate_class_is_compared() -> None:
    assert set(NATURAL) | UMBRELLAS == set(knowledge.duplicates.classes)
    assert (set(LEFT_OUT) | set(ADDED)) <= set(NATURAL)


@pytest.mark.parametrize("class_id", sorted(NATURAL))
def test_members_are_those_of_the_therapeutic_class_but_for_the_explained(class_id: str) -> None:
    vocabulary = load_vocabulary()
    natural = {rxcui for each in NATURAL[class_id] for rxcui in vocabulary.ingredients_in_class(each)}
    members = {row["rxcui"] for row in members_as_listed() if row["class_id"] == class_id}

    names = vocabulary.ingredients
    assert {names[rxcui].name for rxcui in natural - members} == set(LEFT_OUT.get(class_id, {}))
    assert {names[rxcui].name for rxcui in members - natural} == set(ADDED.get(class_id, {}))


@cache
def members_as_listed() -> list[dict[str, str]]:
    with (KNOWLEDGE / "duplicate_members.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
