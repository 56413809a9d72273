"""Every RxNorm drug and a third of the FDA's labels, written as lists write them: none resolves to another drug.

RxNorm's own links (SCD, component, ingredient) and the FDA's substances say what each text means, without the code that
reads names. What differs is listed here with its reason; a text that is not understood is no mistake.
"""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.names import Match, NameIndex
from support import refdata

pytestmark = pytest.mark.refdata

_FORM = re.compile(r" (?:Oral|Topical|Injec|Ophthalmic|Otic|Nasal|Rectal|Vaginal|Extended|Delayed|Chewable|Disinteg)")
_STRENGTH = re.compile(r"\b[\d.]+ (?:MG|UNT|MEQ|ML|HR|ACTUAT)(?:/[A-Z]+)?\b")
_SHORT = {"ydrochloride": "CL", "Oral Tablet": "TAB", "Oral Capsule": "CAP", "Extended Release": "ER", "sodium": "SOD"}
# What RxNorm says and we say otherwise, with the reason.
_EXPLAINED = {
    "vitamin B6": "pyridoxine here, which RxNorm keeps beside it",
    "enalaprilat": "a synonym of enalapril, whose active form it is",
    "teriparatide": "Yorvipath is palopegteriparatide, which RxNorm files under teriparatide",
}


def _rows(name: str) -> list[list[str]]:
    lines = (refdata() / "rxnorm_prescribe_20251006" / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


def _written(name: str) -> Iterator[str]:
    yield name.upper()
    plain = _FORM.split(name)[0]
    yield plain.replace(" / ", "-")
    yield " ".join(_STRENGTH.sub("", plain).split())
    for long, short in _SHORT.items():
        name = name.replace(long, short)
    yield name
    brand = re.search(r"\[(.*?)\]", name)
    if brand is not None:
        yield f"{brand[1]} {'-'.join(_STRENGTH.findall(name))}"


def _meant() -> Iterator[tuple[str, str, frozenset[str]]]:
    """RxCUI and name of every clinical and branded drug whose parts RxNorm links to ingredients, and these."""
    parts: dict[str, set[str]] = defaultdict(set)
    ingredients: dict[str, set[str]] = defaultdict(set)
    generic: dict[str, str] = {}
    for first, first_tty, relation, second, second_tty in _rows("relations.tsv"):
        if (first_tty, relation, second_tty) == ("SCDC", "constitutes", "SCD"):
            parts[second].add(first)
        elif (first_tty, relation, second_tty) == ("IN", "ingredient_of", "SCDC"):
            ingredients[second].add(first)
        elif (first_tty, relation, second_tty) == ("SCD", "has_tradename", "SBD"):
            generic[second] = first
    for rxcui, tty, name in _rows("concepts.tsv"):
        scd = rxcui if tty == "SCD" else generic.get(rxcui, "") if tty == "SBD" else ""
        if parts[scd] and all(ingredients[part] for part in parts[scd]):
            yield rxcui, name, frozenset().union(*(ingredients[part] for part in parts[scd]))


def test_no_name_of_rxnorm_leads_to_another_drug(vocabulary: Vocabulary) -> None:
    """This copy has no ingredient whose name begins with A: one more of those is not held against the answer."""
    index = NameIndex(vocabulary.tables)
    named = {rxcui: name for rxcui, tty, name in _rows("concepts.tsv") if tty == "IN"}
    wrong, products, read = [], [], 0
    for rxcui, name, meant in _meant():
        for text in _written(name):
            match = index.resolve(text)
            if not isinstance(match, Match):
                continue
            read += 1
            missing = {named.get(part, part) for part in meant - set(match.ingredients)}
            more = {vocabulary.ingredients[part].name for part in set(match.ingredients) - meant}
            if missing - _EXPLAINED.keys() or (not missing and any(part[0] not in "av" for part in more)):
                wrong.append((text, missing, more))
            known = vocabulary.product(rxcui)
            found = match.product.strengths if match.product is not None and known is not None else ()
            if known is not None and found and sorted(found) != sorted(known.strengths):
                products.append((text, known.name))
    print(f"\n{read:,} texts read, {len(wrong)} to another drug, {len(products)} to another strength")

    assert read > 60_000
    assert wrong == []
    assert products == []


def test_no_substances_of_a_label_lead_to_another_drug(vocabulary: Vocabulary) -> None:
    """The substances of a package, joined and with their strengths: each drug of them and no other."""
    path: Path = refdata() / "fda_ndc_20190429" / "product.txt.gz"
    with gzip.open(path, "rt", encoding="latin-1", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[::3]
    wrong, read = [], 0
    for written, numbers in {(row["SUBSTANCENAME"], row["ACTIVE_NUMERATOR_STRENGTH"]) for row in rows}:
        alone = [vocabulary.understand(name=part) for part in written.split("; ")]
        if not all(isinstance(part, Drug) for part in alone):
            continue
        meant = {part.rxcui for drug in alone if isinstance(drug, Drug) for part in drug.ingredients}
        amounts = " / ".join(f"{number} mg" for number in numbers.split("; "))
        for text in (f"{written.replace('; ', '/')} {amounts}", f"{written.split('; ')[0]} {amounts}"):
            drug = vocabulary.understand(name=text)
            if isinstance(drug, Drug):
                read += 1
                if {part.rxcui for part in drug.ingredients} != meant and len(alone) > 1:
                    wrong.append((text, drug.name))
    print(f"\n{read:,} labels read, {len(wrong)} to another drug")

    assert read > 2_000
    assert wrong == []
