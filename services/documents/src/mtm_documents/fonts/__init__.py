"""The fonts of every document (Liberation 2, SIL Open Font License): what they can print, and how wide.

PDF/UA-1 forbids a character that no font has, and a letter that fails for one emoji helps nobody; so text is checked
against the fonts before it is set. Widths tell which word is too long for its column. Only what is needed is read of
each font: the character map (`cmap`, format 4) and the advance widths (`hmtx`), see the OpenType specification.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent
PLACEHOLDER: Final = "□"
"""Printed for a character that no shipped font has: U+25A1, the usual sign for it."""

_UNICODE_BMP: Final = (3, 1)
_FORMAT_4: Final = 4


@dataclass(frozen=True, slots=True)
class Font:
    """The characters of one font with their advance widths, in parts of the type size."""

    widths: Mapping[str, float]

    def width(self, text: str, size: float) -> float:
        """How wide the text is at the size, in the size's unit, without kerning."""
        return sum(self.widths.get(character, 0.0) for character in text) * size


@lru_cache(maxsize=16)
def font(name: str) -> Font:
    """A shipped font by its file name, such as `LiberationSerif-Bold`."""
    content = (FONTS / f"{name}.ttf").read_bytes()
    glyphs = _glyphs(content, _subtable(content, _table(content, b"cmap")))
    (units,) = struct.unpack_from(">H", content, _table(content, b"head") + 18)
    (count,) = struct.unpack_from(">H", content, _table(content, b"hhea") + 34)
    advances = struct.unpack_from(">" + "Hh" * count, content, _table(content, b"hmtx"))[::2]
    return Font({chr(code): advances[min(glyph, count - 1)] / units for code, glyph in glyphs.items()})


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """The characters that every shipped font has."""
    names = sorted(path.stem for path in FONTS.glob("*.ttf"))
    if not names:
        raise FileNotFoundError("no fonts are shipped")
    return frozenset.intersection(*(frozenset(font(name).widths) for name in names))


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


def _glyphs(font: bytes, table: int) -> dict[int, int]:
    """The glyph of each character that has one."""
    (form, _, _, doubled) = struct.unpack_from(">4H", font, table)
    if form != _FORMAT_4:
        raise ValueError(f"the font's character map has format {form}")
    read = f">{doubled // 2}H"
    ends = struct.unpack_from(read, font, table + 14)
    starts = struct.unpack_from(read, font, table + 16 + doubled)
    deltas = struct.unpack_from(read, font, table + 16 + 2 * doubled)
    range_at = table + 16 + 3 * doubled
    ranges = struct.unpack_from(read, font, range_at)
    found = {}
    for segment, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                at = range_at + 2 * segment + ranges[segment] + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", font, at)
            if ranges[segment] == 0 or glyph:
                glyph = (glyph + deltas[segment]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found
