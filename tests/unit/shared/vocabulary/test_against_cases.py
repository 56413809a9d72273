"""How much of real-format claims and lists the shipped dictionary understands.

The numbers are what was measured when the data was written: they may rise, not fall. docs/vocabulary.md says what the
rest is.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from support import cases

pytestmark = pytest.mark.realcases


def _ndcs(*paths: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            found.update(row["PROD_SRVC_ID"] for row in csv.DictReader(file, delimiter="|"))
    return found


def _understood(vocabulary: Vocabulary, ndcs: Counter[str]) -> set[str]:
    return {ndc for ndc in ndcs if isinstance(vocabulary.understand(ndc=ndc), Drug)}


def test_ndcs_of_twenty_synthetic_people(vocabulary: Vocabulary) -> None:
    given = _ndcs(cases() / "rif-synthea" / "pde.csv")
    known = _understood(vocabulary, given)

    assert len(given) == 371
    assert len(known) >= 144
    assert sum(given[ndc] for ndc in known) >= 366


def test_ndcs_of_the_insert_and_update_samples(vocabulary: Vocabulary) -> None:
    given = _ndcs(*sorted((cases() / "rif-static").glob("*pde*.txt")))

    assert set(given) - _understood(vocabulary, given) == {"000000000"}


def test_medications_of_synthetic_seniors(vocabulary: Vocabulary) -> None:
    """Each entry by its RxCUI, then by its name: retired and component codes among them."""
    given: Counter[tuple[str, str]] = Counter()
    for path in sorted((cases() / "synthea-seniors" / "bundles").glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]:
            medication = entry["resource"].get("medicationCodeableConcept", {})
            given.update((coding["code"], coding["display"]) for coding in medication.get("coding", ()))
    missed = {
        display for code, display in given if not isinstance(vocabulary.understand(rxcui=code, name=display), Drug)
    }

    assert len(given) > 60
    assert missed == set()
