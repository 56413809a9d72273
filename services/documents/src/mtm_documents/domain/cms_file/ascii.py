"""Names as the file can hold them: ASCII letters, and the few signs that names are written with.

An accent is taken off its letter, a ligature is written out; a letter of another script has no fixed counterpart and is
left out, which is told, so that a person can correct the name rather than CMS's match failing in silence.
"""

import unicodedata
from typing import Final, NamedTuple

_WRITTEN_OUT: Final = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H",
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u02bb": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-",
    }
)  # fmt: skip
_SIGNS: Final = frozenset(" '-.")


class Ascii(NamedTuple):
    """A name in ASCII; `lost` tells that some letter had no counterpart."""

    text: str
    lost: bool


def to_ascii(name: str) -> Ascii:
    """The name in ASCII, with single blanks."""
    kept: list[str] = []
    lost = False
    for character in unicodedata.normalize("NFKD", name.translate(_WRITTEN_OUT)):
        if character.isascii() and (character.isalpha() or character in _SIGNS):
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif not unicodedata.combining(character):
            lost = True
    return Ascii(" ".join("".join(kept).split()), lost)
