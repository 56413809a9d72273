"""Reads the two other codings that conditions come in: SNOMED CT concepts, and the categories of CMS's RxHCC models.

Neither is looked up by hierarchy: a concept or category leads to exactly the conditions that its rows name. SNOMED CT
is what electronic records of clinics send; an RxHCC category is what a plan's risk adjustment file sends (42 CFR
423.329(b)). An id of SNOMED CT carries a check digit (Verhoeff's), so a mistyped one is refused, and two digits that
say what it is the id of (SNOMED International, Release File Specification, SCTID): that of a description is no concept.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.model import RxHcc, RxHccLink, SnomedConcept

RELATIONS: Final = ("equal", "within", "overlaps")
_PLACES: Final = (
    *("0123456789", "1576283094", "5803796142", "8916043527"),
    *("9453126870", "4286573901", "2793806415", "7046913258"),
)
_PRODUCTS: Final = (
    *("0123456789", "1234067895", "2340178956", "3401289567", "4012395678"),
    *("5987604321", "6598710432", "7659821043", "8765932104", "9876543210"),
)
# A concept of the international edition, and one of an extension such as the United States edition.
_CONCEPTS: Final = ("00", "10")
_CATEGORY: Final = re.compile(r"(?:RXHCC)?\s*0*([1-9][0-9]{0,2})", re.IGNORECASE)


def is_sctid(text: str) -> bool:
    """True for the id of a concept: 6 to 18 digits without a leading zero whose check digit is right."""
    if not (text.isascii() and text.isdecimal() and 6 <= len(text) <= 18 and text[0] != "0"):
        return False
    if text[-3:-1] not in _CONCEPTS:
        return False
    check = 0
    for place, digit in enumerate(reversed(text)):
        check = int(_PRODUCTS[check][int(_PLACES[place % 8][int(digit)])])
    return check == 0


def rxhcc_category(text: str) -> str | None:
    """`RXHCC30` for `RXHCC30`, `RxHCC 30`, `30` and `030`; None for anything else."""
    found = _CATEGORY.fullmatch(text.strip())
    return f"RXHCC{found[1]}" if found else None


def load_snomed(folder: Path, conditions: Collection[str]) -> dict[str, SnomedConcept]:
    """`snomed.csv`: a row for each condition that a concept shows, or one without a condition."""
    table = Table(folder, "snomed", ("concept", "condition", "name", "source", "status"))
    table.unique(lambda row: f"{row['concept']} {row['condition']}", "concept")
    found: dict[str, SnomedConcept] = {}
    for place, row in enumerate(table.rows):
        concept = row["concept"]
        if not is_sctid(concept):
            table.refuse(place, "concept", concept, "must be a SNOMED CT concept identifier with a right check digit")
        condition = table.choice(place, "condition", conditions, empty=True)
        name, source, status = table.text(place, "name"), table.text(place, "source"), table.status(place)
        known = found.get(concept)
        if known is not None and (known.name != name or not condition or not known.conditions):
            table.refuse(
                place, "concept", concept, "must have the same name in each of its rows, each with a condition"
            )
        shown = (known.conditions if known else frozenset()) | ({condition} if condition else frozenset())
        found[concept] = SnomedConcept(concept, name, shown, source, status)
    return found


def load_rxhcc(folder: Path, conditions: Collection[str]) -> dict[str, RxHcc]:
    """`rxhcc.csv`: a row for each condition that a category touches, or one without a condition."""
    table = Table(folder, "rxhcc", ("model", "category", "label", "condition", "relation", "source", "status"))
    table.unique(lambda row: f"{row['model']} {row['category']} {row['condition']}", "category")
    found: dict[str, RxHcc] = {}
    for place, row in enumerate(table.rows):
        model, category = table.text(place, "model"), row["category"]
        key = f"{model} {category}"
        if rxhcc_category(category) != category:
            table.refuse(place, "category", category, "must be written like RXHCC30")
        condition = table.choice(place, "condition", conditions, empty=True)
        relation = table.choice(place, "relation", RELATIONS, empty=not condition)
        label, source, status = table.text(place, "label"), table.text(place, "source"), table.status(place)
        known = found.get(key)
        if known is not None and (known.label != label or not condition or not known.links):
            table.refuse(
                place, "category", category, "must have the same label in each of its rows, each with a condition"
            )
        links = (*(known.links if known else ()), *((RxHccLink(condition, relation),) if condition else ()))
        found[key] = RxHcc(model, category, label, links, source, status)
    return found
