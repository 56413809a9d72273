"""The shipped codes of drugs against the published lists: RxNorm and the FDA NDC Directory."""

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
