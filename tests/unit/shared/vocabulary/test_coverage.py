"""What the shipped dictionary covers of the drugs that Part D members have, printed (`pytest -s`) and held."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from mtm_shared.values.drug import Drug, Ingredient
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA
from mtm_shared.vocabulary.drugs import ROUTES
from mtm_shared.vocabulary.flags import USUAL
from support import refdata

HERE = Path(__file__).parent
# Where a list gives an RxCUI with a label that is old or not RxNorm's own, the row cannot be called proven.
WEAK_SOURCES = {"rxnorm_label_2015", "ndfrt_2017", "rxnorm_2026-10", "own_knowledge", "own_id"}
PROVEN_SOURCES = {"rxnorm_2025-10", "rxnorm_2020-06"}


@pytest.mark.refdata
def test_every_one_of_the_600_most_used_generics_is_named(vocabulary: Vocabulary) -> None:
    rows = [row for row in _generics() if int(row["rank"]) <= 600]
    found = {row["generic"]: vocabulary.understand(name=row["generic"]) for row in rows}
    devices = sorted(name for name, drug in found.items() if isinstance(drug, Drug) and drug.ingredients[0].device)
    print(f"\n{len(rows)} generics of 2017: {sum(isinstance(drug, Drug) for drug in found.values())} named")
    print(f"of these devices: {devices}")

    assert [name for name, drug in found.items() if not isinstance(drug, Drug)] == []
    assert devices == [
        "Alcohol Antiseptic Pads",
        "Pen Needle, Diabetic",
        "Pen Needle, Diabetic, Safety",
        "Pen Needle,Dual Safety,Diabetc",
        "Syring-Needl,Disp,Insul,0.3 Ml",
        "Syringe And Needle,Insulin,1ml",
        "Syringe-Needle,Insulin,0.5 Ml",
    ]


@pytest.mark.refdata
def test_of_all_part_d_claims_almost_all_are_named(vocabulary: Vocabulary) -> None:
    rows = _generics()
    missed = [row for row in rows if not isinstance(vocabulary.understand(name=row["generic"]), Drug)]
    claims = sum(int(row["claims"]) for row in rows)
    share = 1 - sum(int(row["claims"]) for row in missed) / claims
    print(f"\n{len(rows)} generics of 2017: {len(rows) - len(missed)} named, {share:.2%} of {claims:,} claims")

    assert share > 0.998


@pytest.mark.parametrize(
    ("generic", "ingredients"),
    [
        ("Amlodipine Bes/Olmesartan Med", {"amlodipine", "olmesartan"}),
        ("Olmesartan/Amlodipin/HCThiazid", {"olmesartan", "amlodipine", "hydrochlorothiazide"}),
        ("Amlodipine/Valsartan/HCThiazid", {"amlodipine", "valsartan", "hydrochlorothiazide"}),
        ("Carbidopa/Levodopa/Entacapone", {"levodopa", "carbidopa", "entacapone"}),
        ("Sitagliptin Phos/Metformin HCl", {"sitagliptin", "metformin"}),
        ("Ipratropium/Albuterol Sulfate", {"ipratropium", "albuterol"}),
        ("Fluticasone/Salmeterol", {"fluticasone", "salmeterol"}),
        ("Umeclidinium Brm/Vilanterol Tr", {"umeclidinium", "vilanterol"}),
        ("Efavirenz/Emtricit/Tenofovr Df", {"efavirenz", "emtricitabine", "tenofovir disoproxil"}),
        ("Elviteg/Cob/Emtri/Tenof Alafen", {"elvitegravir", "cobicistat", "emtricitabine", "tenofovir alafenamide"}),
        ("Insulin NPh Hum/Reg Insulin Hm", {"insulin isophane", "insulin, regular, human"}),
        ("Oxycodone HCl/Acetaminophen", {"oxycodone", "acetaminophen"}),
        ("Neomycin/Polymyxin B/Dexametha", {"neomycin", "polymyxin B", "dexamethasone"}),
        ("Norethindrone Ac-Eth Estradiol", {"norethindrone", "ethinyl estradiol"}),
        (
            "Diph,Pertuss(Acell),Tet Vac/PF",
            {
                "acellular pertussis vaccine, inactivated",
                "diphtheria toxoid vaccine, inactivated",
                "tetanus toxoid vaccine, inactivated",
            },
        ),
    ],
)
def test_a_combination_that_cms_cuts_short_is_split_right(
    vocabulary: Vocabulary, generic: str, ingredients: set[str]
) -> None:
    drug = vocabulary.understand(name=generic)

    assert isinstance(drug, Drug)
    assert {each.name for each in drug.ingredients} == ingredients


def test_a_row_without_a_list_that_proves_it_is_unverified() -> None:
    rows = _rows("ingredients.csv")
    print("\nsources of RxCUIs:", dict(Counter(row["source"] for row in rows)))

    assert {row["source"] for row in rows} <= WEAK_SOURCES | PROVEN_SOURCES
    assert [row["name"] for row in rows if (row["source"] in PROVEN_SOURCES) != (row["status"] == "final")] == []
    assert {row["rxcui"] for row in rows if not row["rxcui"].isdecimal()} == {
        row["rxcui"] for row in rows if row["source"] == "own_id"
    }


def test_drugs_approved_since_2017_are_held(vocabulary: Vocabulary) -> None:
    with (HERE / "agreement" / "approved_since_2017.csv").open(encoding="utf-8", newline="") as file:
        approved = list(csv.DictReader(file))
    years = Counter(row["year"] for row in approved)
    print(f"\n{len(approved)} drugs approved since 2017: {dict(sorted(years.items()))}")

    assert len({row["rxcui"] for row in approved}) == len(approved) >= 150
    assert all(2017 <= int(row["year"]) <= 2026 and row["source"] for row in approved)
    assert [row for row in approved if _name(vocabulary, row["rxcui"]) != row["name"]] == []


def test_nonprescription_drugs_herbs_and_supplements_are_held(vocabulary: Vocabulary) -> None:
    shelf = [each for each in _drugs(vocabulary) if each.otc or each.supplement or each.herbal]
    herbs = [each for each in shelf if each.herbal]
    supplements = [each for each in shelf if each.supplement]
    print(f"\n{len(shelf)} sold without prescription: {len(supplements)} supplements, {len(herbs)} of plants")

    assert len(shelf) >= 400
    assert len(supplements) >= 200
    assert len(herbs) >= 90
    assert [each.name for each in supplements if each.part_d] == []


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("cranberry", "herbal"),
        ("kava", "herbal"),
        ("St. John's wort", "herbal"),
        ("CoQ10", "supplement"),
        ("melatonin", "supplement"),
        ("Culturelle", "supplement"),
        ("fish oil", "supplement"),
        ("Tylenol", "otc"),
    ],
)
def test_what_stands_on_the_shelf_is_known_for_what_it_is(vocabulary: Vocabulary, name: str, flag: str) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert getattr(drug.ingredients[0], flag)


def test_every_ingredient_has_family_class_and_route(vocabulary: Vocabulary) -> None:
    assert [each.name for each in _drugs(vocabulary) if not each.family or not each.classes or not each.routes] == []
    assert {route for each in _drugs(vocabulary) for route in each.routes} <= ROUTES


def test_every_class_has_an_ingredient_and_a_name_of_its_own(vocabulary: Vocabulary) -> None:
    used = {class_id for each in vocabulary.ingredients.values() for class_id in each.classes}
    names = Counter(name.casefold() for name in vocabulary.classes.values())

    assert vocabulary.classes.keys() - used == set()
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in vocabulary.classes.values() if name.islower() and not name[0].isdigit()] == []


def test_every_flag_that_is_not_the_usual_one_has_a_source(vocabulary: Vocabulary) -> None:
    missing = [
        (each.name, flag)
        for each in _drugs(vocabulary)
        for flag, usual in USUAL.items()
        if getattr(each, flag) != usual and not vocabulary.flag_sources(each.rxcui)[flag].source
    ]
    stated = Counter(flag for each in _drugs(vocabulary) for flag in vocabulary.flag_sources(each.rxcui))
    print("\nflags with a source:", dict(stated))

    assert missing == []
    assert set(stated) == set(USUAL)


@pytest.mark.parametrize(
    "class_id",
    [
        *("opioid", "opioid_partial_agonist", "insulin", "sulfonylurea", "vitamin_k_antagonist", "immunosuppressant"),
        *("direct_oral_anticoagulant", "low_molecular_weight_heparin", "factor_xa_inhibitor_injectable"),
        *("direct_thrombin_inhibitor_injectable", "calcineurin_inhibitor", "antineoplastic_alkylating"),
    ],
)
def test_classes_on_the_high_alert_list_are_high_alert(vocabulary: Vocabulary, class_id: str) -> None:
    """ISMP's list for community settings names these classes; drops and creams of tacrolimus share the ingredient."""
    members = vocabulary.ingredients_in_class(class_id)

    assert members
    assert [each.name for each in _drugs(vocabulary) if each.rxcui in members and not each.high_alert] == []


@pytest.mark.parametrize("name", ["methotrexate", "warfarin", "carbamazepine", "lamotrigine", "phenytoin", "valproate"])
def test_drugs_on_the_high_alert_list_are_high_alert(vocabulary: Vocabulary, name: str) -> None:
    drug = vocabulary.understand(name=name)

    assert isinstance(drug, Drug)
    assert drug.ingredients[0].high_alert


def test_a_device_is_named_and_is_no_drug(vocabulary: Vocabulary) -> None:
    needle = vocabulary.understand(name="BD Pen Needle")

    assert isinstance(needle, Drug)
    assert needle.rxcui == needle.key == "device:insulin_pen_needle"
    assert (needle.ingredients[0].device, needle.maintenance) == (True, False)
    assert vocabulary.understand(rxcui=needle.rxcui) != needle  # found by another identifier
    assert vocabulary.flag_sources(needle.rxcui)["part_d"].source.startswith("42 CFR 423.100")


def test_supplies_for_insulin_are_part_ds_and_strips_are_part_bs(vocabulary: Vocabulary) -> None:
    paid = {each.name: each.part_d for each in vocabulary.ingredients.values() if each.device}

    assert len(paid) >= 25
    assert {"insulin pen needle", "insulin syringe with needle", "alcohol pad"} <= {name for name in paid if paid[name]}
    assert not any(paid[name] for name in ("blood glucose test strip", "lancet", "inhaler spacer"))


def _drugs(vocabulary: Vocabulary) -> list[Ingredient]:
    return [each for each in vocabulary.ingredients.values() if not each.device]


def _name(vocabulary: Vocabulary, rxcui: str) -> str:
    ingredient = vocabulary.ingredient(rxcui)
    return ingredient.name if ingredient else ""


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (PACKAGED_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _generics() -> list[dict[str, str]]:
    path = refdata() / "partd_spending" / "partd_2017_by_generic.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
