"""How a medication is named to members and pharmacists: brand, ingredients and strength as labels write them.

RxNorm states strengths in MG, UNT or MEQ and per ML, MG, ACTUAT or HR. A member knows the inhaler of "0.1 MG/ACTUAT" by
its 100 mcg, and the cream of "0.0005 MG/MG" by its 0.05%. No phrase such as
"per puff" is added: the same name stands in Spanish lists.
"""

import re
from decimal import Decimal
from typing import Final

from mtm_shared.values.decimals import plain
from mtm_shared.values.drug import Drug

_UNITS: Final = {"MG": "mg", "MCG": "mcg", "ML": "mL", "UNT": "units", "MEQ": "mEq", "GM": "g", "G": "g"}
_STRENGTH: Final = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]+)(?:/([A-Z]+))?")
# Labels write smaller amounts than these as micrograms: of a tablet or an hour's release, and of one puff or spray.
_MICROGRAMS_BELOW: Final = Decimal("0.1")
_MICROGRAMS_A_PUFF_BELOW: Final = Decimal(1)


def display_name(drug: Drug | None, given: str) -> str:
    """The medication as members know it: `Lasix (furosemide) 40 mg`, `lisinopril 10 mg`; else what was written."""
    if drug is None:
        return given
    generic = " / ".join(ingredient.name for ingredient in drug.ingredients) or drug.name
    name = f"{drug.brand} ({generic})" if drug.brand and drug.brand.lower() != generic.lower() else generic
    return f"{name} {readable_strength(drug.strength)}" if drug.strength else name


def readable_strength(strength: str) -> str:
    """RxNorm's strength as a label writes it: `50 mcg / 100 mcg` of an inhaler, `5 mg/mL`, `75 mcg/hr`, `0.05%`.

    The strengths of a combination keep their order. What is not written in RxNorm's way stays as it is.
    """
    matches = [_STRENGTH.fullmatch(part) for part in strength.split(" / ")]
    parts = [(Decimal(found[1]), found[2], found[3]) for found in matches if found]
    if len(parts) != len(matches):
        return strength
    return " / ".join(_label(value, unit, per) for value, unit, per in parts)


def _label(value: Decimal, unit: str, per: str | None) -> str:
    if per == unit:
        return f"{plain(value * 100)}%"
    amount = _amount(value, unit, per)
    return amount if per in (None, "ACTUAT") else f"{amount}/{_UNITS.get(per, per.lower())}"


def _amount(value: Decimal, unit: str, per: str | None) -> str:
    below = _MICROGRAMS_A_PUFF_BELOW if per == "ACTUAT" else _MICROGRAMS_BELOW
    if unit == "MG" and value < below and per in (None, "ACTUAT", "HR"):
        return f"{plain(value * 1000)} mcg"
    return f"{plain(value)} {_UNITS.get(unit, unit.lower())}"
