"""What written drug names resolve to, and what is only suggested."""

import pytest
from mtm_shared.values.drug import Drug, ResolvedBy
from mtm_shared.vocabulary import NotUnderstood, Vocabulary

RESOLVED = [
    # name on a list or claim, ingredients, product RxCUI where the words lead to one
    ("lisinopril", {"lisinopril"}, "29046"),
    ("LISINOPRIL 10 MG TAB", {"lisinopril"}, "314076"),
    ("Lisinopril 10mg tablets", {"lisinopril"}, "314076"),
    ("Lasix 40mg", {"furosemide"}, "200809"),
    ("metoprolol succinate ER 50 mg", {"metoprolol"}, "6918"),
    ("metoprolol tartrate 50 mg tab", {"metoprolol"}, "866514"),
    # A 50 MG plain tablet exists as the tartrate only: no product rather than the wrong salt.
    ("metoprolol succinate 50 mg tab", {"metoprolol"}, "6918"),
    # Three kinds of extended release tablet have this strength.
    ("Metformin HCl ER 500mg tablet", {"metformin"}, "6809"),
    ("bupropion XL 300 mg tab", {"bupropion"}, "993557"),
    ("Amlodipine Bes/Olmesartan Med", {"amlodipine", "olmesartan"}, None),
    ("hydrochlorothiazide 12.5 MG / lisinopril 10 MG Oral Tablet", {"hydrochlorothiazide", "lisinopril"}, "197885"),
    ("Lisinopril-HCTZ 10-12.5 mg tab", {"hydrochlorothiazide", "lisinopril"}, "197885"),
    ("losartan and hydrochlorothiazide", {"losartan", "hydrochlorothiazide"}, None),
    ("Levothyroxine 25 mcg tablet", {"levothyroxine"}, "966220"),
    ("Synthroid 0.075 mg", {"levothyroxine"}, "966171"),
    ("Symbicort 160-4.5 mcg", {"budesonide", "formoterol"}, None),
    ("Advair Diskus 250/50", {"fluticasone", "salmeterol"}, None),
    ("Toprol XL 100mg", {"metoprolol"}, "6918"),
    ("Janumet 50-1000", {"metformin", "sitagliptin"}, None),
    ("omeprazole DR 20 mg capsule", {"omeprazole"}, "198051"),
    ("potassium chloride ER 20 mEq tab", {"potassium chloride"}, "8591"),
    ("Aspirin 81 mg EC tab", {"aspirin"}, None),
    ("Vitamin D3 1000 IU", {"cholecalciferol"}, "2418"),
    ("Vitamin B 12 5 MG/ML Injectable Solution", {"vitamin B12"}, None),
    ("fish oil 1000 mg", {"fish oil (containing omega-3 acids)"}, "2053495"),
    ("St. John’s Wort", {"St. John's wort extract"}, None),
    ("Carbamazepine[Tegretol]", {"carbamazepine"}, "2002"),
    ("24hr nicotine transdermal patch", {"nicotine"}, "7407"),
    ("Abuse-Deterrent 12 HR Oxycodone Hydrochloride 15 MG Extended Release Oral Tablet", {"oxycodone"}, "1860154"),
    ("Acetaminophen/Hydrocodone", {"acetaminophen", "hydrocodone"}, None),
    ("ACETAMINOPHEN-CODEINE", {"acetaminophen", "codeine"}, None),
    ("Insulin Glargine,Hum.Rec.Anlog", {"insulin glargine"}, "274783"),
    ("Insulin NPh Hum/Reg Insulin Hm", {"insulin isophane", "insulin, regular, human"}, None),
    ("Penicillin V Potassium 500 MG", {"penicillin V"}, None),
    ("warfarin", {"warfarin"}, "11289"),
    # A salt behind a name is no second drug; behind a separator it is.
    ("Atorvastatin Calcium Trihydrate 20 mg", {"atorvastatin"}, "617310"),
    ("haloperidol lactate", {"haloperidol"}, None),
    ("bacitracin zinc", {"bacitracin"}, None),
    ("Calcium/Vitamin D", {"calcium carbonate", "cholecalciferol"}, None),
    ("vitamin D + calcium", {"calcium carbonate", "cholecalciferol"}, None),
    ("amoxicillin-clavulanate potassium", {"amoxicillin", "clavulanate"}, None),
    ("esomeprazole magnesium", {"esomeprazole"}, None),
    ("lisinopril/hctz 20 mg/25 mg tab", {"hydrochlorothiazide", "lisinopril"}, "197887"),
    ("Senna and Docusate Sodium Tablets, 8.6 mg and 50 mg", {"docusate", "sennosides, USP"}, None),
    ("Children's Tylenol 160 mg/5 mL", {"acetaminophen"}, None),
    ("Claritin-D", {"loratadine", "pseudoephedrine"}, None),
    ("Creon", {"amylase", "lipase", "protease"}, None),
    ("pancrelipase 24,000 units capsule", {"amylase", "lipase", "protease"}, None),
    ("Senna Plus", {"docusate", "sennosides, USP"}, None),
    ("Humulin 70/30 KwikPen", {"insulin isophane", "insulin, regular, human"}, None),
    ("Humulin N", {"insulin isophane"}, None),
    ("Calcium 600 + D", {"calcium carbonate", "cholecalciferol"}, None),
]

NOT_RESOLVED = [
    ("Simvistatin 10 MG", "unknown_name", "simvastatin"),
    ("atorvastatine 20mg", "unknown_name", "atorvastatin"),
    ("insulin", "ambiguous_name", "insulin aspart, human"),
    ("potassium", "ambiguous_name", "potassium chloride"),
    ("tenofovir", "ambiguous_name", "tenofovir alafenamide"),
    ("Emtricitabine/Tenofovir", "ambiguous_name", "tenofovir disoproxil"),
    ("Humulin", "ambiguous_name", "insulin isophane"),
    ("isosorbide", "ambiguous_name", "isosorbide dinitrate"),
    ("docusate plus", "unknown_name", "docusate"),
    ("Aleve-D Cold", "unknown_name", "Aleve"),
    ("grapefruit", "unknown_name", None),
    ("blue pill", "unknown_name", None),
    ("10 mg", "unknown_name", None),
    ("sodium", "unknown_name", None),
    ("lisinopril or something like it", "unknown_name", None),
    ("?", "unknown_name", None),
    ("x" * 5000, "unknown_name", None),
]


@pytest.mark.parametrize(("name", "ingredients", "rxcui"), RESOLVED)
def test_name_resolves(vocabulary: Vocabulary, name: str, ingredients: set[str], rxcui: str | None) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert {part.name for part in drug.ingredients} == ingredients
    assert drug.resolved_by is ResolvedBy.NAME
    assert rxcui is None or drug.rxcui == rxcui


@pytest.mark.parametrize(("name", "code", "suggested"), NOT_RESOLVED)
def test_name_is_not_guessed(vocabulary: Vocabulary, name: str, code: str, suggested: str | None) -> None:
    answer = vocabulary.understand(name=name)

    assert isinstance(answer, NotUnderstood)
    assert answer.code == code
    assert suggested is None or suggested in answer.suggestions


def test_strength_and_form_are_kept_without_a_product(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(name="lisinopril 17.5 mg tab")

    assert isinstance(drug, Drug)
    assert (drug.rxcui, drug.strength, drug.dose_form, drug.route) == ("29046", "17.5 MG", "Oral Tablet", "oral")


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("levothyroxine 112.5 mcg", "0.1125 MG"),
        ("metformin 1 g", "1000 MG"),
        ("lactulose 10 g/15 ml", "667 MG/ML"),
        ("amoxicillin 400 mg/5 mL", "80 MG/ML"),
        ("Lantus 100 units/mL", "100 UNT/ML"),
        ("ergocalciferol 50,000 units", "50000 UNT"),
        ("metoprolol .5 mg", "0.5 MG"),
        ("lisinopril", None),
        ("lisinopril 10", None),
    ],
)
def test_strength_is_read_as_rxnorm_writes_it(vocabulary: Vocabulary, name: str, strength: str | None) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert drug.strength == strength


def test_brand_is_kept(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(name="Lasix 40mg")

    assert isinstance(drug, Drug)
    assert drug.brand == "Lasix"


def test_strengths_of_a_combination_stand_in_the_order_of_its_ingredients(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(name="Lisinopril-HCTZ 20-25 mg tablet")

    assert isinstance(drug, Drug)
    assert [part.name for part in drug.ingredients] == ["hydrochlorothiazide", "lisinopril"]
    assert drug.strength == "25 MG / 20 MG"


def test_every_ingredient_is_found_by_its_own_name(vocabulary: Vocabulary) -> None:
    found = {rxcui: vocabulary.understand(name=item.name) for rxcui, item in vocabulary.ingredients.items()}
    wrong = [answer for rxcui, answer in found.items() if not isinstance(answer, Drug) or answer.key != rxcui]

    # RxNorm's ingredient of the mononitrate is plain "isosorbide", which on a list may mean the dinitrate.
    assert [answer.value for answer in wrong if isinstance(answer, NotUnderstood)] == ["isosorbide"]
    assert len(wrong) == 1


def test_curated_brands_are_rxnorms_where_rxnorm_has_them(vocabulary: Vocabulary) -> None:
    """RxNorm's "Humulin" and "Novolin" are the 70/30 mixtures; on a list they may be N or R: ambiguous here."""
    named: dict[str, set[str]] = {}
    for product in vocabulary.products.values():
        if product.brand:
            named.setdefault(product.brand, set()).add("+".join(product.ingredients))
    wrong = {
        brand
        for brand, drugs in named.items()
        if isinstance(found := vocabulary.understand(name=brand), Drug) and found.key not in drugs
    }
    ambiguous = {
        brand
        for brand, drugs in named.items()
        if len(drugs) == 1 and isinstance(vocabulary.understand(name=brand), NotUnderstood)
    }

    assert len(named) > 2_000
    assert wrong == set()
    assert {"Humulin", "Novolin"} <= ambiguous
    assert len(ambiguous) < 40
