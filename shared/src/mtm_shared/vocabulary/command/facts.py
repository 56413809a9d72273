"""Where a fact of the dictionary comes from: the source and status of a row and of a flag."""

import csv
from functools import cache
from pathlib import Path
from typing import Any, Final

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA

_FLAGS: Final = ("maintenance", "part_d", "otc", "supplement", "device", "high_alert")


def row_source(vocabulary: Vocabulary, rxcui: str) -> str:
    """Source and status of the ingredient's row, as far as the packaged tables tell."""
    row = _rows(PACKAGED_DATA / "ingredients.csv").get(rxcui)
    return f"{row['source']}, {row['status']}" if row else "official file"


def flags_of(vocabulary: Vocabulary, ingredient: Ingredient) -> list[dict[str, Any]]:
    """Every flag with its source and status."""
    named = {flag: getattr(ingredient, flag) for flag in _FLAGS}
    return [
        {"flag": flag, "value": "yes" if value else "no", "source": "own curation", "status": "unverified"}
        for flag, value in named.items()
    ]


@cache
def _rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["rxcui"]: row for row in csv.DictReader(file)}
