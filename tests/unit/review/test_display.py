"""Strengths as members read them on the label."""

import pytest
from mtm_review.usecases.display import display_name, readable_strength
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy


@pytest.mark.parametrize(
    ("strength", "route", "shown"),
    [
        ("40 MG", "oral", "40 mg"),
        ("0.5 MG", "oral", "0.5 mg"),
        ("0.025 MG", "oral", "25 mcg"),
        ("12.5 MG / 20 MG", "oral", "12.5 mg / 20 mg"),
        ("100 UNT/ML", "subcutaneous", "100 units/mL"),
        ("5 MG/ML", "ophthalmic", "5 mg/mL"),
        ("0.05 MG/ML", "ophthalmic", "0.05 mg/mL"),
        ("0.0625 MG/ACTUAT / 0.025 MG/ACTUAT", "inhalation", "62.5 mcg / 25 mcg per puff"),
        ("5 MG/ACTUAT", "nasal", "5 mg per spray"),
        ("0.4 MG/ACTUAT", "sublingual", "400 mcg per spray or puff"),
        ("0.075 MG/HR", "transdermal", "75 mcg per hour"),
        ("0.2 MG/HR", "transdermal", "0.2 mg per hour"),
        ("0.0005 MG/MG", "topical", "0.05%"),
        ("100 UNT/MG", "topical", "100 units/mg"),
        ("20 MEQ", "oral", "20 mEq"),
        ("1000 MG", "oral", "1000 mg"),
        ("as directed", None, "as directed"),
    ],
)
def test_strength_reads_as_on_the_label(strength: str, route: str | None, shown: str) -> None:
    assert readable_strength(strength, route) == shown


def test_brand_stands_before_its_ingredients() -> None:
    parts = (Ingredient("1", "umeclidinium", "umeclidinium"), Ingredient("2", "vilanterol", "vilanterol"))
    drug = Drug(
        rxcui="3",
        name="Anoro",
        ingredients=parts,
        resolved_by=ResolvedBy.NDC,
        route="inhalation",
        strength="0.0625 MG/ACTUAT / 0.025 MG/ACTUAT",
        brand="Anoro",
    )

    assert display_name(drug, "") == "Anoro (umeclidinium / vilanterol) 62.5 mcg / 25 mcg per puff"
