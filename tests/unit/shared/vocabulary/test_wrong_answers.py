"""No text leads silently to another drug, strength, route or salt than it says: traps found in real ways of writing."""

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary

# The amounts, the bracket or a word behind the name speak of a drug that the name alone is not.
SAYS_MORE = [
    ("hydrocodone 10/325", "hydrocodone"),
    ("oxycodone 5-325 mg tab", "oxycodone"),
    ("losartan 100/25", "losartan"),
    ("valsartan 160/12.5", "valsartan"),
    ("lisinopril 20 mg/12.5 mg", "lisinopril"),
    ("sitagliptin 50-1000", "sitagliptin"),
    ("fluticasone 250/50", "fluticasone"),
    ("olmesartan 40-10-25 mg", "olmesartan"),
    ("Humalog 75/25", "Humalog"),
    ("Novolog 70/30", "NovoLog"),
    ("insulin NPH 70/30", "insulin isophane"),
    ("lisinopril 10-20 mg", "lisinopril"),
    ("metoprolol (HCTZ)", "metoprolol"),
    ("oxycodone (Percocet)", "oxycodone"),
    ("vitamin D (ergocalciferol)", "ergocalciferol"),
    ("warfarin (STOPPED)", "warfarin"),
    ("aspirin (allergic)", "aspirin"),
    ("penicilina (alergia)", None),
    ("vitamin D3 calcium 600", "calcium carbonate"),
    ("calcium magnesium zinc", "calcium carbonate"),
    ("aspirin zinc", "aspirin"),
    ("zinc chloride / sodium gluconate", None),
    ("magnesium acetate", None),
    ("polyethylene glycol 300", "polyethylene glycol 3350"),
    ("Neo-Synephrine 12 Hour 0.05%", "oxymetazoline"),
]

# What is written, and the strength and route that may be said of it; "" when none may be.
STRENGTHS = [
    ("levotiroxina 0,5 mg", "0.5 MG", ""),
    ("digoxina 0,125 mg", "0.125 MG", "oral"),
    ("warfarin 2,5 mg", "2.5 MG", "oral"),
    ("metformina 1,5 g", "1500 MG", ""),
    ("metformin 1,000 mg tab", "1000 MG", "oral"),
    ("metformin 1.000 mg", "", ""),
    ("metformina 1.250 mg", "", ""),
    ("carvedilol 3.125 mg tab", "3.125 MG", "oral"),
    ("vitamin D 50,000 IU", "50000 UNT", ""),
    ("metformin 1 000 mg", "", ""),
    ("digoxin .25 mg", "0.25 MG", "oral"),
    ("digoxin 250 mcg", "0.25 MG", "oral"),
    ("warfarin 5.0 mg", "5 MG", "oral"),
    ("levothyroxine 50", "", ""),
    ("levothyroxine 50 mcg tab", "0.05 MG", "oral"),
    ("levothyroxine 50 mg", "50 MG", ""),
    ("amoxicillin 250 mg per 5 ml", "50 MG/ML", "oral"),
    ("amoxicilina 250 mg en 5 ml", "50 MG/ML", "oral"),
    ("amoxicillin 10mg/5ml", "2 MG/ML", ""),
    ("meperidine 10 mg/ml", "10 MG/ML", None),
    ("morphine 20 mg/ml", "20 MG/ML", ""),
    ("oxycodone ER 5 mg", "5 MG", ""),
    ("fentanyl 1.2 MG Buccal Film", "1.2 MG", ""),
    ("Lantus U-100", "", ""),
    ("Lantus 20 units", "", ""),
    ("Humulin R U-500", "", ""),
    ("nifedipine ER 24h 30 mg", "30 MG", ""),
    ("lisinopril 10 mg take 1-2 tablets daily 30 tabs", "10 MG", "oral"),
    ("1/2 tablet lisinopril 10 mg", "10 MG", "oral"),
    ("½ tablet lisinopril 10 mg", "10 MG", "oral"),
    ("lisinopril 10 mg #30", "10 MG", "oral"),
    ("prednisone 10 mg 5 mg", "", ""),
    ("lisinopril 10 mg 10/05/2026", "10 MG", "oral"),
    ("lisinopril 0 mg", "", ""),
    ("lisinopril 00071015523", "", ""),
]


@pytest.mark.parametrize(("name", "suggested"), SAYS_MORE)
def test_name_that_says_more_than_one_drug_is_not_resolved(
    vocabulary: Vocabulary, name: str, suggested: str | None
) -> None:
    answer = vocabulary.understand(name=name)

    assert isinstance(answer, NotUnderstood)
    assert suggested is None or suggested in answer.suggestions


@pytest.mark.parametrize(("name", "strength", "route"), STRENGTHS)
def test_strength_and_route_are_those_written(
    vocabulary: Vocabulary, name: str, strength: str, route: str | None
) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert (drug.strength or "") == strength
    assert route is None or (drug.route or "") == route


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("Tylenol #3", {"acetaminophen", "codeine"}),
        ("Tylenol (with codeine)", {"acetaminophen", "codeine"}),
        ("Humulin 70/30", {"insulin isophane", "insulin, regular, human"}),
        ("Humalog Mix 75/25", {"insulin lispro", "insulin lispro protamine, human"}),
        ("Hyzaar 100-25", {"hydrochlorothiazide", "losartan"}),
        ("Amlodipine/Atorvastatin Calcium 10-20 mg", {"amlodipine", "atorvastatin"}),
        ("Atorvastatin (Lipitor)", {"atorvastatin"}),
        ("furosemide (Lasix) 40 mg", {"furosemide"}),
        ("naproxen (as sodium) 220 mg", {"naproxen"}),
        ("Methylprednisolone Sod Succ", {"methylprednisolone"}),
        ("raltegravir potassium", {"raltegravir"}),
    ],
)
def test_caution_leaves_what_is_clear(vocabulary: Vocabulary, name: str, ingredients: set[str]) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert {part.name for part in drug.ingredients} == ingredients
