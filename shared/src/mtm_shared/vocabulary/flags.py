"""Reads flags.csv: what the law, a list or our own curation says of an ingredient, each fact with its source.

A flag that has no row has its usual value (`USUAL`): a prescription drug that Part D can cover, not controlled, not
high-alert. `part_d` is "no" where SSA 1860D-2(e)(2) and 1927(d)(2) exclude the use (weight loss, fertility, cosmetic
use, cough and cold, vitamins and minerals, nonprescription drugs, erectile dysfunction), where Part B pays, or where
no product is approved (42 CFR 423.100). `schedule` is that of 21 CFR part 1308; `high_alert` follows ISMP's list for
community and ambulatory settings.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from mtm_shared.values.citation import Status
from mtm_shared.vocabulary.checks import FLAGS as YES_NO
from mtm_shared.vocabulary.checks import Table

USUAL: Final[Mapping[str, bool | str]] = {
    "maintenance": False,
    "part_d": True,
    "otc": False,
    "supplement": False,
    "herbal": False,
    "schedule": "",
    "high_alert": False,
}
_SCHEDULES: Final = ("2", "3", "4", "5")
_COLUMNS: Final = ("rxcui", "flag", "value", "source", "status")


class FlagSource(NamedTuple):
    """Which list, law or curation says so, and how sure it is."""

    source: str
    status: Status


class Flagging(NamedTuple):
    """Everything that flags.csv says: values and their sources by RxCUI, then by flag."""

    values: Mapping[str, Mapping[str, bool | str]]
    sources: Mapping[str, Mapping[str, FlagSource]]

    def of(self, rxcui: str) -> dict[str, Any]:
        """The fields of an `Ingredient` that are flags."""
        return {**USUAL, **self.values.get(rxcui, {})}


def load_flags(folder: Path, known: Iterable[str]) -> Flagging:
    """The flags of the folder, or a `ReferenceDataError` naming file, row and value."""
    table = Table(folder, "flags", _COLUMNS)
    table.unique(lambda row: f"{row['rxcui']} {row['flag']}", "flag")
    ingredients = frozenset(known)
    values: dict[str, dict[str, bool | str]] = {}
    sources: dict[str, dict[str, FlagSource]] = {}
    for place, row in enumerate(table.rows):
        rxcui = row["rxcui"]
        if rxcui not in ingredients:
            table.refuse(place, "rxcui", rxcui, "must be the RxCUI of an ingredient in ingredients.csv")
        flag = table.choice(place, "flag", USUAL)
        values.setdefault(rxcui, {})[flag] = _value(table, place, flag)
        sources.setdefault(rxcui, {})[flag] = FlagSource(table.text(place, "source"), table.status(place))
    return Flagging(values, sources)


def _value(table: Table, place: int, flag: str) -> bool | str:
    if flag == "schedule":
        return table.choice(place, "value", _SCHEDULES)
    return YES_NO[table.choice(place, "value", YES_NO)]
