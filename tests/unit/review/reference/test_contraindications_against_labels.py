"""Contraindicated rules against a list of label contraindications that was extracted from FDA labels by a machine.

The list is noisy and is no standard: agreement is held, not hoped for. The label text of each drug of a contraindicated
rule must mention the condition (`agreement/words.csv`), or the drug stands in `agreement/contraindications.csv` with a
reason; a reason without a difference fails as well. What the list has and we have not is printed: most of it depends on
the state of a disease, or belongs to allergies or to another screen.
"""

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from mtm_review.domain.finding import Screen, Severity
from mtm_review.reference import load_knowledge
from mtm_shared.vocabulary import load_vocabulary
from support import refdata

pytestmark = pytest.mark.refdata

AGREEMENT = Path(__file__).parent / "agreement"
REASONS = {"listed_under_another_name", "not_listed", "older_label", "class_label", "text_cut_off"}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

knowledge = load_knowledge()
CONTRAINDICATED = [
    rule
    for rule in knowledge.rules.values()
    if rule.severity is Severity.CONTRAINDICATED and rule.screen is Screen.DRUG_DISEASE
]


def cells() -> Iterator[Mapping[str, str]]:
    """The rows of the sheet by the letter of the column, all but the header; cells hold their texts themselves."""
    with zipfile.ZipFile(refdata() / "drug_disease" / "matrix_contraindication_list.xlsx") as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    for place, row in enumerate(sheet.iter(f"{_MAIN}row")):
        if place:
            yield {
                str(cell.get("r")).rstrip("0123456789"): "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
                for cell in row.iter(f"{_MAIN}c")
            }


@cache
def labels() -> Mapping[str, str]:
    """The contraindications of every label by its active ingredients, in lower case."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in cells():
        found[row.get("A", "").lower()].add(row.get("B", "").lower())
    return {name: " ".join(sorted(texts)) for name, texts in found.items()}


@cache
def label_of(drug: str) -> str:
    """The texts of all labels that name the drug; empty where the list has none."""
    name = re.compile(rf"\b{re.escape(drug.partition(',')[0].lower())}\b")
    return " ".join(text for names, text in labels().items() if name.search(names))


@cache
def words() -> Mapping[str, re.Pattern[str]]:
    with (AGREEMENT / "words.csv").open(encoding="utf-8", newline="") as lines:
        return {row["condition"]: re.compile(row["words"].replace(";", "|")) for row in csv.DictReader(lines)}


def differences() -> set[tuple[str, str]]:
    """Rule and drug where the label does not mention the condition; `*` where the list knows none of the drugs."""
    found = set()
    for rule in CONTRAINDICATED:
        told = {name: label_of(name) for name in knowledge.names_of(rule.drug_set).values()}
        if not any(told.values()):
            found.add((rule.rule_id, "*"))
        for name, text in told.items():
            if text and not any(words()[condition].search(text) for condition in rule.when.conditions):
                found.add((rule.rule_id, name))
    return found


def test_every_difference_has_a_reason_and_every_reason_a_difference() -> None:
    with (AGREEMENT / "contraindications.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["reason"] for row in rows} <= REASONS
    assert differences() == {(row["rule_id"], row["drug"]) for row in rows}


def test_most_of_what_both_can_name_has_a_rule() -> None:
    """The other way: what the list forbids, of drugs and conditions that contraindicated rules know."""
    ruled: defaultdict[str, set[str]] = defaultdict(set)
    for rule in knowledge.rules.values():
        if rule.screen is Screen.DRUG_DISEASE:
            for name in knowledge.names_of(rule.drug_set).values():
                ruled[name.lower()].update(rule.when.conditions)
    names = {each.name.lower() for each in load_vocabulary().ingredients.values()} & ruled.keys()
    listed = {(row.get("A", "").lower(), row.get("K", "").lower()) for row in cells()}
    both = {
        (drug, disease): matched
        for drug, disease in listed
        if drug in names
        and (matched := {condition for condition, pattern in words().items() if pattern.search(disease)})
    }
    lacking = sorted(pair for pair, matched in both.items() if matched.isdisjoint(ruled[pair[0]]))
    print(f"{len(both) - len(lacking)} of {len(both)} pairs have a rule; lacking: {lacking}")
    assert len(lacking) * 2 <= len(both)
