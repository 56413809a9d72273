"""Makes text that people wrote printable, and says what it took away.

Names, directions and notes arrive as anything: tabs, pasted line breaks, right-to-left marks, emoji, accents as
separate characters. Accents are composed (NFC) and blanks become single spaces, which loses nothing on paper. Control
and format characters are removed, and characters that no shipped font has are replaced by a visible sign; both are
reported with the place in the value, never with the text.
"""

import dataclasses
import unicodedata
from collections.abc import Iterator
from typing import Any, TypeVar

from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.fonts import PLACEHOLDER, printable

_V = TypeVar("_V")
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))


def clean(value: _V) -> tuple[_V, list[Gap]]:
    """The value with every text in it printable, and what had to be taken away, place by place."""
    found: list[Gap] = []
    return _cleaned(value, "", found), found


def clean_text(text: str, where: str) -> tuple[str, list[Gap]]:
    """One text, printable."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(), []
    blanks = "".join(" " if character.isspace() else character for character in unicodedata.normalize("NFC", text))
    kept = "".join(_kept(blanks))
    removed = _distinct(c for c in blanks if unicodedata.category(c) in _UNPRINTABLE)
    unknown = _distinct(c for c in kept if c not in printable())
    shown = "".join(c if c in printable() else PLACEHOLDER for c in kept)
    gaps = []
    if removed:
        gaps.append(Gap(GapCode.CONTROL_CHARACTER, where, f"removed {removed}"))
    if unknown:
        gaps.append(Gap(GapCode.MISSING_GLYPH, where, f"no shipped font has {unknown}"))
    return " ".join(shown.split()), gaps


def _cleaned(value: Any, where: str, found: list[Gap]) -> Any:
    if type(value) is str:
        text, gaps = clean_text(value, where)
        found += gaps
        return text
    if isinstance(value, tuple):
        return tuple(_cleaned(item, f"{where}[{place}]", found) for place, item in enumerate(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        prefix = f"{where}." if where else ""
        names = [field.name for field in dataclasses.fields(value)]
        parts = {name: _cleaned(getattr(value, name), prefix + name, found) for name in names}
        return dataclasses.replace(value, **parts)
    return value


def _kept(text: str) -> Iterator[str]:
    """Without control and format characters, and without the selectors that follow a character we cannot print."""
    before = ""
    for character in text:
        if unicodedata.category(character) in _UNPRINTABLE:
            continue
        if character in _SELECTORS and before not in printable():
            continue
        yield character
        before = character


def _distinct(characters: Iterator[str]) -> str:
    codes = dict.fromkeys(f"U+{ord(character):04X}" for character in characters)
    return ", ".join(codes)
