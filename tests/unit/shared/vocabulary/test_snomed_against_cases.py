"""The SNOMED CT concepts of the case collections: each condition in them is known, under the name that it has there."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from mtm_shared.vocabulary import Vocabulary
from support import cases

pytestmark = pytest.mark.realcases


@cache
def _conditions() -> dict[str, str]:
    """Concept and display of every condition and allergy on record."""
    return dict(_from_bundles(cases() / "synthea-seniors" / "bundles")) | dict(_from_measure(cases() / "cms156-2023"))


def _from_bundles(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]:
            if entry["resource"]["resourceType"] in ("Condition", "AllergyIntolerance"):
                yield from _snomed(entry["resource"]["code"])


def _from_measure(folder: Path) -> Iterator[tuple[str, str]]:
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        yield from _snomed(json.loads(line).get("conditions", []))


def _snomed(value: Any) -> Iterator[tuple[str, str]]:
    """Every SNOMED CT coding below the value."""
    if isinstance(value, dict):
        if "snomed" in str(value.get("system", "")) and "code" in value:
            yield value["code"], value.get("display", "")
        for inner in value.values():
            yield from _snomed(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _snomed(inner)


def test_every_condition_in_the_cases_is_known_by_its_name(vocabulary: Vocabulary) -> None:
    found = _conditions()
    shown = sum(bool(vocabulary.conditions_of_snomed(concept)) for concept in found)
    print(f"{len(found)} concepts, {shown} of them show a condition")

    assert len(found) >= 100
    assert [concept for concept in found if vocabulary.snomed(concept) is None] == []
    names = {concept: known.name for concept in found if (known := vocabulary.snomed(concept)) is not None}
    assert names == found
    assert shown >= 70


def test_only_concepts_that_the_cases_prove_are_final(vocabulary: Vocabulary) -> None:
    final = {entry.concept for entry in vocabulary.tables.conditions.snomed.values() if entry.status.value == "final"}

    assert final == set(_conditions())
