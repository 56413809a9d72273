"""Names as a pharmacist reads them: a combination's brand means all of its parts, a vague name what it can only mean.

`combination_brands.csv` holds brands with their ingredients; `vague_names.csv` names that members write though they
mean several things: resolved where the choice changes nothing (one family, one use), ambiguous where it does.
"""

import csv
from pathlib import Path
from typing import Final

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary

HERE: Final = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BRANDS: Final = _rows("combination_brands.csv")
VAGUE: Final = _rows("vague_names.csv")
# What may only be suggested: resolving it would name a drug that the member need not take.
ONLY_SUGGESTED: Final = (
    ("heparin flush", "heparin"),  # keeps a line open; no treatment with an anticoagulant
    ("CBD oil", "cannabidiol"),  # a supplement of unknown strength
    ("cortisone shot", "cortisone"),  # mostly triamcinolone or methylprednisolone
    ("iron infusion", "ferrous sulfate"),  # an injection, not the tablet
    ("nitro", "nitroglycerin"),
    ("MS", "morphine"),  # or magnesium sulfate: ISMP's error-prone abbreviations
    ("NPH", "insulin isophane"),
)


@pytest.mark.parametrize("row", BRANDS, ids=lambda row: row["brand"])
def test_a_brand_means_exactly_its_ingredients(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    drug = vocabulary.understand(name=row["brand"])

    assert isinstance(drug, Drug)
    assert sorted(each.name for each in drug.ingredients) == sorted(row["ingredients"].split(";"))


def test_the_tables_hold_enough_names_once_each() -> None:
    brands = [row["brand"].casefold() for row in BRANDS]
    combinations = [row for row in BRANDS if ";" in row["ingredients"]]
    vague = [row["written"].casefold() for row in VAGUE]

    assert len(combinations) >= 250
    assert len(set(brands)) == len(brands)
    assert len(set(vague)) == len(vague) >= 50
    assert all(row["reason"] and bool(row["ingredients"]) != bool(row["choices"]) for row in VAGUE)


@pytest.mark.parametrize("row", [row for row in VAGUE if row["ingredients"]], ids=lambda row: row["written"])
def test_a_vague_name_that_can_do_no_harm_resolves(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    drug = vocabulary.understand(name=row["written"])

    assert isinstance(drug, Drug)
    assert sorted(each.name for each in drug.ingredients) == sorted(row["ingredients"].split(";"))


@pytest.mark.parametrize("row", [row for row in VAGUE if row["choices"]], ids=lambda row: row["written"])
def test_a_vague_name_that_could_do_harm_lists_what_it_may_mean(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    answer = vocabulary.understand(name=row["written"])

    assert isinstance(answer, NotUnderstood)
    assert answer.code == "ambiguous_name"
    assert sorted(answer.suggestions) == sorted(row["choices"].split(";"))


@pytest.mark.parametrize(("written", "suggested"), ONLY_SUGGESTED)
def test_a_name_that_need_not_be_the_drug_is_only_suggested(
    vocabulary: Vocabulary, written: str, suggested: str
) -> None:
    answer = vocabulary.understand(name=written)

    assert isinstance(answer, NotUnderstood)
    assert answer.code == "unknown_name"
    assert answer.suggestions[:1] == (suggested,)


def test_two_general_names_together_stay_ambiguous(vocabulary: Vocabulary) -> None:
    answer = vocabulary.understand(name="Humulin insulin")

    assert isinstance(answer, NotUnderstood)
    assert answer.code == "ambiguous_name"
