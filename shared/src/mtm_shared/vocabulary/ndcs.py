"""From an NDC on a claim to its product, and why one that cannot be used cannot.

A package is looked up by its 11 digits; nothing is resolved by a part of them. But the reader of "unknown" is told what
is known: another package of the same product (21 CFR 207.33: labeler, product and package segments), the labeler, or
that the value is a product code, a bar code or a placeholder rather than an NDC. `NotUnderstood.reason` is stable.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from mtm_shared.values.codes import InvalidCode, Ndc
from mtm_shared.vocabulary.model import NotUnderstood
from mtm_shared.vocabulary.tables import Tables

_HYPHENATED_PRODUCT: Final = re.compile(r"([0-9]{4,5})-([0-9]{3,4})")
_ELEVEN: Final = re.compile(r"[0-9]{11}")
_SPACED: Final = re.compile(r"([0-9*]{4,5})[-\s]+([0-9*]{3,4})[-\s]+([0-9*]{1,2})")
_SPREADSHEET: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?e\+?[0-9]+|([0-9]{1,11})[.,]0+", re.IGNORECASE)
_TWELVE: Final = re.compile(r"0([0-9]{5})(-?)([0-9]{4})\2([0-9]{2})")
# What comes around an NDC out of a letter or a spreadsheet: quotes, a leading apostrophe, "NDC", a byte order mark.
_AROUND: Final = re.compile(r"^(?:[\W_]|NDC)+|[\W_]+$", re.IGNORECASE)
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_FEWEST_DIGITS: Final = 8
_LONGEST: Final = 40
_DIGITS_AND_HYPHENS: Final = re.compile(r"[0-9]+(?:-[0-9]+)+")
_PLACEHOLDER: Final = re.compile(r"(.)\1+")
_UPC: Final = re.compile(r"3[0-9]{11}")
_LAST: Final = "\U0010ffff"


@runtime_checkable
class _Ordered(Protocol):
    """A table that finds its keys by their beginning, as a built file does."""

    def starting(self, prefix: str) -> Sequence[str]:
        """The keys that begin so."""


class NdcReader:
    """Looks NDCs up in the tables."""

    def __init__(self, tables: Tables) -> None:
        self._ndcs = tables.drugs.ndcs
        self._products = tables.drugs.products
        self._ingredients = tables.drugs.ingredients
        self._starting: Callable[[str], Sequence[str]] | None = None

    def read(self, text: str) -> str | NotUnderstood:
        """RxCUI of the product in the package, or why the NDC does not lead to one."""
        try:
            digits = Ndc.parse(text).digits
        except InvalidCode as error:
            return self._ambiguous(text) if error.code == "ambiguous_ndc" else self._invalid(text, str(error))
        return self._ndcs.get(digits) or self._unknown(text, digits)

    def _ambiguous(self, text: str) -> NotUnderstood:
        given = text.strip()
        readings = {shape: self._ndcs.get(digits) for shape, digits in _readings(given)}
        said = ", ".join(f"{shape} ({self._name(rxcui) if rxcui else 'not held'})" for shape, rxcui in readings.items())
        return NotUnderstood(
            "ambiguous_ndc",
            text,
            f"ten digits without hyphens are three different NDCs: {said}; give 11 digits or the hyphens",
            self._drugs(rxcui for rxcui in readings.values() if rxcui),
            "ten_digits",
        )

    def _invalid(self, text: str, detail: str) -> NotUnderstood:
        reason, why, likely = _what_else(text.strip())
        known = [rxcui for start in likely for rxcui in self._products_of(start)]
        return NotUnderstood("invalid_ndc", text, f"{detail}: {why}", self._drugs(known), reason)

    def _unknown(self, text: str, digits: str) -> NotUnderstood:
        product = Ndc(digits).hyphenated[:10]
        same = self._products_of(digits[:9])
        inside = self._products_of(digits[2:]) if digits.startswith("00") else []
        if _PLACEHOLDER.fullmatch(digits):
            reason, why, known = "placeholder", "one digit repeated stands for no package", []
        elif same:
            reason, known = "unknown_package", same
            why = f"this package is not held; others of product {product} are"
        elif inside:
            reason, known = "padded_product_code", inside
            why = f"behind two zeros it reads as product code {digits[2:7]}-{digits[7:]} without its package"
        elif self._keys(digits[:5]):
            reason, why, known = "unknown_product", f"product {product} is not held; others of its labeler are", []
        else:
            reason, why, known = "unknown_labeler", f"no package of labeler {digits[:5]} is held", []
        detail = f"the vocabulary does not hold this NDC: {why}"
        return NotUnderstood("unknown_ndc", text, detail, self._drugs(known), reason)

    def _products_of(self, start: str) -> list[str]:
        """Products of the NDCs that begin so."""
        return list(dict.fromkeys(self._ndcs[ndc] for ndc in self._keys(start)))

    def _keys(self, start: str) -> Sequence[str]:
        if self._starting is None:
            self._starting = self._ndcs.starting if isinstance(self._ndcs, _Ordered) else _finder(self._ndcs)
        return self._starting(start)

    def _name(self, rxcui: str) -> str:
        product = self._products.get(rxcui)
        return product.name if product is not None else self._ingredients[rxcui].name

    def _drugs(self, rxcuis: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
        """The drugs by their ingredients: an NDC that is nearly right is no proof of strength and form."""
        found = dict.fromkeys(
            product.ingredients if (product := self._products.get(rxcui)) is not None else (rxcui,) for rxcui in rxcuis
        )
        return tuple(" / ".join(self._ingredients[part].name for part in parts) for parts in found)


def _what_else(given: str) -> tuple[str, str, Sequence[str]]:
    """What a value that is no NDC may be: its reason, in words, and beginnings of the NDCs that may be meant."""
    if meant := _meant(given):
        return "other_shape", f"write it {meant.hyphenated}, if that is meant", [meant.digits]
    if product := _HYPHENATED_PRODUCT.fullmatch(given):
        return "product_code", "a product code without its package", [product[1].zfill(5) + product[2].zfill(4)]
    if sheet := _SPREADSHEET.fullmatch(given):
        lost = "zeros in front are lost" if sheet[1] else "zeros in front, and perhaps the last digits, are lost"
        return "spreadsheet", f"a spreadsheet has made a number of it; {lost}", _filled(sheet[1] or "")
    if _DIGITS_AND_HYPHENS.fullmatch(given):
        return "other_shape", "hyphens part an NDC 5-4-2, 4-4-2, 5-3-2 or 5-4-1", []
    if not (given.isascii() and given.isdecimal()):
        return "other_characters", "an NDC has digits and hyphens only", []
    if _PLACEHOLDER.fullmatch(given):
        return "placeholder", "one digit repeated stands for no package", []
    if _UPC.fullmatch(given):
        inside = given[1:11]
        return "bar_code", f"a bar code (UPC) around the ten digits {inside}", [d for _, d in _readings(inside)]
    if len(given) == 9:
        why = "nine digits are a product code without its package, if zeros in front are not lost"
        return "product_code", why, [given, *_filled(given)]
    if len(given) < 11:
        return "too_short", "too few digits; zeros in front may be lost", _filled(given)
    return "too_long", "too many digits: a bar code or a health related item, not an NDC", []


def _meant(given: str) -> Ndc | None:
    """The NDC inside signs that do not belong to it, with blanks for hyphens, or in the form of 12 digits (6-4-2) that
    21 CFR 207.33 has from March 2033; never taken silently, for what was changed once may be changed twice."""
    if len(given) > _LONGEST:
        return None
    inside = _AROUND.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", given)))
    if twelve := _TWELVE.fullmatch(inside):
        return Ndc(twelve[1] + twelve[3] + twelve[4])
    if spaced := _SPACED.fullmatch(inside + "*" * given.endswith("*")):
        labeler, product, package = (part.replace("*", "0") for part in spaced.groups())
        return Ndc(labeler.zfill(5) + product.zfill(4) + package.zfill(2))
    return Ndc(inside) if inside != given and _ELEVEN.fullmatch(inside) else None


def _filled(digits: str) -> list[str]:
    """The 11 digits that a number of so many digits may have been."""
    return [digits.zfill(11)] if _FEWEST_DIGITS <= len(digits) < 11 else []


def _readings(ten: str) -> list[tuple[str, str]]:
    """The three NDCs that ten digits without hyphens may be: as written, and as 11 digits."""
    shapes = [f"{ten[:4]}-{ten[4:8]}-{ten[8:]}", f"{ten[:5]}-{ten[5:8]}-{ten[8:]}", f"{ten[:5]}-{ten[5:9]}-{ten[9:]}"]
    return [(shape, Ndc.parse(shape).digits) for shape in shapes]


def _finder(table: Mapping[str, str]) -> Callable[[str], Sequence[str]]:
    """Finds keys by their beginning in a table in memory."""
    keys = sorted(table)

    def starting(prefix: str) -> Sequence[str]:
        first = bisect_left(keys, prefix)
        return keys[first : bisect_left(keys, prefix + _LAST, first)]

    return starting
