"""Strengths and dose forms of the NDC Directory as RxNorm writes them, where one writing leads to one other.

The directory says `10 mg/1` and `TABLET, FILM COATED` by route `ORAL`; RxNorm says `10 MG` and `Oral Tablet`. What is
not in these tables is not translated, and the package is then not placed by its strength.
"""

import re
from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Final

from mtm_shared.values.decimals import plain

_MILLIGRAMS: Final = {"kg": Decimal(1_000_000), "g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001")}
_OTHER_UNITS: Final = {"[iU]": "UNT", "[USP'U]": "UNT", "meq": "MEQ", "mmol": "MMOL"}
_UNIT: Final = re.compile(r"(\S+?)/(\d*\.?\d*)\s*(mL|L|g|h)?")
_THREE_DIGITS: Final = Context(prec=3)
_SOLIDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("TABLET", "TABLET, FILM COATED", "TABLET, COATED", "TABLET, SUGAR COATED"), "Oral Tablet"),
    **dict.fromkeys(("CAPSULE", "CAPSULE, GELATIN COATED", "CAPSULE, LIQUID FILLED"), "Oral Capsule"),
    **dict.fromkeys(
        ("TABLET, EXTENDED RELEASE", "TABLET, FILM COATED, EXTENDED RELEASE", "TABLET, COATED, EXTENDED RELEASE"),
        "Extended Release Oral Tablet",
    ),
    **dict.fromkeys(
        ("CAPSULE, EXTENDED RELEASE", "CAPSULE, COATED, EXTENDED RELEASE", "CAPSULE, COATED PELLETS, EXTENDED RELEASE"),
        "Extended Release Oral Capsule",
    ),
    **dict.fromkeys(("TABLET, DELAYED RELEASE", "TABLET, FILM COATED, DELAYED RELEASE"), "Delayed Release Oral Tablet"),
    **dict.fromkeys(("CAPSULE, DELAYED RELEASE", "CAPSULE, DELAYED RELEASE PELLETS"), "Delayed Release Oral Capsule"),
    "TABLET, CHEWABLE": "Chewable Tablet",
    "TABLET, ORALLY DISINTEGRATING": "Disintegrating Oral Tablet",
    "SOLUTION": "Oral Solution",
    "SYRUP": "Oral Solution",
    "SUSPENSION": "Oral Suspension",
}
_OTHERS: Final[Mapping[tuple[str, str], str]] = {
    ("TABLET", "SUBLINGUAL"): "Sublingual Tablet",
    ("SOLUTION/ DROPS", "OPHTHALMIC"): "Ophthalmic Solution",
    ("SOLUTION", "OPHTHALMIC"): "Ophthalmic Solution",
    ("SUSPENSION/ DROPS", "OPHTHALMIC"): "Ophthalmic Suspension",
    ("OINTMENT", "OPHTHALMIC"): "Ophthalmic Ointment",
    ("CREAM", "TOPICAL"): "Topical Cream",
    ("OINTMENT", "TOPICAL"): "Topical Ointment",
    ("GEL", "TOPICAL"): "Topical Gel",
    ("LOTION", "TOPICAL"): "Topical Lotion",
    ("SPRAY, METERED", "NASAL"): "Metered Dose Nasal Spray",
}


def dose_form(form: str, routes: tuple[str, ...]) -> str:
    """RxNorm's dose form, or ""."""
    if routes == ("ORAL",):
        return _SOLIDS.get(form, "")
    return _OTHERS.get((form, routes[0]), "") if len(routes) == 1 else ""


def strength(text: str) -> str:
    """RxNorm's strength (`10 MG`, `0.4 MG/ML`), or ""."""
    amount, _, unit = text.partition(" ")
    match = _UNIT.fullmatch(unit.strip())
    if match is None:
        return ""
    try:
        value = Decimal(amount.replace(",", ""))
        per = Decimal(match[2]) if match[2] not in ("", ".") else Decimal(1)
    except InvalidOperation:
        return ""
    name = match[1]
    if value <= 0 or per <= 0 or (name not in _MILLIGRAMS and name not in _OTHER_UNITS):
        return ""
    value *= _MILLIGRAMS.get(name, 1)
    written = "MG" if name in _MILLIGRAMS else _OTHER_UNITS[name]
    if match[3] is None:
        return f"{plain(value / per)} {written}"
    return _quotient(value / per, written, match[3])


def _quotient(value: Decimal, written: str, per: str) -> str:
    """RxNorm writes quotients with three significant digits, a gram as 1000 MG and an hour as HR."""
    value = _THREE_DIGITS.create_decimal(value / 1000 if per in ("L", "g") else value)
    return f"{plain(value)} {written}/{ {'mL': 'ML', 'L': 'ML', 'g': 'MG', 'h': 'HR'}[per] }"
