"""RxNorm under the curated dictionary: what is new comes in, what is curated stays, differences are listed."""

from __future__ import annotations

from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood
from mtm_shared.vocabulary.building.draft import Conflict, Draft
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.model import Product

from .conftest import Finish, clinical, rxnorm

PITAVASTATIN = clinical("1000001", "pitavastatin 4 MG Oral Tablet", "861634", "4 MG")
BRAND = Product("1000002", "BN", "Livalo", ("861634",), "", "", "", "Livalo")


def test_drug_that_only_rxnorm_has_is_understood(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"861634": "pitavastatin"}, (PITAVASTATIN, BRAND), {"00002477030": "1000001"}))
    vocabulary, _ = finished(draft)

    for found in (
        vocabulary.understand(ndc="00002477030"),
        vocabulary.understand(rxcui="1000001"),
        vocabulary.understand(name="Livalo 4 mg tablet"),
        vocabulary.understand(name="pitavastatin"),
    ):
        assert isinstance(found, Drug)
        assert found.key == "861634"
    assert vocabulary.ndcs_of("1000001") == ("00002477030",)


def test_new_ingredient_has_no_class_and_no_flag_but_its_routes(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"861634": "pitavastatin"}, (PITAVASTATIN,)))
    vocabulary, _ = finished(draft)
    ingredient = vocabulary.ingredients["861634"]

    assert (ingredient.classes, ingredient.maintenance, ingredient.otc) == (frozenset(), False, False)
    assert ingredient.routes == {"oral"}
    assert ingredient.family == "pitavastatin"


def test_curated_ingredient_keeps_its_name_and_the_difference_is_listed(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"83367": "atorvastatine", "36567": "Simvastatin"}))
    vocabulary, report = finished(draft)

    assert vocabulary.ingredients["83367"].name == "atorvastatin"
    assert vocabulary.ingredients["83367"].classes == {"statin"}
    assert report.conflicts == (Conflict("ingredient_name", "83367", "atorvastatin", "atorvastatine"),)
    assert (vocabulary.confirmed_by("36567"), vocabulary.confirmed_by("83367")) == ("RxNorm", "")


def test_name_of_a_curated_ingredient_means_the_curated_one(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"999": "simvastatin"}))
    vocabulary, report = finished(draft)

    found = vocabulary.understand(name="simvastatin")
    assert isinstance(found, Drug)
    assert found.key == "36567"
    assert report.conflicts == (Conflict("ingredient_rxcui", "36567", "simvastatin", "999"),)


def test_synonym_of_rxnorm_is_understood_but_not_before_a_curated_name(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"36567": "simvastatin"}, synonyms={"36567": ("synvinolin", "Lipitor")}))
    vocabulary, _ = finished(draft)

    by_synonym, by_brand = vocabulary.understand(name="synvinolin"), vocabulary.understand(name="Lipitor")
    assert isinstance(by_synonym, Drug)
    assert isinstance(by_brand, Drug)
    assert (by_synonym.key, by_brand.key) == ("36567", "83367")


def test_curated_product_stays_and_what_differs_is_listed(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm(products=(clinical("617311", "atorvastatin 40 MG Oral Tablet", "83367", "80 MG"),)))
    vocabulary, report = finished(draft)

    assert vocabulary.products["617311"].strength == "40 MG"
    assert report.conflicts == (Conflict("product", "617311", "strength=40 MG", "strength=80 MG"),)


def test_curated_ndc_stays_and_is_listed(draft: Draft, finished: Finish) -> None:
    other = clinical("617312", "atorvastatin 80 MG Oral Tablet", "83367", "80 MG")
    add_rxnorm(draft, rxnorm(products=(other,), ndcs={"00071015723": "617312"}))
    vocabulary, report = finished(draft)

    assert vocabulary.tables.drugs.ndcs["00071015723"] == "617311"
    assert report.conflicts == (Conflict("ndc", "00071015723", "617311", "617312"),)


def test_product_of_an_unknown_ingredient_is_counted_and_left_out(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm(products=(PITAVASTATIN,), ndcs={"00002477030": "1000001"}))
    vocabulary, report = finished(draft)

    assert vocabulary.product("1000001") is None
    assert report.counts == {"products_without_ingredient": 1, "ndcs_without_product": 1}


def test_retired_concept_leads_on(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm(retired={"123": ("83367",), "124": ("83367", "36567"), "125": ("404",), "126": ()}))
    vocabulary, report = finished(draft)
    found, split, nowhere = (vocabulary.understand(rxcui=old) for old in ("123", "124", "125"))

    assert isinstance(found, Drug)
    assert found.key == "83367"
    assert isinstance(split, NotUnderstood)
    assert split.code == "ambiguous_rxcui"
    assert isinstance(nowhere, NotUnderstood)
    assert report.counts["retired_leading_nowhere"] == 2


def test_curated_concept_that_rxnorm_retired_stays_and_is_listed(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm(retired={"83367": ("36567",), "617311": ()}))
    vocabulary, report = finished(draft)

    assert vocabulary.ingredient("83367") is not None
    assert report.conflicts == (
        Conflict("ingredient_retired", "83367", "atorvastatin", "36567"),
        Conflict("product_retired", "617311", "atorvastatin 40 MG Oral Tablet", ""),
    )
