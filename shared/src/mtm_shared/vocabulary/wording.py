"""Takes the written name of a drug apart: words, strengths, dose form and salts.

Pharmacy systems write one drug in many ways ("LISINOPRIL 10 MG TAB", "Amlodipine Bes/Olmesartan Med"). This module
knows the words that stand around a name (data/words.csv); it knows no drug. What it cannot place stays a word, so that
the caller refuses the name rather than resolving it to something near.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Final

from mtm_shared.values import decimals
from mtm_shared.vocabulary.checks import Table

_UNITS: Final = dict(
    pair.split("=")
    for line in (
        "mg=MG mgs=MG mcg=MCG mcgs=MCG ug=MCG g=G gm=G gram=G grams=G gramo=G gramos=G meq=MEQ mmol=MMOL",
        "unt=UNT unit=UNT units=UNT iu=UNT ui=UNT unidad=UNT unidades=UNT",
        "ml=ML actuat=ACTUAT act=ACTUAT spray=ACTUAT puff=ACTUAT hr=HR h=HR hour=HR hours=HR %=%",
    )
    for pair in line.split()
)
# "24 HR", "0.5 ML" and "60 ACTUAT" before a name are how long, how much and how many, not how strong.
_NOT_STRENGTH: Final = frozenset({"HR", "ML", "ACTUAT"})
_UNIT: Final = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# "1,000" is a thousand, "0,125" and "2,5" have the decimal comma of Spanish.
_NUMBER: Final = r"(?:0,\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d*\.\d+|\d+)"
_BEFORE_NUMBER: Final = r"(?<![\w.])(?<!\d,)"
_DECIMAL_COMMA: Final = re.compile(r"0,\d+|\d+,\d{1,2}")
# "1.000 mg" is one for some and a thousand for others, and no strength for us; carvedilol is sold with 3.125 mg.
_UNCLEAR_POINT: Final = re.compile(r"[1-9]\d{0,2}\.\d\d0")
# A number may follow the stroke only before a volume, a dose or a time: "20 mg/25 mg" is two strengths.
_PER: Final = "|".join(sorted((unit for unit, name in _UNITS.items() if name in _NOT_STRENGTH), key=len, reverse=True))
_STRENGTH: Final = re.compile(
    rf"{_BEFORE_NUMBER}({_NUMBER})\s*-?\s*({_UNIT})(?![a-z])"
    rf"(?:\s*/\s*(?:({_NUMBER})\s*({_PER})(?![a-z])|({_UNIT})(?![a-z])))?"
)
# "250 mg per 5 ml", and in Spanish.
_PER_VOLUME: Final = re.compile(
    rf"(?<=[a-z])\s+(?:per|in|each|por|en|cada)\s+(?=(?:{_NUMBER}\s*)?(?:ml|actuat)(?![a-z]))"
)
_STRENGTH_PLACE: Final = "\0"
# Amounts joined by a stroke or hyphen are one for each drug, but for a fraction, a small range, a date or years.
_JOINED: Final = re.compile(rf"(?<![\w./-])(?:\0|{_NUMBER})(?:\s*[-/]\s*(?:\0|{_NUMBER}))+(?![\w/-])")
_NOT_AMOUNTS: Final = re.compile(
    r"[1-4]\s*[-/]\s*[1-4]|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d|20\d\d\s*[-/]\s*(?:20)?\d\d|24/7"
)
_BETWEEN_STRENGTHS: Final = re.compile(r"\0(?:[\s,/&+-]|and)+(?=\0)")
# "160-4.5 mcg", "10/12.5 mg": one unit after several amounts.
_SHARED_UNIT: Final = re.compile(rf"{_BEFORE_NUMBER}((?:{_NUMBER}\s*[-/]\s*)+)(?={_NUMBER}\s*(mg|mcg)(?![a-z]))")
_THREE_DIGITS: Final = Context(prec=3)
_AMOUNT: Final = re.compile(_NUMBER)
_BRACKET: Final = re.compile(r"[\[(]([^\])]*)[\])]")
_WORD: Final = re.compile(r"[a-z0-9]+")
_PHRASE: Final = re.compile(r"(?:[a-z]+|#)(?: (?:[a-z]+|#)){1,5}")
# Between two numbers ("70/30") the stroke belongs to the name or the strength.
_JOIN: Final = re.compile(r"[+&;]|(?<!\d)/|/(?!\d)")
_KINDS: Final = (
    *("around", "separator", "salt", "tablet", "capsule", "extended_release", "delayed_release"),
    *("disintegrating", "chewable", "not_swallowed", "direction", "denial"),
)
# What a word tells of the route, and the routes that products of it have.
_ROUTES: Final = {
    "injection": {"injection", "subcutaneous"},
    "topical": {"topical", "transdermal"},
    "transdermal": {"topical", "transdermal"},
    **{route: {route} for route in ("inhalation", "nasal", "ophthalmic", "oral", "otic", "rectal", "vaginal")},
}
_WATER: Final = ("hydrate", "hidrato", "hydrous")
_COUNTERIONS: Final = frozenset({"potassium", "sodium"})
_WRITTEN_KINDS: Final = frozenset({"salt", "around", *_ROUTES})
_METALS: Final = frozenset({"calcium", "magnesium", "potassium", "sodium", "zinc"})
_RELEASE: Final = {"extended_release": "Extended Release", "delayed_release": "Delayed Release"}
# Directions are phrases, for the words alone may belong to a name ("Tylenol PM"); "#" stands for a number.
_LONGEST_DIRECTION: Final = 6
_MOST_IN_PERCENT: Final = 4


@dataclass(frozen=True, slots=True)
class Written:
    """A name taken apart: lower-case words without strengths, strengths as RxNorm writes them, form and salts.

    `routes` are those that the words leave open; None when they say nothing of the route. `amounts` is how many stand
    joined ("10/325"): a drug for each. `shapes` are words that the product's dose form must have ("Ointment").
    """

    words: tuple[str, ...]
    strengths: tuple[str, ...]
    form: str | None
    salts: frozenset[str]
    bracketed: str
    routes: frozenset[str] | None = None
    amounts: int = 0
    shapes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that stand around a name by their kind, salts and dose forms by RxNorm's word; and how to read a name
    with them."""

    kinds: Mapping[str, str]
    salts: Mapping[str, str]
    forms: Mapping[str, str]

    def take_apart(self, text: str) -> Written:
        """The parts of a written drug name."""
        lower = plain(text).replace(_STRENGTH_PLACE, " ")
        bracketed = " ".join(_BRACKET.findall(lower))
        lower = _SHARED_UNIT.sub(_spread, _PER_VOLUME.sub("/", _BRACKET.sub(" ", lower)))
        read = [
            _strength(match)
            for match in _STRENGTH.finditer(lower)
            if match[4] or match[5] or _UNITS[match[2]] not in _NOT_STRENGTH
        ]
        # Beside one that cannot be read, the others are no proof of a product.
        strengths = tuple(strength for strength in read if strength) if all(read) else ()
        marked = _STRENGTH.sub(_STRENGTH_PLACE, lower)
        bare = _BETWEEN_STRENGTHS.sub("", marked).replace(_STRENGTH_PLACE, " ")
        words = self._without_directions(_WORD.findall(_JOIN.sub(" and ", bare)))
        salts = frozenset(self.salts[word] for word in words if self.salts.get(word))
        kinds = {kind for word in words if word in self.kinds for kind in self.kinds[word].split("+")}
        shapes = {self.forms[word] for word in words if word in self.forms} | {
            _RELEASE[k] for k in kinds & _RELEASE.keys()
        }
        return Written(
            words=words,
            strengths=strengths,
            form=_form(kinds),
            salts=salts,
            bracketed=fold(bracketed),
            routes=_routes(kinds),
            amounts=_joined(marked),
            shapes=frozenset(shapes),
        )

    def _without_directions(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words without "twice a day", "cada 8 horas" and the like; each phrase is a row of data/words.csv."""
        general = ["#" if word.isdecimal() else word for word in words]
        kept, place = [], 0
        while place < len(words):
            ends = range(min(place + _LONGEST_DIRECTION, len(words)), place + 1, -1)
            end = next((end for end in ends if self.kinds.get(" ".join(general[place:end])) == "direction"), None)
            if end is None:
                kept.append(words[place])
            place = end or place + 1
        return tuple(kept)

    def separates(self, word: str) -> bool:
        """Whether the word stands between two drugs (`/`, `+` and `&` have become "and")."""
        return self.kinds.get(word) == "separator"

    def denies(self, word: str) -> bool:
        """Whether the word says that the drug is not taken ("stopped", "alergia")."""
        return self.kinds.get(word) == "denial"

    def is_metal(self, word: str) -> bool:
        """Whether the word is the metal of a salt, and so may begin another drug: "calcium carbonate"."""
        return self.salts.get(word) in _METALS

    def is_acid(self, word: str) -> bool:
        """Whether the word is the acid of a salt, and no metal or water."""
        return self.is_salt(word) and not self.is_metal(word) and not word.endswith(_WATER)

    def is_counterion(self, word: str) -> bool:
        """Whether the word stands behind so many names as their salt that alone it means nothing else there."""
        return self.salts.get(word) in _COUNTERIONS

    def in_full(self, words: Sequence[str]) -> str:
        """The words with salts as RxNorm writes them: "sod phos" is "sodium phosphate"."""
        return " ".join(self.salts.get(word) or word for word in words)

    def is_salt(self, word: str) -> bool:
        """Whether the word is a salt's."""
        return word in self.salts

    def stands_around(self, word: str, *, after_name: bool) -> bool:
        """Whether a word may stand beside a name; a salt only behind one, for "potassium" alone is no drug's name."""
        if word.isdecimal():
            return True
        if self.kinds.get(word, "denial") == "denial":
            return False
        return after_name or word not in self.salts or word.endswith(_WATER)


def load_wording(folder: Path) -> Wording:
    """The words of the folder, or a `ReferenceDataError` naming file, row and value."""
    table = Table(folder, "words", ("word", "kind", "written"))
    table.unique(lambda row: row["word"], "word")
    kinds: dict[str, str] = {}
    for place, row in enumerate(table.rows):
        direction = row["kind"] == "direction"
        if not (_PHRASE if direction else _WORD).fullmatch(row["word"]):
            table.refuse(place, "word", row["word"], "must be one word in lower case (for a direction, several)")
        kinds[row["word"]] = "+".join(table.several(place, "kind", (*_KINDS, *_ROUTES), "+"))
        if row["written"] and row["kind"] not in _WRITTEN_KINDS:
            table.refuse(place, "written", row["written"], "must be empty unless the word is a salt or dose form")
    salts = {row["word"]: row["written"] for row in table.rows if row["kind"] == "salt"}
    forms = {row["word"]: row["written"] for row in table.rows if row["written"] and row["kind"] != "salt"}
    return Wording(kinds, salts, forms)


def plain(text: str) -> str:
    """Lower case without apostrophes and accents: "Ácido fólico" and "acido folico" are one name; "µg" is "ug"."""
    lower = text.casefold().replace("'", "")
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower.replace("’", "").replace("µ", "u").replace("μ", "u"))
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()


def fold(text: str) -> str:
    """The key of a name: `plain`, and everything that is not a letter or digit a blank."""
    return " ".join(_WORD.findall(plain(text)))


def _routes(kinds: Set[str]) -> frozenset[str] | None:
    said = [_ROUTES[kind] for kind in sorted(kinds & _ROUTES.keys())]
    return frozenset(said[0].intersection(*said[1:])) if said else None


def _form(kinds: Set[str]) -> str | None:
    """The RxNorm dose form of tablets and capsules; others vary too much in writing to be told from words."""
    if "disintegrating" in kinds:
        return "Disintegrating Oral Tablet"
    solid = "Tablet" if "tablet" in kinds else "Capsule" if "capsule" in kinds else None
    if solid is None or "not_swallowed" in kinds:
        return None
    if solid == "Tablet" and "chewable" in kinds:
        return "Chewable Tablet"
    release = next((f"{words} " for kind, words in _RELEASE.items() if kind in kinds), "")
    return f"{release}Oral {solid}"


def _spread(match: re.Match[str]) -> str:
    return "".join(f"{amount} {match[2]}/" for amount in _AMOUNT.findall(match[1]))


def _joined(marked: str) -> int:
    """How many amounts stand joined by strokes or hyphens, at most."""
    runs = (run[0] for run in _JOINED.finditer(marked) if not _NOT_AMOUNTS.fullmatch(run[0]))
    return max((len(re.split("[-/]", run)) for run in runs), default=0)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "." if _DECIMAL_COMMA.fullmatch(text) else ""))


def _strength(match: re.Match[str]) -> str | None:
    """The strength as RxNorm writes it; None where the number is no amount or may be two."""
    if _UNCLEAR_POINT.fullmatch(match[1]):
        return None
    value, name = _number(match[1]), _UNITS[match[2]]
    if not value:
        return None
    if name == "MCG":
        value, name = value / 1000, "MG"
    elif name == "G":
        value, name = value * 1000, "MG"
    per = match[4] or match[5]
    if per is None:
        return f"{decimals.plain(value)} {name}"
    if match[3] is not None:
        # A written zero ("5 mg/0 ml") is read as one: the strength is then no product's, and nothing is resolved by it.
        value /= _number(match[3]) or 1
        # RxNorm writes quotients with three significant digits.
        value = _THREE_DIGITS.create_decimal(value)
    return f"{decimals.plain(value)} {name}/{_UNITS[per]}"


def same_strengths(strengths: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The strengths in every way that RxNorm may write them, sorted: 1 % is 10 MG/ML, or 0.01 MG/MG."""
    if len(strengths) > _MOST_IN_PERCENT:
        return frozenset({tuple(sorted(strengths))})
    ways: set[tuple[str, ...]] = {()}
    for strength in strengths:
        amount, unit = strength.split(" ", 1)
        same = {strength}
        if unit == "%":
            same |= {f"{decimals.plain(Decimal(amount) * 10)} MG/ML", f"{decimals.plain(Decimal(amount) / 100)} MG/MG"}
        ways = {(*way, written) for way in ways for written in same}
    return frozenset(tuple(sorted(way)) for way in ways)
