"""NDCs placed by the FDA NDC Directory: by their product, by strength, by substance, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from mtm_shared.vocabulary.building.directory import add_directory
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.indexes import names_of
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.building.strengths import dose_form, strength
from mtm_shared.vocabulary.drugs import DrugTables
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import Package

from .conftest import Finish, clinical, directory, package, rxnorm

NEW = "99999000101"
BRANDED = clinical("617320", "atorvastatin 40 MG Oral Tablet [Lipitor]", "83367", "40 MG", "Lipitor")
BOTH = Product("2000001", "MIN", "atorvastatin / simvastatin", ("36567", "83367"), "", "", "", "")


def place(draft: Draft, *packages: Package) -> dict[str, str]:
    """Where the packages went; curated NDCs left out."""
    drugs = DrugTables({}, draft.ingredients, draft.names, (), draft.products, draft.ndcs)
    add_directory(draft, directory(*packages), names_of(drugs, drugs, {}))
    return {ndc: draft.ndcs[ndc] for ndc in draft.ndcs.keys() - draft.curated.drugs.ndcs.keys()}


def test_package_of_a_known_product_goes_to_that_product(draft: Draft) -> None:
    assert place(draft, package("00071015799", "UNHEARD OF")) == {"00071015799": "617311"}
    assert draft.counts["directory_by_product_code"] == 1


def test_known_ndc_stays(draft: Draft) -> None:
    assert place(draft, package("00071015723", "SIMVASTATIN")) == {}
    assert draft.ndcs["00071015723"] == "617311"


def test_substance_strength_and_form_lead_to_the_clinical_drug(draft: Draft) -> None:
    assert place(draft, package(NEW, "ATORVASTATIN")) == {NEW: "617311"}


def test_brand_leads_to_the_branded_drug(draft: Draft) -> None:
    draft.products[BRANDED.rxcui] = BRANDED

    assert place(draft, package(NEW, "ATORVASTATIN", proprietary_name="LIPITOR")) == {NEW: "617320"}


def test_two_products_alike_leave_the_ingredient(draft: Draft) -> None:
    draft.products["617399"] = clinical("617399", "atorvastatin (once a day) 40 MG Oral Tablet", "83367", "40 MG")

    assert place(draft, package(NEW, "ATORVASTATIN")) == {NEW: "83367"}


@pytest.mark.parametrize(
    "otherwise",
    [{"strengths": ("41 mg/1",)}, {"strengths": ()}, {"form": "CAPSULE"}, {"routes": ("TOPICAL",)}],
)
def test_other_strength_or_form_leaves_the_ingredient(draft: Draft, otherwise: dict[str, Any]) -> None:
    assert place(draft, package(NEW, "ATORVASTATIN", **otherwise)) == {NEW: "83367"}


def test_substances_together_lead_to_the_combination(draft: Draft) -> None:
    draft.products[BOTH.rxcui] = BOTH

    assert place(draft, package(NEW, "SIMVASTATIN; ATORVASTATIN")) == {NEW: "2000001"}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (package(NEW, "ATORVASTATIN", marketing_category="UNAPPROVED HOMEOPATHIC"), "homeopathic"),
        (package(NEW, ""), "no_substance"),
        (package(NEW, "ATORVASTATIN; ARNICA"), "unknown_substance"),
        (package(NEW, "LIPITOR"), "unknown_substance"),
        (package(NEW, "ATORVASTATIN; SIMVASTATIN"), "unknown_combination"),
        (package(NEW, "ATORVASTATIN", nonproprietary_name="Simvastatin"), "names_disagree"),
        (package(NEW, "SIMVASTATIN", proprietary_name="LIPITOR"), "names_disagree"),
    ],
)
def test_package_that_leads_nowhere_is_listed_with_the_reason(draft: Draft, one: Package, reason: str) -> None:
    assert place(draft, one) == {}
    assert [(missing.ndc, missing.reason) for missing in draft.not_placed] == [(NEW, reason)]


def test_ndc_of_an_ingredient_is_understood(draft: Draft, finished: Finish) -> None:
    place(draft, package(NEW, "SIMVASTATIN"))
    vocabulary, _ = finished(draft)
    found = vocabulary.understand(ndc=NEW)

    assert (found.rxcui, found.dose_form) == ("36567", None)  # type: ignore[union-attr]


def test_flags_of_an_official_ingredient_follow_the_majority(draft: Draft, finished: Finish) -> None:
    add_rxnorm(draft, rxnorm({"5": "loratadine", "6": "tramadol"}))
    otc, controlled = {"product_type": "HUMAN OTC DRUG"}, {"schedule": "CIV"}
    place(
        draft,
        package("99999000101", "LORATADINE", **otc),
        package("99999000201", "LORATADINE", **otc),
        package("99999000301", "TRAMADOL", **controlled),
        package("99999000401", "TRAMADOL", **controlled),
        package("99999000501", "TRAMADOL"),
    )
    vocabulary, _ = finished(draft)
    loratadine, tramadol = vocabulary.ingredients["5"], vocabulary.ingredients["6"]

    assert (loratadine.otc, loratadine.part_d, loratadine.schedule) == (True, False, "")
    assert (tramadol.otc, tramadol.part_d, tramadol.schedule) == (False, True, "4")
    assert "most of 3 packages" in vocabulary.tables.drugs.flag_sources["6"]["schedule"].source


def test_flags_of_a_curated_ingredient_stay(draft: Draft) -> None:
    place(draft, package(NEW, "SIMVASTATIN", product_type="HUMAN OTC DRUG", schedule="CII"))

    assert draft.ingredients == draft.curated.drugs.ingredients


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10 mg/1", "10 MG"),
        (".5 mg/1", "0.5 MG"),
        ("25 ug/1", "0.025 MG"),
        ("1 g/1", "1000 MG"),
        ("1,000 [iU]/1", "1000 UNT"),
        ("20 meq/1", "20 MEQ"),
        ("2 mg/5mL", "0.4 MG/ML"),
        ("100 [iU]/mL", "100 UNT/ML"),
        ("66.2 g/100g", "0.662 MG/MG"),
        ("10 mg/g", "0.01 MG/MG"),
        ("6 [hp_X]/1", ""),
        ("0 mg/1", ""),
        ("mg/1", ""),
        ("", ""),
    ],
)
def test_strength_becomes_what_rxnorm_writes(written: str, read: str) -> None:
    assert strength(written) == read


def test_form_needs_its_route() -> None:
    assert dose_form("TABLET, FILM COATED", ("ORAL",)) == "Oral Tablet"
    assert dose_form("TABLET", ("SUBLINGUAL",)) == "Sublingual Tablet"
    assert dose_form("CREAM", ("ORAL",)) == ""
    assert dose_form("TABLET", ("ORAL", "SUBLINGUAL")) == ""
    assert dose_form("TABLET", ()) == ""
