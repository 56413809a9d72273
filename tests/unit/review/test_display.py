"""Strengths as members read them on the label."""

import pytest
from mtm_review.usecases.display import display_name, readable_strength
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy


@pytest.mark.parametrize(
    ("strength", "shown"),
    [
        ("40 MG", "40 mg"),
        ("0.5 MG", "0.5 mg"),
        ("0.025 MG", "25 mcg"),
        ("12.5 MG / 20 MG", "12.5 mg / 20 mg"),
        ("100 UNT/ML", "100 units/mL"),
        ("5 MG/ML", "5 mg/mL"),
        ("0.05 MG/ML", "0.05 mg/mL"),
        ("0.0625 MG/ACTUAT / 0.025 MG/ACTUAT", "62.5 mcg / 25 mcg"),
        ("5 MG/ACTUAT", "5 mg"),
        ("0.4 MG/ACTUAT", "400 mcg"),
        ("0.075 MG/HR", "75 mcg/hr"),
        ("0.2 MG/HR", "0.2 mg/hr"),
        ("0.0005 MG/MG", "0.05%"),
        ("100 UNT/MG", "100 units/mg"),
        ("20 MEQ", "20 mEq"),
        ("1000 MG", "1000 mg"),
        ("as directed", "as directed"),
    ],
)
def test_strength_reads_as_on_the_label(strength: str, shown: str) -> None:
    assert readable_strength(strength) == shown


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

    assert display_name(drug, "") == "Anoro (umeclidinium / vilanterol) 62.5 mcg / 25 mcg"
