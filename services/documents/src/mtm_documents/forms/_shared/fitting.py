"""Lets a word that is wider than its column break with a hyphen, and leaves all others whole.

The name of a drug is read wrong when it is broken without need, and off the page when it is not broken in need; so
each word is measured with the font's own widths. A break is a soft hyphen, which shows only where it is used.
"""

from typing import Final

from mtm_documents.fonts import Font

SOFT_HYPHEN: Final = "\u00ad"
_ALWAYS_FITS: Final = 5
"""Letters that fit every column, capital W throughout."""


def fitted(text: str, room: float, font: Font, size: float) -> str:
    """The text for a column of `room` points."""
    if font.width(text, size) <= room:
        return text
    return " ".join("-".join(_broken(part, room, font, size) for part in word.split("-")) for word in text.split(" "))


def _broken(part: str, room: float, font: Font, size: float) -> str:
    if len(part) <= _ALWAYS_FITS or font.width(part, size) <= room:
        return part
    return part[:2] + "".join(SOFT_HYPHEN + letter for letter in part[2:-1]) + part[-1]
