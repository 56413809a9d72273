"""Reads the drug tables: classes, ingredients with their flags, devices, products and NDCs.

Identity is RxNorm's. Which salts and enantiomers count as one family, which therapeutic class an ingredient has and
whether it is a maintenance drug is OpenMTM's own curation (status in the sidecars), because the licensed
classifications may not be shipped. A preparation that RxNorm names only by its parts (prenatal vitamins) has an id of
ours, `local:…`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.values.codes import RXCUI_SHAPE
from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.devices import load_devices
from mtm_shared.vocabulary.flags import Flagging, FlagSource, load_flags
from mtm_shared.vocabulary.model import Product

ROUTES: Final = frozenset(
    {
        *("buccal", "implant", "inhalation", "injection", "intrauterine", "nasal", "ophthalmic", "oral"),
        *("otic", "rectal", "subcutaneous", "sublingual", "topical", "transdermal", "vaginal"),
    }
)
TERM_TYPES: Final = frozenset({"SCD", "SBD", "SCDC", "SBDC", "BN", "PIN", "MIN", "GPCK", "BPCK"})
PACKAGED: Final = frozenset({"SCD", "SBD"})
PACKS: Final = frozenset({"GPCK", "BPCK"})
_INGREDIENT_COLUMNS: Final = (
    *("rxcui", "name", "family", "classes", "routes", "brands", "synonyms", "source", "status"),
)
_PRODUCT_COLUMNS: Final = ("rxcui", "tty", "name", "ingredients", "strength", "form", "route", "brand", "source")
_NDC_COLUMNS: Final = ("ndc", "product", "source")
_OWN_ID: Final = re.compile(r"local:[a-z0-9]+(_[a-z0-9]+)*")
_FAMILY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_NDC_DIGITS: Final = 11
_DIGIT: Final = re.compile(r"[0-9]")


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
    """The drug half of the dictionary, checked.

    `class_notes` holds what a class's name alone could make one believe wrongly; `ingredients` holds devices too;
    `flag_sources` goes by ingredient and flag.
    """

    classes: Mapping[str, str]
    ingredients: Mapping[str, Ingredient]
    names: Mapping[str, Names]
    aliases: tuple[Alias, ...]
    products: Mapping[str, Product]
    ndcs: Mapping[str, str]
    class_notes: Mapping[str, str] = field(default_factory=dict)
    flag_sources: Mapping[str, Mapping[str, FlagSource]] = field(default_factory=dict)


def load_drugs(folder: Path) -> DrugTables:
    """The drug tables of the folder, or a `ReferenceDataError` naming file, row and value."""
    classes, class_notes = _classes(folder)
    table = Table(folder, "ingredients", _INGREDIENT_COLUMNS)
    table.unique(lambda row: row["rxcui"], "rxcui")
    table.unique(lambda row: row["name"].casefold(), "name")
    for place in range(len(table.rows)):
        _check_identity(table, place)
    flagging = load_flags(folder, (row["rxcui"] for row in table.rows))
    ingredients = {row["rxcui"]: _ingredient(table, place, classes, flagging) for place, row in enumerate(table.rows)}
    names = {row["rxcui"]: _names(table, place) for place, row in enumerate(table.rows)}
    devices = load_devices(folder)
    products = _products(folder, ingredients)
    return DrugTables(
        classes=classes,
        ingredients=ingredients | {key: device.ingredient for key, device in devices.items()},
        names=names | {key: Names(device.brands, device.synonyms) for key, device in devices.items()},
        aliases=_aliases(folder, ingredients),
        products=products,
        ndcs=_ndcs(folder, products),
        class_notes=class_notes,
        flag_sources={**flagging.sources, **{key: {"part_d": device.part_d} for key, device in devices.items()}},
    )


def _classes(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    table = Table(folder, "classes", ("id", "name", "note"))
    table.unique(lambda row: row["id"], "id")
    for place, row in enumerate(table.rows):
        if not _FAMILY.fullmatch(row["id"]):
            table.refuse(place, "id", row["id"], "must be snake_case")
        table.text(place, "name")
    names = {row["id"]: row["name"] for row in table.rows}
    return names, {row["id"]: row["note"] for row in table.rows if row["note"]}


def _check_identity(table: Table, place: int) -> None:
    row = table.rows[place]
    if not RXCUI_SHAPE.fullmatch(row["rxcui"]) and not _OWN_ID.fullmatch(row["rxcui"]):
        table.refuse(place, "rxcui", row["rxcui"], "must be an RxCUI, or local: and a name in snake_case")
    if not _FAMILY.fullmatch(row["family"]):
        table.refuse(place, "family", row["family"], "must be snake_case")
    table.status(place)
    table.text(place, "source")


def _ingredient(table: Table, place: int, classes: Mapping[str, str], flagging: Flagging) -> Ingredient:
    row = table.rows[place]
    return Ingredient(
        rxcui=row["rxcui"],
        name=table.text(place, "name"),
        family=row["family"],
        classes=frozenset(table.several(place, "classes", classes)),
        routes=frozenset(table.several(place, "routes", ROUTES)),
        **flagging.of(row["rxcui"]),
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
    unknown = [part for part in parts if part not in ingredients]
    for part in unknown:
        table.refuse(place, "ingredients", part, "must be the RxCUI of an ingredient in ingredients.csv")
    if len(parts) > 1 and not unknown and list(parts) != sorted(set(parts), key=in_order):
        table.refuse(place, "ingredients", text, "must be distinct and ascending")
    return parts


def in_order(rxcui: str) -> tuple[int, str]:
    """RxCUIs by number, ids of ours behind them."""
    return (int(rxcui), "") if rxcui.isdecimal() else (1 << 30, rxcui)


def _products(folder: Path, ingredients: Mapping[str, Ingredient]) -> dict[str, Product]:
    table = Table(folder, "products", _PRODUCT_COLUMNS)
    products: dict[str, Product] = {}
    # Thousands of products have the same ingredients: each list is checked once, and held once.
    known: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(table.rows):
        rxcui, strength, text = row["rxcui"], row["strength"], row["ingredients"]
        if rxcui in products or rxcui in ingredients:
            table.refuse(place, "rxcui", rxcui, "must not repeat a key")
        if not RXCUI_SHAPE.fullmatch(rxcui):
            table.refuse(place, "rxcui", rxcui, "must be an RxCUI")
        if row["tty"] not in TERM_TYPES:
            table.refuse(place, "tty", row["tty"], "must be a known RxNorm term type")
        parts = known.get(text) or known.setdefault(text, _parts(table, place, ingredients))
        if strength and strength.count(" / ") + 1 != len(parts):
            table.refuse(place, "strength", strength, "must hold one strength for each ingredient")
        if _DIGIT.search(row["form"]):
            table.refuse(place, "form", row["form"], "must be a dose form without a strength")
        if row["route"] and row["route"] not in ROUTES:
            table.refuse(place, "route", row["route"], "must be a known route")
        if not row["name"]:
            table.refuse(place, "name", "", "must not be empty")
        products[rxcui] = Product(
            rxcui, row["tty"], row["name"], parts, strength, row["form"], row["route"], row["brand"]
        )
    return products


def _ndcs(folder: Path, products: Mapping[str, Product]) -> dict[str, str]:
    table = Table(folder, "ndcs", _NDC_COLUMNS)
    packaged = {rxcui for rxcui, product in products.items() if product.tty in PACKAGED | PACKS}
    ndcs: dict[str, str] = {}
    for place, row in enumerate(table.rows):
        ndc, product = row["ndc"], row["product"]
        if len(ndc) != _NDC_DIGITS or not (ndc.isascii() and ndc.isdecimal()):
            table.refuse(place, "ndc", ndc, "must be 11 digits")
        if ndc in ndcs:
            table.refuse(place, "ndc", ndc, "must not repeat a key")
        if product not in packaged:
            table.refuse(place, "product", product, "must be a clinical or branded drug or a pack in products.csv")
        ndcs[ndc] = product
    return ndcs
