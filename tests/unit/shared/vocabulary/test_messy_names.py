"""What messy names lead to: a table (messy_names.csv) of names from records, pharmacy systems and members' own lists.

`ingredients` (and product, strength) for a name that resolves; `code` and the first suggestion for one that must not.
The table holds every medication display of the public samples, checked below where these are at hand.
"""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from support import cases

_TABLE: Final = Path(__file__).with_name("messy_names.csv")


def _rows() -> list[dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _displays(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("display") and any(
            kind in str(value.get("system", "")).casefold() for kind in ("rxnorm", "/sid/ndc")
        ):
            yield value["display"]
        for inside in value.values():
            yield from _displays(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _displays(inside)


@pytest.mark.parametrize("row", [row for row in _rows() if not row["code"]], ids=lambda row: row["written"])
def test_messy_name_resolves(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    drug = vocabulary.understand(name=row["written"])

    assert isinstance(drug, Drug)
    assert [part.name for part in drug.ingredients] == row["ingredients"].split(";")
    assert (drug.strength or "") == row["strength"]
    assert not row["rxcui"] or drug.rxcui == row["rxcui"]


@pytest.mark.parametrize("row", [row for row in _rows() if row["code"]], ids=lambda row: row["written"])
def test_unclear_name_is_only_suggested(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    answer = vocabulary.understand(name=row["written"])

    assert isinstance(answer, NotUnderstood)
    assert answer.code == row["code"]
    assert (answer.suggestions[0] if answer.suggestions else "") == row["suggestion"]


def test_table_holds_names_of_every_origin() -> None:
    origins = Counter(row["origin"] for row in _rows())

    assert origins["pharmacy_system"] >= 150
    assert origins["member_list"] >= 120
    assert origins["member_list_es"] >= 90


@pytest.mark.realcases
def test_table_holds_every_medication_display_of_the_public_samples() -> None:
    folder = cases()
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.json")]
    texts += (folder / "cms156-2023" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    with gzip.open(folder / "fhir-eob-pharmacy" / "ab2d_EOB-500.ndjson.gz", "rt", encoding="utf-8") as file:
        texts += file.readlines()
    given = {display for text in texts for display in _displays(json.loads(text))}

    assert len(given) > 90
    assert given - {row["written"] for row in _rows()} == set()
