"""RxCUIs no longer in use lead forward where it is known what stands for them now, and say so where several do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from mtm_shared.values.drug import Drug, ResolvedBy
from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from support import cases


def _codings(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if "rxnorm" in str(value.get("system", "")).casefold() and value.get("code"):
            yield value
        for inside in value.values():
            yield from _codings(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _codings(inside)


def test_retired_rxcui_leads_to_what_stands_for_it_now(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(rxcui="833036")

    assert isinstance(drug, Drug)
    assert (drug.rxcui, drug.name, drug.resolved_by) == ("317173", "captopril 25 MG Oral Tablet", ResolvedBy.RXCUI)


def test_split_rxcui_is_ambiguous_and_lists_its_parts(vocabulary: Vocabulary) -> None:
    answer = vocabulary.understand(rxcui="1812176")

    assert isinstance(answer, NotUnderstood)
    assert answer.code == "ambiguous_rxcui"
    assert answer.suggestions == ("zinc oxide 0.4 MG/MG Topical Ointment", "zinc oxide 0.4 MG/MG Paste")


def test_vocabulary_says_what_stands_for_an_old_rxcui(vocabulary: Vocabulary) -> None:
    assert vocabulary.retired_to("833036") == ("317173",)
    assert vocabulary.retired_to("29046") == ()


def test_vocabulary_says_how_a_name_is_misspelled(vocabulary: Vocabulary) -> None:
    assert {"metropolol", "metaprolol"} <= set(vocabulary.misspellings_of("6918"))


def test_every_retired_rxcui_is_answered(vocabulary: Vocabulary) -> None:
    retired = vocabulary.tables.retired
    codes = {
        answer.code if isinstance(answer := vocabulary.understand(rxcui=old), NotUnderstood) else "" for old in retired
    }

    assert len(retired) >= 290
    assert codes == {"", "ambiguous_rxcui"}


@pytest.mark.realcases
def test_every_rxcui_of_the_public_samples_resolves_by_its_code_alone(vocabulary: Vocabulary) -> None:
    folder = cases()
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "opioid-mme").rglob("*.json"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted((folder / "synthea-seniors").rglob("*.json"))]
    texts += (folder / "cms156-2023" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    given = {(coding["code"], coding.get("display", "")) for text in texts for coding in _codings(json.loads(text))}
    missed = {pair for pair in given if not isinstance(vocabulary.understand(rxcui=pair[0]), Drug)}

    assert len(given) > 100
    assert missed == set()
