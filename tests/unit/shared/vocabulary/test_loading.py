"""A dictionary with a mistake does not load, and says where the mistake is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from .conftest import SmallDictionary

# A table, the row (from zero), the column, the wrong value, and what the message must name.
WRONG_VALUES = [
    ("ingredients", 0, "rxcui", "x83367", "ingredients.csv:2.rxcui"),
    ("ingredients", 0, "rxcui", "36567", "ingredients.csv:3.rxcui"),
    ("ingredients", 1, "name", "Atorvastatin", "ingredients.csv:3.name"),
    ("ingredients", 0, "family", "Ator Vastatin", "ingredients.csv:2.family"),
    ("ingredients", 0, "classes", "fibrate", "'fibrate'"),
    ("ingredients", 0, "classes", "statin;statin", "distinct"),
    ("ingredients", 0, "routes", "by_mouth", "'by_mouth'"),
    ("ingredients", 0, "rxcui", "local:Atorvastatin", "ingredients.csv:2.rxcui"),
    ("flags", 0, "rxcui", "1", "flags.csv:2.rxcui"),
    ("flags", 0, "flag", "maintained", "'maintained'"),
    ("flags", 0, "value", "true", "flags.csv:2.value"),
    ("flags", 1, "value", "1", "flags.csv:3.value"),
    ("flags", 0, "source", "", "flags.csv:2.source"),
    ("flags", 0, "status", "sure", "'sure'"),
    ("devices", 0, "id", "pen_needle", "devices.csv:2.id"),
    ("devices", 0, "part_d", "maybe", "must be yes or no"),
    ("devices", 1, "name", "Pen Needle", "must not repeat a key"),
    ("devices", 0, "source", "", "devices.csv:2.source"),
    ("ingredients", 0, "status", "certain", "'certain'"),
    ("ingredients", 0, "source", "", "ingredients.csv:2.source"),
    ("products", 0, "rxcui", "83367", "must not repeat a key"),
    ("products", 0, "ingredients", "17767", "'17767'"),
    ("products", 0, "ingredients", "83367+36567", "ascending"),
    ("products", 0, "strength", "40 MG / 10 MG", "one strength for each ingredient"),
    ("products", 0, "tty", "DF", "'DF'"),
    ("products", 0, "form", "atorvastatin 40 MG Oral Tablet", "dose form without a strength"),
    ("products", 0, "route", "by_mouth", "'by_mouth'"),
    ("products", 0, "name", "", "products.csv:2.name"),
    ("aliases", 0, "ingredients", "1", "aliases.csv:2.ingredients"),
    ("aliases", 0, "ingredients", "83367+36567", "ascending"),
    ("aliases", 0, "name", "", "aliases.csv:2.name"),
    ("ndcs", 0, "ndc", "71015723", "'71015723'"),
    ("ndcs", 0, "product", "153165", "clinical or branded drug"),
    ("ndcs", 0, "product", "1", "ndcs.csv:2.product"),
    ("words", 0, "kind", "shape", "'shape'"),
    ("words", 0, "word", "Film-Coated", "'Film-Coated'"),
    ("words", 0, "written", "tablet", "unless the word is a salt"),
    ("conditions", 0, "core_category", "heart", "'heart'"),
    ("conditions", 0, "look_back_days", "0", "at least 1"),
    ("conditions", 0, "look_back_days", "two years", "'two years'"),
    ("conditions", 0, "single_claim_settings", "office", "'office'"),
    ("conditions", 0, "citation", "", "conditions.csv:2.citation"),
    ("condition_codes", 0, "condition", "gout", "'gout'"),
    ("condition_codes", 0, "icd10", "E78.5", "without a dot"),
    ("condition_codes", 0, "icd10", "Z99", "'Z99'"),
    ("condition_codes", 0, "sense", "maybe", "'maybe'"),
    ("conditions", 0, "plain_name", "", "conditions.csv:2.plain_name"),
    ("conditions", 0, "id", "Dyslipidemia", "lower case"),
    ("snomed", 0, "concept", "55822005", "check digit"),
    ("snomed", 0, "condition", "gout", "'gout'"),
    ("rxhcc", 0, "category", "47", "like RXHCC30"),
    ("rxhcc", 0, "relation", "near", "'near'"),
]


def test_small_dictionary_loads(small: SmallDictionary) -> None:
    assert small.load().counts()["ndcs"] == 1


@pytest.mark.parametrize(("table", "row", "column", "value", "named"), WRONG_VALUES)
def test_wrong_value_is_refused_by_name(
    small: SmallDictionary, table: str, row: int, column: str, value: str, named: str
) -> None:
    small.change(table, row, column, value)

    with pytest.raises(ReferenceDataError) as refused:
        small.load()

    assert f"{table}.csv" in str(refused.value)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    "table",
    [
        "classes",
        "ingredients",
        "flags",
        "devices",
        "products",
        "aliases",
        "ndcs",
        "words",
        "icd10cm_categories",
        "conditions",
        "snomed",
    ],
)
def test_repeated_row_is_refused(small: SmallDictionary, table: str) -> None:
    small.repeat(table, 0)

    with pytest.raises(ReferenceDataError, match="must not repeat a key"):
        small.load()


def test_exclusion_must_lie_under_an_inclusion(small: SmallDictionary) -> None:
    small.change("condition_codes", 0, "icd10", "E780")

    with pytest.raises(ReferenceDataError, match="no included prefix"):
        small.load()


def test_code_that_changes_nothing_is_refused(small: SmallDictionary) -> None:
    small.change("condition_codes", 1, "sense", "include")

    with pytest.raises(ReferenceDataError, match="shorter prefix"):
        small.load()


def test_condition_without_codes_is_refused(small: SmallDictionary) -> None:
    small.drop("condition_codes", 1)
    small.drop("condition_codes", 0)

    with pytest.raises(ReferenceDataError, match="included code"):
        small.load()


def test_row_count_must_be_the_sidecars(small: SmallDictionary) -> None:
    path = small.folder / "ndcs.csv"
    path.write_text(path.read_text(encoding="utf-8") + "00071015623,617311,a list\n", encoding="utf-8")

    with pytest.raises(ReferenceDataError, match=r"ndcs\.csv: has 2 rows, but its sidecar says 1"):
        small.load()


def test_unknown_column_is_refused(small: SmallDictionary) -> None:
    path = small.folder / "classes.csv"
    path.write_text("id,name,parent\nstatin,Statin,\n", encoding="utf-8")

    with pytest.raises(ReferenceDataError, match=r"classes\.csv: columns must be id,name"):
        small.load()


def test_missing_table_is_refused(small: SmallDictionary) -> None:
    (small.folder / "ndcs.csv").unlink()

    with pytest.raises(ReferenceDataError, match=r"ndcs\.csv"):
        small.load()


def test_unknown_key_in_the_edition_is_refused(small: SmallDictionary) -> None:
    (small.folder / "edition.toml").write_text('version = "1"\nyear = 2026\n', encoding="utf-8")

    with pytest.raises(ReferenceDataError, match="unknown key 'year'"):
        small.load()


def test_shipped_dictionary_is_read_once() -> None:
    assert load_vocabulary() is load_vocabulary()


def test_same_data_has_the_same_fingerprint(vocabulary: Vocabulary, copied: Path) -> None:
    assert load_vocabulary(copied).sha256 == vocabulary.sha256


def test_changed_data_has_another_fingerprint(small: SmallDictionary, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = small.load().sha256
    other = type(small)(tmp_path_factory.mktemp("other"))
    other.change("classes", 0, "name", "Statins")

    assert other.load().sha256 != before


def test_version_is_an_edition(vocabulary: Vocabulary) -> None:
    year, month, _ = vocabulary.version.split(".")

    assert int(year) >= 2026
    assert 1 <= int(month) <= 12


def test_shipped_dictionary_holds_what_it_promises(vocabulary: Vocabulary) -> None:
    counts = vocabulary.counts()

    assert counts["ingredients"] >= 1_000
    assert counts["ndcs"] >= 19_000
    assert counts["conditions"] >= 350
    assert counts["snomed_concepts"] >= 380
    assert counts["rxhcc_categories"] == 84
