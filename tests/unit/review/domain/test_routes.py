"""Which place in the body a product reaches."""

import pytest
from mtm_review.domain.routes import group_of, route_of
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Oral Tablet", "oral"),
        ("Oral Suspension", "oral"),
        ("Oral Gel", "oral"),
        ("Ophthalmic Solution", "ophthalmic"),
        ("Otic Solution", "otic"),
        ("prednisolone eye drops", "ophthalmic"),
        ("erythromycin eye ointment", "ophthalmic"),
        ("ofloxacin ear drops", "otic"),
        ("eye vitamins", ""),
        ("Metered Dose Inhaler", "inhaled"),
        ("Metered Dose Nasal Spray", "nasal"),
        ("Transdermal System", "transdermal"),
        ("Vaginal Cream", "vaginal"),
        ("Topical Cream", "topical"),
        ("Pen Injector", "injection"),
        ("subcutaneous", "injection"),
        ("Sublingual Tablet", "sublingual"),
        ("by mouth", "oral"),
        ("a probiotic", ""),
    ],
)
def test_group(text: str, group: str) -> None:
    assert group_of(text) == group


def test_a_combination_is_used_where_all_its_ingredients_are() -> None:
    budesonide = Ingredient("1", "budesonide", "b", routes=frozenset({"inhalation", "nasal", "oral"}))
    formoterol = Ingredient("2", "formoterol", "f", routes=frozenset({"inhalation"}))
    drug = Drug("3", "budesonide / formoterol", (budesonide, formoterol), ResolvedBy.NAME)
    assert route_of(drug) == "inhaled"


def test_the_stated_route_wins() -> None:
    drug = Drug("3", "timolol", (Ingredient("1", "timolol", "t"),), ResolvedBy.NAME, route="oral")
    assert route_of(drug, "eye drops, ophthalmic") == "ophthalmic"
