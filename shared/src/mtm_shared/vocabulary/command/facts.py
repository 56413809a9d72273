"""Where a fact of the dictionary comes from: the source and status of an ingredient and of each of its flags."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA
from mtm_shared.vocabulary.flags import USUAL


def row_source(vocabulary: Vocabulary, rxcui: str, origin: Path | None) -> str:
    """Source and status of the ingredient's row; `origin` is the folder or built file that answers.

    A built file lays the packaged tables over the official ones, so that a row of the former is the answer there too.
    """
    if confirmed := vocabulary.confirmed_by(rxcui):
        return f"{confirmed}, final"
    folder = origin if origin is not None and origin.is_dir() else PACKAGED_DATA
    for table, key in (("ingredients.csv", "rxcui"), ("devices.csv", "id")):
        row = _rows(folder / table, key).get(rxcui)
        if row is not None:
            return f"{row['source']}, {row['status']}"
    files = ", ".join(f"{each.kind} {each.edition}".strip() for each in vocabulary.sources)
    return f"from the official files ({files})" if files else "not said"


def flags_of(vocabulary: Vocabulary, ingredient: Ingredient) -> list[dict[str, Any]]:
    """Every flag; those that nobody states have their usual value, and no source."""
    stated = vocabulary.tables.drugs.flag_sources.get(ingredient.rxcui, {})
    flags = []
    for flag in USUAL:
        known = stated.get(flag)
        flags.append(
            {
                "flag": flag,
                "value": _shown(getattr(ingredient, flag)),
                "stated": known is not None,
                "source": known.source if known else None,
                "status": known.status.value if known else None,
            }
        )
    return flags


def _shown(value: bool | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or "no"


@cache
def _rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}
