"""Products and NDCs: strengths with their units, packs, and packages of what Part D members use most."""

import csv

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from support import refdata


@pytest.mark.parametrize(
    ("rxcui", "strength", "form", "route"),
    [
        ("197885", "12.5 MG / 10 MG", "Oral Tablet", "oral"),  # hydrochlorothiazide and lisinopril
        ("311040", "100 UNT/ML", "Injectable Solution", "subcutaneous"),  # insulin aspart
        ("351297", "30 UNT/ML / 70 UNT/ML", "Injectable Suspension", "subcutaneous"),  # aspart and its protamine
        ("245134", "0.025 MG/HR", "Transdermal System", "transdermal"),  # fentanyl for 72 hours
        ("896209", "0.05 MG/ACTUAT / 0.25 MG/ACTUAT", "Dry Powder Inhaler", "inhalation"),  # salmeterol, fluticasone
        ("745679", "0.09 MG/ACTUAT", "Metered Dose Inhaler", "inhalation"),  # albuterol
        ("1551306", "3 MG/ML", "Auto-Injector", "subcutaneous"),  # dulaglutide, 1.5 MG in half a millilitre
        ("1659183", "75 MG/ML", "", "subcutaneous"),  # alirocumab: letter A, the form is not proven
        ("749783", "", "Pack", "oral"),  # six tablets of azithromycin
    ],
)
def test_strength_form_and_route(vocabulary: Vocabulary, rxcui: str, strength: str, form: str, route: str) -> None:
    product = vocabulary.product(rxcui)

    assert product is not None
    assert (product.strength, product.form, product.route) == (strength, form, route)


def test_pack_has_the_ingredients_of_all_it_holds(vocabulary: Vocabulary) -> None:
    """Lo Loestrin Fe: ethinyl estradiol, norethindrone, and the iron of the last tablets."""
    drug = vocabulary.understand(rxcui="1037185")

    assert isinstance(drug, Drug)
    assert [part.name for part in drug.ingredients] == ["ethinyl estradiol", "norethindrone", "ferrous fumarate"]
    assert (drug.strength, drug.dose_form) == (None, "Pack")


def test_a_package_of_a_pack_is_understood(vocabulary: Vocabulary) -> None:
    packs = [rxcui for rxcui, product in vocabulary.products.items() if product.tty in {"GPCK", "BPCK"}]
    packaged = [rxcui for rxcui in packs if vocabulary.ndcs_of(rxcui)]

    assert len(packs) >= 600
    assert len(packaged) >= 400
    assert isinstance(vocabulary.understand(ndc=vocabulary.ndcs_of(packaged[0])[0]), Drug)


def test_every_strength_has_an_amount_and_a_unit(vocabulary: Vocabulary) -> None:
    strengths = {strength for product in vocabulary.products.values() for strength in product.strengths}
    amounts = {strength: strength.split(" ", 1) for strength in strengths}
    wrong = [
        text
        for text, parts in amounts.items()
        if len(parts) != 2 or not parts[0][0].isdigit() or parts[1] != parts[1].upper()
    ]

    assert len(strengths) > 1_700
    assert wrong == []


def test_brand_and_term_type_agree(vocabulary: Vocabulary) -> None:
    branded = {"SBD", "SBDC", "BN", "BPCK"}
    wrong = [item.rxcui for item in vocabulary.products.values() if bool(item.brand) != (item.tty in branded)]

    assert wrong == []


@pytest.mark.refdata
def test_most_dispensed_drugs_have_packages(vocabulary: Vocabulary) -> None:
    """Every one of the 600 generics with the most Part D claims of 2017, but for those that no list at hand packages:
    vaccines of many antigens and prenatal vitamins."""
    with (refdata() / "partd_spending" / "partd_2017_top600_rxcui.tsv").open(encoding="utf-8") as file:
        ranked = list(csv.DictReader(file, delimiter="\t"))
    packaged = {vocabulary.products[product].ingredients for product in vocabulary.tables.drugs.ndcs.values()}
    without = []
    for row in ranked:
        drug = vocabulary.understand(name=row["generic"])
        parts = () if not isinstance(drug, Drug) else drug.ingredients
        is_drug = bool(parts) and not any(part.device for part in parts)
        if is_drug and tuple(part.rxcui for part in parts) not in packaged:
            without.append(row["generic"])

    assert len(vocabulary.tables.drugs.ndcs) >= 23_000
    assert sorted(without) == [
        "Diph,Pertuss(Acell),Tet Vac/PF",
        "Diphth,Pertuss(Acell),Tet Vac",
        "PNV,Calcium 72/Iron/Folic Acid",
    ]
