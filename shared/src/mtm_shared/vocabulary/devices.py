"""Reads devices.csv: what a pharmacy dispenses and a list names though it is no drug (needles, syringes, spacers).

RxNorm has no concept for them, so they have ids of our own (`device:…`). Each is an `Ingredient` with `device` set:
nobody counts it as a drug or screens it as a medication, but everybody can say what it is. `part_d` says whether
Part D pays for it: supplies for injecting insulin (42 CFR 423.100), while strips, lancets and meters are Part B's.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.flags import FlagSource

DEVICE_CLASS: Final = "medical_supply"
_COLUMNS: Final = ("id", "name", "brands", "synonyms", "part_d", "source", "status")
_ID: Final = re.compile(r"device:([a-z0-9]+(?:_[a-z0-9]+)*)")


class Device(NamedTuple):
    """A device as an ingredient, with its other names and the source of its coverage."""

    ingredient: Ingredient
    brands: tuple[str, ...]
    synonyms: tuple[str, ...]
    part_d: FlagSource


def load_devices(folder: Path) -> Mapping[str, Device]:
    """The devices of the folder by id, or a `ReferenceDataError` naming file, row and value."""
    table = Table(folder, "devices", _COLUMNS)
    table.unique(lambda row: row["id"], "id")
    table.unique(lambda row: row["name"].casefold(), "name")
    return {row["id"]: _device(table, place) for place, row in enumerate(table.rows)}


def _device(table: Table, place: int) -> Device:
    row = table.rows[place]
    matched = _ID.fullmatch(row["id"])
    if matched is None:
        table.refuse(place, "id", row["id"], "must be device: and a name in snake_case")
    ingredient = Ingredient(
        rxcui=row["id"],
        name=table.text(place, "name"),
        family=matched[1] if matched else "",
        classes=frozenset({DEVICE_CLASS}),
        part_d=table.flag(place, "part_d"),
        device=True,
    )
    source = FlagSource(table.text(place, "source"), table.status(place))
    return Device(ingredient, table.several(place, "brands"), table.several(place, "synonyms"), source)
