"""The fonts of every document (Liberation 2, SIL Open Font License), and which characters they can print.

PDF/UA-1 forbids a character that no font has, and a letter that fails for one emoji helps nobody; so text is checked
against the fonts before it is set. Only the character map (`cmap`, format 4) of each font is read: see the OpenType
specification, section cmap.
"""

import struct
from functools import lru_cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent
PLACEHOLDER: Final = "□"
"""Printed for a character that no shipped font has: U+25A1, the usual sign for it."""

_UNICODE_BMP: Final = (3, 1)
_FORMAT_4: Final = 4


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """The characters that every shipped font has."""
    fonts = sorted(FONTS.glob("*.ttf"))
    if not fonts:
        raise FileNotFoundError("no fonts are shipped")
    return frozenset.intersection(*(_characters(font.read_bytes()) for font in fonts))


def _characters(font: bytes) -> frozenset[str]:
    table = _subtable(font, _table(font, b"cmap"))
    (form,) = struct.unpack_from(">H", font, table)
    if form != _FORMAT_4:
        raise ValueError(f"the font's character map has format {form}")
    return frozenset(chr(code) for code in _codes(font, table))


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for place in range(12, 12 + 16 * count, 16):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, place)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no {tag!r} table")


def _subtable(font: bytes, cmap: int) -> int:
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for place in range(cmap + 4, cmap + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHL", font, place)
        if (platform, encoding) == _UNICODE_BMP:
            return cmap + int(offset)
    raise ValueError("the font has no Unicode character map")


def _codes(font: bytes, table: int) -> list[int]:
    (doubled,) = struct.unpack_from(">H", font, table + 6)
    segments = doubled // 2
    read = f">{segments}H"
    ends = struct.unpack_from(read, font, table + 14)
    starts = struct.unpack_from(read, font, table + 16 + doubled)
    deltas = struct.unpack_from(read, font, table + 16 + 2 * doubled)
    range_at = table + 16 + 3 * doubled
    ranges = struct.unpack_from(read, font, range_at)
    found = []
    for segment, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                at = range_at + 2 * segment + ranges[segment] + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", font, at)
            if ranges[segment] == 0 or glyph:
                glyph = (glyph + deltas[segment]) & 0xFFFF
            if glyph:
                found.append(code)
    return found
