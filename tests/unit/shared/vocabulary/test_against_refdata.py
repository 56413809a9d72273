"""The shipped codes against the published lists: RxNorm, the FDA NDC Directory, ICD-10-CM and CCW."""

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from mtm_shared.values.codes import Ndc
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA
from support import refdata

pytestmark = pytest.mark.refdata

RXNORM = "rxnorm_prescribe_20251006"

# Codes of CCW (2022) that we leave out, by the reason that data/condition_codes.csv gives, and codes that we add.
CCW_CONDITIONS = {
    "alzheimers_disease": ["Alzheimer’s Disease"],
    "osteoporosis": ["Osteoporosis With or Without Pathological Fracture"],
    "chronic_heart_failure": ["Heart Failure and Non-Ischemic Heart Disease"],
    "diabetes": ["Diabetes"],
    "dyslipidemia": ["Hyperlipidemia"],
    "hiv_aids": ["Human Immunodeficiency Virus and/or Acquired Immunodeficiency Syndrome (HIV/AIDS)"],
    "hypertension": ["Hypertension"],
    "depression": ["Depressive Disorders"],
    "bipolar_disorder": ["Bipolar Disorder"],
    "schizophrenia": ["Schizophrenia"],
    "asthma": ["Asthma"],
    "copd": ["Chronic Obstructive Pulmonary Disease"],
    "cardiovascular_disorders": [
        "Ischemic Heart Disease",
        "Acute Myocardial Infarction",
        "Atrial Fibrillation and Flutter",
        "Peripheral Vascular Disease (PVD)",
        "Stroke/Transient Ischemic Attack",
    ],
}
CCW_ONLY = {
    # Cardiomyopathies and neonatal heart failure: CCW's condition is wider than heart failure.
    "chronic_heart_failure": {"I420", "I425", "I426", "I427", "I428", "I43", "P290"},
    # An inconclusive laboratory test.
    "hiv_aids": {"R75"},
    # Unspecified or childhood mood disorders count as other mental health conditions, F33.8 as depression.
    "bipolar_disorder": {"F338", "F3481", "F3489", "F349", "F39"},
    # Bronchitis not said to be chronic; bronchiectasis is another chronic lung disease; emphysema of other tissue.
    "copd": {"J40", "J470", "J471", "J479", "J982", "J983"},
    # Bleeding during an operation; erythromelalgia.
    "cardiovascular_disorders": {"G9731", "G9732", "I7381"},
}
OURS_ONLY_WITHIN = {
    # All seventh characters: the disease goes on after the active treatment of a fracture.
    "osteoporosis": ("M80",),
    # Codes that are newer than the list, or that its 7th-character or site expansion left out.
    "diabetes": ("E08", "E09", "E10", "E11", "E13"),
    "dyslipidemia": ("E7801",),
    "hiv_aids": ("O987",),
    "hypertension": ("I16", "I1A"),
    "asthma": ("J8283",),
    "copd": ("J438", "J448"),
    "cardiovascular_disorders": ("I20", "I21", "I24", "I25", "I48", "I6", "I70", "I9782", "I9781"),
}


def _rows(name: str, delimiter: str = "\t") -> Iterator[dict[str, str]]:
    path = refdata() / name
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # The FDA's files are in a Windows code page.
    text = content.decode("cp1252" if name.startswith("fda_") else "utf-8-sig")
    if delimiter == "\t":
        return iter(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    return iter(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def _shipped(name: str) -> list[dict[str, str]]:
    with (PACKAGED_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _concepts(folder: Path) -> dict[str, tuple[str, str]]:
    assert folder.is_dir()
    return {row["rxcui"]: (row["tty"], row["name"]) for row in _rows(f"{RXNORM}/concepts.tsv")}


@cache
def _icd10_codes(folder: Path) -> frozenset[str]:
    assert folder.is_dir()
    return frozenset(row["code"].replace(".", "") for row in _rows("icd10cm_2026/icd10cm_all_codes.tsv.gz"))


@cache
def _billable_codes(folder: Path) -> frozenset[str]:
    rows = _rows("icd10cm_2026/icd10cm_all_codes.tsv.gz")
    assert folder.is_dir()
    return frozenset(row["code"].replace(".", "") for row in rows if row["billable"] == "1")


def test_ingredients_are_rxnorms() -> None:
    current = _concepts(refdata())
    earlier = {row["rxcui"]: (row["tty"], row["name"]) for row in _rows("atc_rxnorm_2020/ingredients.tsv")}
    wrong = []
    for row in _shipped("ingredients.csv"):
        expected = {"rxnorm_2025-10": current, "rxnorm_2020-06": earlier}.get(row["source"])
        if expected is None:
            assert row["status"] == "unverified", row
        elif expected.get(row["rxcui"]) != ("IN", row["name"]):
            wrong.append((row["rxcui"], row["name"], expected.get(row["rxcui"])))

    assert wrong == []


def test_products_are_rxnorms() -> None:
    current = _concepts(refdata())
    rows = [row for row in _shipped("products.csv") if row["source"] == "rxnorm_2025-10"]
    wrong = [row["rxcui"] for row in rows if current.get(row["rxcui"]) != (row["tty"], row["name"])]

    assert len(rows) > 15_000
    assert wrong == []


def test_products_from_older_names_are_still_active() -> None:
    active = set(map(str, json.loads((refdata() / RXNORM / "rxcuis_active_2026-02.json").read_text())))
    older = [
        row["rxcui"] for row in _shipped("products.csv") if row["source"].startswith(("rxnorm_label", "rxnorm_2020"))
    ]

    assert set(older) <= active


def test_product_ingredients_agree_with_rxnorms_relations(vocabulary: Vocabulary) -> None:
    """RxNorm's ingredients of a product (through its components) are all among ours; ours add only letter A ones,
    which that edition lacks."""
    salts = {row["pin_rxcui"]: row["in_rxcui"] for row in _rows(f"{RXNORM}/pin_in_derived.tsv")}
    parts: dict[str, set[str]] = defaultdict(set)
    components: dict[str, set[str]] = defaultdict(set)
    for row in _rows(f"{RXNORM}/relations.tsv"):
        if row["rela"] == "ingredient_of" and row["tty1"] in ("IN", "PIN"):
            parts[row["rxcui2"]].add(salts.get(row["rxcui1"], row["rxcui1"]))
        elif row["rela"] == "constitutes":
            components[row["rxcui2"]].add(row["rxcui1"])
    known = _concepts(refdata())
    wrong = []
    for row in _shipped("products.csv"):
        if row["tty"] != "SCD" or row["rxcui"] not in components:
            continue
        ours = set(row["ingredients"].split("+"))
        theirs = set[str]().union(*(parts[component] for component in components[row["rxcui"]]))
        if not theirs <= ours or any(rxcui in known for rxcui in ours - theirs):
            wrong.append(row["name"])

    assert wrong == []


def test_ndcs_of_the_current_edition_lead_to_its_products() -> None:
    current = {row["ndc11"]: row["rxcui"] for row in _rows(f"{RXNORM}/ndc_rxcui.tsv.gz")}
    rows = [row for row in _shipped("ndcs.csv") if row["source"] == "rxnorm_2025-10"]

    assert len(rows) > 15_000
    assert [row["ndc"] for row in rows if current.get(row["ndc"]) != row["product"]] == []


def test_ndcs_of_the_earlier_edition_lead_to_its_products() -> None:
    earlier: dict[str, set[str]] = defaultdict(set)
    for row in _rows("atc_rxnorm_2020/ndc_rxcui.tsv.gz"):
        earlier[Ndc.parse(row["ndc"]).digits].add(row["rxcui"])
    rows = [row for row in _shipped("ndcs.csv") if row["source"] == "rxnorm_2020-06"]

    assert [row["ndc"] for row in rows if row["product"] not in earlier[row["ndc"]]] == []


def test_ndc_ingredients_agree_with_the_fda(vocabulary: Vocabulary) -> None:
    """Where the FDA lists one substance for a package, its name resolves to the drug that the NDC leads to."""
    substances = {row["PRODUCTID"]: row["SUBSTANCENAME"] for row in _rows("fda_ndc_20190429/product.txt.gz")}
    compared, wrong = 0, []
    for row in _rows("fda_ndc_20190429/package.txt.gz"):
        by_ndc = vocabulary.understand(ndc=row["NDCPACKAGECODE"])
        substance = substances[row["PRODUCTID"]].casefold()
        # The FDA says "insulin human" or "insulin lispro" for mixtures with their isophane and protamine forms too, and
        # dimethicone for simethicone, which is dimethicone with silica.
        if (
            not isinstance(by_ndc, Drug)
            or not substance
            or ";" in substance
            or substance.startswith(("insulin", "dimet"))
        ):
            continue
        by_name = vocabulary.understand(name=substance)
        if isinstance(by_name, Drug):
            compared += 1
            if by_name.key != by_ndc.key:
                wrong.append((row["NDCPACKAGECODE"], substance, by_ndc.name))

    assert compared > 7_000
    # The directory leaves the menthol of these pads out.
    assert [ndc for ndc, _, _ in wrong] == ["67777-405-01"], wrong


def test_condition_prefixes_exist(vocabulary: Vocabulary) -> None:
    codes = _icd10_codes(refdata())
    named = {code for item in vocabulary.conditions.values() for code in (*item.includes, *item.excludes)}

    assert named <= codes


def test_categories_are_icd10cms(vocabulary: Vocabulary) -> None:
    codes = _icd10_codes(refdata())

    assert {row["code"] for row in _shipped("icd10cm_categories.csv")} == {code for code in codes if len(code) == 3}


def test_no_code_of_icd10cm_is_a_problem(vocabulary: Vocabulary) -> None:
    assert [code for code in _icd10_codes(refdata()) if vocabulary.icd10_problem(code) is not None] == []


@pytest.mark.parametrize("condition", CCW_CONDITIONS)
def test_condition_agrees_with_ccw_but_for_listed_differences(vocabulary: Vocabulary, condition: str) -> None:
    billable = _billable_codes(refdata())
    ccw = {
        row["code"]
        for row in _rows("ccw_chronic_conditions/chronic_conditions.csv", delimiter=",")
        if row["condition"] in CCW_CONDITIONS[condition]
        and (row["code_system"], row["inclusion_type"]) == ("ICD-10-CM", "Include")
    }
    ours = {code for code in billable if condition in vocabulary.conditions_of(code)}

    assert ccw & ours
    # Codes that have since been split into finer ones are not compared.
    assert (ccw & billable) - ours == CCW_ONLY.get(condition, set())
    assert [code for code in ours - ccw if not code.startswith(OURS_ONLY_WITHIN.get(condition, ("?",)))] == []


def test_most_used_part_d_drugs_are_named(vocabulary: Vocabulary) -> None:
    """CMS's drug names, cut at thirty characters, for the 600 generics with the most claims of 2017."""
    rows = [row for row in _rows("partd_spending/partd_2017_by_generic.tsv") if int(row["rank"]) <= 600]
    missed = {row["generic"]: int(row["claims"]) for row in rows if not _understood(vocabulary, row["generic"])}
    claims = sum(int(row["claims"]) for row in rows)

    # Left: needles and syringes for insulin, amino acids for infusion, a prenatal vitamin.
    assert len(missed) <= 8, sorted(missed)
    assert sum(missed.values()) / claims < 0.01


def _understood(vocabulary: Vocabulary, name: str) -> bool:
    return isinstance(vocabulary.understand(name=name), Drug)
