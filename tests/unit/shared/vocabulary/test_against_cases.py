"""How much of real-format claims and lists the shipped dictionary understands.

The numbers are what was measured when the data was written: they may rise, not fall. docs/vocabulary.md says what the
rest is.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from support import cases

pytestmark = pytest.mark.realcases


def _claims(*paths: Path, delimiter: str = "|") -> Counter[str]:
    """NDCs as they stand on the claims, with how many claims have each."""
    found: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            found.update(row["PROD_SRVC_ID"] for row in csv.DictReader(file, delimiter=delimiter))
    return found


def _codings(value: Any) -> Iterator[tuple[str, str]]:
    """NDCs and displays of FHIR resources."""
    if isinstance(value, dict):
        if str(value.get("system", "")).endswith("/sid/ndc") and value.get("code"):
            yield value["code"], value.get("display", "")
        for inside in value.values():
            yield from _codings(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _codings(inside)


def _eob() -> Counter[tuple[str, str]]:
    folder = cases() / "fhir-eob-pharmacy"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.json")]
    with gzip.open(folder / "ab2d_EOB-500.ndjson.gz", "rt", encoding="utf-8") as file:
        texts += file.readlines()
    return Counter(coding for text in texts for coding in _codings(json.loads(text)))


def _answers(vocabulary: Vocabulary, title: str, given: Counter[str]) -> dict[str, int]:
    """How many different NDCs are understood, and how many are not by reason; printed with the claims (`pytest -s`)."""
    ndcs: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for ndc, times in given.items():
        answer = vocabulary.understand(ndc=ndc)
        said = "understood" if isinstance(answer, Drug) else answer.reason
        ndcs[said] += 1
        claims[said] += times
    print(f"\n{title}: {len(given)} NDCs on {sum(given.values())} claims")
    for said, count in ndcs.most_common():
        print(f"  {said:20} {count:5} NDCs {claims[said]:5} claims")
    return dict(ndcs)


def test_ndcs_of_twenty_synthetic_people(vocabulary: Vocabulary) -> None:
    """Synthea writes many NDCs of packages withdrawn before 2019, and product codes with two zeros in front."""
    given = _claims(cases() / "rif-synthea" / "pde.csv")
    answers = _answers(vocabulary, "RIF, twenty synthetic people", given)

    assert len(given) == 371
    assert answers.pop("understood") >= 144
    assert answers == {"unknown_labeler": 129, "unknown_product": 73, "padded_product_code": 25}


def test_ndcs_of_the_insert_and_update_samples(vocabulary: Vocabulary) -> None:
    answers = _answers(
        vocabulary, "RIF, inserts and updates", _claims(*sorted((cases() / "rif-static").glob("*pde*.txt")))
    )

    assert answers == {"understood": 5, "placeholder": 1}


def test_ndcs_of_2008_to_2010(vocabulary: Vocabulary) -> None:
    """DE-SynPUF: no list at hand is older than 2019, and labelers and packages of 2008 are gone from those."""
    files = sorted((cases() / "desynpuf-10").glob("*Prescription*"))
    answers = _answers(vocabulary, "DE-SynPUF, 2008 to 2010", _claims(*files, delimiter=","))

    assert answers.pop("understood") >= 72
    assert answers == {"unknown_labeler": 197, "unknown_product": 118}


def test_ndcs_of_explanations_of_benefit(vocabulary: Vocabulary) -> None:
    given: Counter[str] = Counter()
    for (ndc, _), times in _eob().items():
        given[ndc] += times
    answers = _answers(vocabulary, "FHIR explanations of benefit", given)

    assert answers.pop("understood") >= 32
    assert answers == {"unknown_labeler": 27, "unknown_product": 16, "padded_product_code": 2, "placeholder": 1}


def test_ndc_and_display_of_an_explanation_of_benefit_are_one_drug(vocabulary: Vocabulary) -> None:
    both = [
        (ndc, by_ndc.key, by_name.key)
        for ndc, display in _eob()
        if isinstance(by_ndc := vocabulary.understand(ndc=ndc), Drug)
        and isinstance(by_name := vocabulary.understand(name=display), Drug)
    ]

    assert len(both) >= 19
    assert [row for row in both if row[1] != row[2]] == []


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
