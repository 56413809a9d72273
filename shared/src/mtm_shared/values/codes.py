"""Identifiers of the code systems that claims are written in, each parsed once at the door.

Every type holds one normal form and is made by `parse`, so that a string that has become an `Ndc` is known to be one.
`InvalidCode` carries a stable machine code for the wire. A value that identifies a person (an MBI) is never named in
the message; drug, diagnosis and prescriber codes are, because the reader needs them to correct the claim.

Sources: NDC: 21 CFR 207.33 and the HIPAA 11-digit 5-4-2 form of 45 CFR 162.1002(b)(2); RxCUI: NLM RxNorm technical
documentation; ICD-10-CM: Official Guidelines, section I.A; NPI: 45 CFR 162.406 (ISO 7812 check digit with the prefix
80840); MBI: CMS, "Understanding the Medicare Beneficiary Identifier (MBI) Format".
"""

import re
from dataclasses import dataclass
from typing import Final, Self

_SHOWN_CHARACTERS: Final = 40


class InvalidCode(ValueError):
    """A string is not what its place requires; `code` is stable, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


_NDC_ELEVEN = re.compile(r"[0-9]{11}")
_NDC_TEN = re.compile(r"[0-9]{10}")
_NDC_HYPHENS = re.compile(r"([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})")
_NDC_SHAPES: Final = {(5, 4, 2), (4, 4, 2), (5, 3, 2), (5, 4, 1)}


@dataclass(frozen=True, slots=True, order=True)
class Ndc:
    """National Drug Code of a package, as the 11 digits that claims carry (labeler 5, product 4, package 2)."""

    digits: str

    def __post_init__(self) -> None:
        if not _NDC_ELEVEN.fullmatch(self.digits):
            raise InvalidCode("invalid_ndc", f"{_shown(self.digits)} is not an NDC of 11 digits")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 11 digits, 5-4-2, or a hyphenated 10-digit form (4-4-2, 5-3-2, 5-4-1).

        Ten bare digits could be any of three products; they are refused as `ambiguous_ndc`, not guessed.
        """
        given = text.strip()
        if _NDC_ELEVEN.fullmatch(given):
            return cls(given)
        if _NDC_TEN.fullmatch(given):
            raise InvalidCode(
                "ambiguous_ndc",
                f"{_shown(given)} has 10 digits without hyphens, which is three different NDCs; "
                "give 11 digits or the hyphens",
            )
        parts = _NDC_HYPHENS.fullmatch(given)
        if parts is None or tuple(map(len, parts.groups())) not in _NDC_SHAPES:
            raise InvalidCode("invalid_ndc", f"{_shown(given)} is not an NDC")
        labeler, product, package = parts.groups()
        return cls(labeler.zfill(5) + product.zfill(4) + package.zfill(2))

    @property
    def hyphenated(self) -> str:
        """The 5-4-2 spelling."""
        return f"{self.digits[:5]}-{self.digits[5:9]}-{self.digits[9:]}"

    def __str__(self) -> str:
        return self.digits


RXCUI_SHAPE: Final = re.compile(r"[1-9][0-9]{0,7}")


@dataclass(frozen=True, slots=True, order=True)
class Rxcui:
    """RxNorm concept unique identifier: up to eight digits, no leading zero."""

    value: str

    def __post_init__(self) -> None:
        if not RXCUI_SHAPE.fullmatch(self.value):
            raise InvalidCode("invalid_rxcui", f"{_shown(self.value)} is not an RxCUI (1 to 8 digits)")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an RxCUI; surrounding blanks are dropped."""
        return cls(text.strip())

    def __str__(self) -> str:
        return self.value


_ICD10 = re.compile(r"[A-Z][0-9A][0-9AB][0-9A-Z]{0,4}")
_ICD10_DOTTED = re.compile(r"[A-Z][0-9A][0-9AB](?:\.[0-9A-Z]{1,4})?")


@dataclass(frozen=True, slots=True, order=True)
class Icd10:
    """ICD-10-CM code: a category of three characters and up to four more; held without the dot.

    This knows the shape only. Whether the category exists is the vocabulary's to say. ICD-9-CM codes have another
    shape (all digits, or the dot after the fourth character of an E code) and are refused; an ICD-9-CM V code can
    look like an ICD-10-CM one and cannot be told apart here.
    """

    code: str

    def __post_init__(self) -> None:
        if not _ICD10.fullmatch(self.code):
            raise InvalidCode("invalid_icd10", f"{_shown(self.code)} is not an ICD-10-CM code")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a dotted or undotted code in either case."""
        given = text.strip()
        # Casing is changed only for ASCII: "ß".upper() is two letters, and no code has either.
        upper = given.upper() if given.isascii() else given
        if "." in upper and not _ICD10_DOTTED.fullmatch(upper):
            raise InvalidCode("invalid_icd10", f"{_shown(given)} is not an ICD-10-CM code")
        try:
            return cls(upper.replace(".", "", 1))
        except InvalidCode:
            raise InvalidCode("invalid_icd10", f"{_shown(given)} is not an ICD-10-CM code") from None

    @property
    def dotted(self) -> str:
        """The printed spelling, such as `E11.9`."""
        return self.code if len(self.code) <= 3 else f"{self.code[:3]}.{self.code[3:]}"

    @property
    def category(self) -> str:
        """The three-character category."""
        return self.code[:3]

    def __str__(self) -> str:
        return self.code


_NPI = re.compile(r"[12][0-9]{9}")


def _luhn_holds(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


@dataclass(frozen=True, slots=True, order=True)
class Npi:
    """National Provider Identifier: ten digits starting with 1 or 2, the last one a check digit."""

    value: str

    def __post_init__(self) -> None:
        if not _NPI.fullmatch(self.value):
            raise InvalidCode("invalid_npi", f"{_shown(self.value)} is not an NPI (10 digits, 1 or 2 first)")
        # The check digit is computed as if the card issuer prefix 80840 stood in front.
        if not _luhn_holds("80840" + self.value):
            raise InvalidCode("invalid_npi", f"{_shown(self.value)} is not an NPI: its check digit is wrong")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an NPI; surrounding blanks are dropped."""
        return cls(text.strip())

    def __str__(self) -> str:
        return self.value


# C: 1-9; A: letter without S, L, O, I, B, Z; N: 0-9; AN: either. Positions: C A AN N A AN N A A N N.
_LETTER: Final = "AC-HJKMNP-RT-Y"
_MBI = re.compile(f"[1-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}][{_LETTER}][0-9][0-9]")
_MBI_HYPHENS = re.compile(r"([^-]{4})-([^-]{3})-([^-]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Mbi:
    """Medicare Beneficiary Identifier: eleven positions, no check digit. It identifies a person: never log it."""

    value: str

    def __post_init__(self) -> None:
        if not _MBI.fullmatch(self.value):
            raise InvalidCode("invalid_mbi", "not a Medicare Beneficiary Identifier (11 positions, CMS format)")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an MBI in either case, with or without the hyphens printed on the card (4-3-4)."""
        given = text.strip()
        upper = given.upper() if given.isascii() else given
        return cls(_MBI_HYPHENS.sub(r"\1\2\3", upper))

    def __repr__(self) -> str:
        return "Mbi(…)"

    def __str__(self) -> str:
        return self.value
