"""RxCUIs that RxNorm no longer uses and what stands in their place, so that an old list can still be read.

RxNorm retires a concept when its drug leaves the market, or when two concepts turn out to be one; claims and medication
lists keep the old number for years. A row says what the old number means now and how that is known (`source`); two rows
for one number mean that it was split, and nothing is chosen. Source: NLM, RxNorm technical documentation, section 11
(RXNCUI, RXNCUICHANGES), which an official file gives in full (`vocabulary.official`).
"""

from collections.abc import Mapping
from pathlib import Path

from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.drugs import DrugTables


def load_retired(folder: Path, drugs: DrugTables) -> Mapping[str, tuple[str, ...]]:
    """The RxCUIs now in use for each retired one, or a `ReferenceDataError` naming file, row and value."""
    table = Table(folder, "retired", ("rxcui", "now", "source", "status"))
    table.unique(lambda row: f"{row['rxcui']} {row['now']}", "rxcui")
    found: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(table.rows):
        old, now = row["rxcui"], row["now"]
        if not old.isdecimal() or old in drugs.ingredients or old in drugs.products:
            table.refuse(place, "rxcui", old, "must be an RxCUI that is no ingredient or product")
        if now not in drugs.ingredients and now not in drugs.products:
            table.refuse(place, "now", now, "must be an ingredient or product")
        table.text(place, "source")
        table.status(place)
        found[old] = (*found.get(old, ()), now)
    return found
