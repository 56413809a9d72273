"""National Drug Codes and class names as the FDA NDC Directory writes them.

FDA's directory writes the package code in three segments of 10 digits (4-4-2, 5-3-2 or 5-4-1; 21 CFR 207.33); claims
carry 11 digits (5-4-2; 45 CFR 162.1002). FDA will assign uniform 12-digit codes (6-4-2) when five-digit labeler codes
run out; a claim has no place for those, so they are set aside under their own name and never cut to 11 digits.
"""

import re
from typing import Final

from mtm_shared.values.codes import InvalidCode, Ndc

_TWELVE: Final = re.compile(r"[0-9]{6}-[0-9]{4}-[0-9]{2}")
_SIX: Final = re.compile(r"[0-9]{6}-[0-9]{3,4}-[0-9]{1,2}")
_CLASS: Final = re.compile(r"\s*,?\s*([^\[\]]+\[[^\[\]]+\])")


class LongNdc(ValueError):
    """A code of the coming 12-digit format, or with a six-digit labeler, for which claims have no place."""


def ndc11(package_code: str) -> str:
    """The 11 digits of a hyphenated package code.

    Raises `LongNdc` for six-digit labelers (11 or 12 digits) and `ValueError` for anything else that is no NDC.
    """
    if _SIX.fullmatch(package_code):
        digits = "12 digits" if _TWELVE.fullmatch(package_code) else "a labeler of six digits"
        raise LongNdc(f"{package_code!r} has {digits}, for which 11-digit claims have no place")
    if "-" not in package_code:
        raise ValueError(f"{package_code!r} has no hyphens, so its segments are not known")
    try:
        return Ndc.parse(package_code).digits
    except InvalidCode as error:
        raise ValueError(str(error)) from error


def classes_of(pharm_classes: str) -> tuple[str, ...]:
    """The class names with their kind, such as `Anti-Inflammatory Agents, Non-Steroidal [CS]`.

    Names hold commas, so the list is taken apart at each closing bracket; a last piece without one was cut by the
    length of the field and is left out.
    """
    return tuple(dict.fromkeys(found[1].strip() for found in _CLASS.finditer(pharm_classes)))
