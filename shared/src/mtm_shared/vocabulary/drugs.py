"""Reads the drug tables: classes, ingredients, products and NDCs.

Identity is RxNorm's. Which salts and enantiomers count as one family, which therapeutic class an ingredient has and
whether it is a maintenance drug is OpenMTM's own curation (status in the sidecars), because the licensed
classifications may not be shipped. `maintenance` means taken long term for a chronic condition; `part_d` means that
some product of the ingredient can be a covered Part D drug (42 CFR 423.100, definition of Part D drug).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.model import Product

ROUTES: Final = frozenset(
    {
        *("buccal", "implant", "inhalation", "injection", "intrauterine", "nasal", "ophthalmic", "oral"),
        *("otic", "rectal", "subcutaneous", "sublingual", "topical", "transdermal", "vaginal"),
    }
)
TERM_TYPES: Final = frozenset({"SCD", "SBD", "SCDC", "SBDC", "BN", "PIN", "MIN"})
PACKAGED: Final = frozenset({"SCD", "SBD"})
_INGREDIENT_COLUMNS: Final = (
    *("rxcui", "name", "family", "classes", "routes", "maintenance", "part_d", "otc", "supplement", "device"),
    *("schedule", "high_alert", "brands", "synonyms", "source", "status"),
)
_PRODUCT_COLUMNS: Final = ("rxcui", "tty", "name", "ingredients", "strength", "form", "route", "brand", "source")
_NDC_COLUMNS: Final = ("ndc", "product", "source")
_RXCUI: Final = re.compile(r"[1-9][0-9]{0,7}")
_FAMILY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_NDC: Final = re.compile(r"[0-9]{11}")


@dataclass(frozen=True, slots=True)
class Names:
    """The other names of an ingredient."""

    brands: tuple[str, ...]
    synonyms: tuple[str, ...]


class Alias(NamedTuple):
    """A name that is neither an ingredient's nor a product's; two rows of one name make it ambiguous."""

    name: str
    ingredients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrugTables:
    """The drug half of the dictionary, checked."""

    classes: Mapping[str, str]
    ingredients: Mapping[str, Ingredient]
    names: Mapping[str, Names]
    aliases: tuple[Alias, ...]
    products: Mapping[str, Product]
    ndcs: Mapping[str, str]


def load_drugs(folder: Path) -> DrugTables:
    """The drug tables of the folder, or a `ReferenceDataError` naming file, row and value."""
    classes = _classes(folder)
    table = Table(folder, "ingredients", _INGREDIENT_COLUMNS)
    table.unique(lambda row: row["rxcui"], "rxcui")
    table.unique(lambda row: row["name"].casefold(), "name")
    ingredients = {row["rxcui"]: _ingredient(table, place, classes) for place, row in enumerate(table.rows)}
    names = {row["rxcui"]: _names(table, place) for place, row in enumerate(table.rows)}
    products = _products(folder, ingredients)
    return DrugTables(classes, ingredients, names, _aliases(folder, ingredients), products, _ndcs(folder, products))


def _classes(folder: Path) -> dict[str, str]:
    table = Table(folder, "classes", ("id", "name"))
    table.unique(lambda row: row["id"], "id")
    for place, row in enumerate(table.rows):
        if not _FAMILY.fullmatch(row["id"]):
            raise table.fail(place, "id", row["id"], "must be snake_case")
        table.text(place, "name")
    return {row["id"]: row["name"] for row in table.rows}


def _ingredient(table: Table, place: int, classes: Mapping[str, str]) -> Ingredient:
    row = table.rows[place]
    if not _RXCUI.fullmatch(row["rxcui"]):
        raise table.fail(place, "rxcui", row["rxcui"], "must be an RxCUI")
    if not _FAMILY.fullmatch(row["family"]):
        raise table.fail(place, "family", row["family"], "must be snake_case")
    table.status(place)
    table.text(place, "source")
    return Ingredient(
        rxcui=row["rxcui"],
        name=table.text(place, "name"),
        family=row["family"],
        classes=frozenset(table.several(place, "classes", classes)),
        routes=frozenset(table.several(place, "routes", ROUTES)),
        maintenance=table.flag(place, "maintenance"),
        part_d=table.flag(place, "part_d"),
        otc=table.flag(place, "otc"),
        supplement=table.flag(place, "supplement"),
        device=table.flag(place, "device"),
        schedule=table.choice(place, "schedule", ("2", "3", "4", "5"), empty=True),
        high_alert=table.flag(place, "high_alert"),
    )


def _names(table: Table, place: int) -> Names:
    return Names(brands=table.several(place, "brands"), synonyms=table.several(place, "synonyms"))


def _aliases(folder: Path, ingredients: Mapping[str, Ingredient]) -> tuple[Alias, ...]:
    table = Table(folder, "aliases", ("name", "ingredients", "source"))
    table.unique(lambda row: f"{row['name'].casefold()} {row['ingredients']}", "name")
    for place in range(len(table.rows)):
        table.text(place, "source")
    return tuple(
        Alias(table.text(place, "name"), _parts(table, place, ingredients)) for place in range(len(table.rows))
    )


def _parts(table: Table, place: int, ingredients: Mapping[str, Ingredient]) -> tuple[str, ...]:
    """The ingredients of a row: known, distinct, in ascending order."""
    text = table.rows[place]["ingredients"]
    parts = tuple(text.split("+"))
    for part in parts:
        if part not in ingredients:
            raise table.fail(place, "ingredients", part, "must be the RxCUI of an ingredient in ingredients.csv")
    if len(parts) > 1 and list(parts) != sorted(set(parts), key=int):
        raise table.fail(place, "ingredients", text, "must be distinct and ascending")
    return parts


def _products(folder: Path, ingredients: Mapping[str, Ingredient]) -> dict[str, Product]:
    table = Table(folder, "products", _PRODUCT_COLUMNS)
    products: dict[str, Product] = {}
    for place, row in enumerate(table.rows):
        rxcui, strength = row["rxcui"], row["strength"]
        if rxcui in products or rxcui in ingredients:
            raise table.fail(place, "rxcui", rxcui, "must not repeat a key")
        if not _RXCUI.fullmatch(rxcui):
            raise table.fail(place, "rxcui", rxcui, "must be an RxCUI")
        if row["tty"] not in TERM_TYPES:
            raise table.fail(place, "tty", row["tty"], "must be a known RxNorm term type")
        parts = _parts(table, place, ingredients)
        if strength and strength.count(" / ") + 1 != len(parts):
            raise table.fail(place, "strength", strength, "must hold one strength for each ingredient")
        if any(character.isdigit() for character in row["form"]):
            raise table.fail(place, "form", row["form"], "must be a dose form without a strength")
        if row["route"] and row["route"] not in ROUTES:
            raise table.fail(place, "route", row["route"], "must be a known route")
        products[rxcui] = Product(
            rxcui, row["tty"], table.text(place, "name"), parts, strength, row["form"], row["route"], row["brand"]
        )
    return products


def _ndcs(folder: Path, products: Mapping[str, Product]) -> dict[str, str]:
    table = Table(folder, "ndcs", _NDC_COLUMNS)
    packaged = {rxcui for rxcui, product in products.items() if product.tty in PACKAGED}
    ndcs: dict[str, str] = {}
    for place, row in enumerate(table.rows):
        ndc, product = row["ndc"], row["product"]
        if not _NDC.fullmatch(ndc):
            raise table.fail(place, "ndc", ndc, "must be 11 digits")
        if ndc in ndcs:
            raise table.fail(place, "ndc", ndc, "must not repeat a key")
        if product not in packaged:
            raise table.fail(place, "product", product, "must be a clinical or branded drug in products.csv")
        ndcs[ndc] = product
    return ndcs
