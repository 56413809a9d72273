"""Reads the catalogues, strictly, and speaks a language: sentences, dates, numbers and money.

A string that is empty, fuzzy, unknown or lacks in one language stops the load, because a member must not get a letter
with a hole in it. The fixed sentences of form CMS-10396 are CMS's own and could not be read when these were written:
ours are marked `status: unverified`, and a folder laid over the catalogues (`MTM_WORDING`) replaces them.
In a catalogue `*...*` is strong type and `{name}` a value. A value is put in afterwards, so that a name with an
asterisk or a brace prints as it is.
"""

import gettext
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_currency, format_decimal

Run = tuple[str, bool]
"""A stretch of text, and whether it is strong."""

HERE: Final = Path(__file__).parent
SHARED: Final = "shared"
LANGUAGES: Final = ("en", "es")
_LOCALES: Final = {"en": "en_US", "es": "es_US"}
_STRONG: Final = re.compile(r"\*([^*]+)\*")
_UNVERIFIED: Final = "status: unverified"


class CatalogueError(Exception):
    """A catalogue cannot be used: names the file and the key."""


class WordingStatus(StrEnum):
    """Whose wording a string is."""

    OFFICIAL = "official"
    OURS = "ours"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Entry:
    """One string: its forms (two when it counts something) and whose wording it is."""

    forms: tuple[str, ...]
    status: WordingStatus


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one form in one language."""

    language: str
    entries: Mapping[str, Entry]
    plural: Callable[[int], int]
    fingerprint: str

    def __call__(self, key: str, /, *, count: int | None = None, **values: object) -> str:
        """The string with its values, without emphasis."""
        return "".join(text for text, _ in self.rich(key, count=count, **values))

    def rich(self, key: str, /, *, count: int | None = None, **values: object) -> list[Run]:
        """The string with its values, as runs of plain and strong text. A value may be runs itself."""
        forms = self.entries[key].forms
        template = forms[0 if count is None else min(self.plural(count), len(forms) - 1)]
        pieces = _STRONG.split(template)
        return [run for place, piece in enumerate(pieces) for run in _filled(piece, bool(place % 2), values)]

    def has(self, key: str) -> bool:
        """True when the form has such a string."""
        return key in self.entries

    def date(self, day: date) -> str:
        """A day in full, such as `March 5, 2026` or `5 de marzo de 2026`."""
        return format_date(day, "long", locale=_LOCALES[self.language])

    def number(self, number: Decimal | int) -> str:
        """A number with the language's separators."""
        return format_decimal(number, locale=_LOCALES[self.language])

    def money(self, dollars: Decimal) -> str:
        """United States dollars; cents only when there are any."""
        pattern = "¤#,##0" if dollars == dollars.to_integral_value() else "¤#,##0.00"
        return format_currency(dollars, "USD", pattern, locale=_LOCALES[self.language], currency_digits=False)

    def listed(self, items: list[str], *, last: str = "list.and") -> str:
        """`a`, `a and b`, `a, b and c`; with `last="list.or"`, `a or b`."""
        if len(items) < 2:
            return "".join(items)
        return self(last, first=", ".join(items[:-1]), last=items[-1])


@lru_cache(maxsize=64)
def load_words(form: str, language: str, overlay: Path | None = None) -> Words:
    """The words of `form` in `language`, with the overlay's strings in place of ours.

    Read once a process: a changed overlay takes a restart, so that one run never mixes two wordings.
    """
    if language not in LANGUAGES:
        raise CatalogueError(f"no catalogue for language {language!r}")
    entries: dict[str, Entry] = {}
    plural = ""
    for name in (SHARED, form):
        reference, ours = _read(_file(HERE, LANGUAGES[0], name)), _read(_file(HERE, language, name))
        strings = _entries(ours, _file(HERE, language, name), WordingStatus.OURS)
        _same_keys(strings, _entries(reference, _file(HERE, LANGUAGES[0], name), WordingStatus.OURS), language, name)
        if clash := entries.keys() & strings.keys():
            raise CatalogueError(f"{name}: {sorted(clash)[0]!r} is already a shared string")
        entries |= strings | _overlay(overlay, language, name, strings)
        plural = ours.plural_expr
    return Words(language, entries, gettext.c2py(plural), _fingerprint(entries))


def _filled(piece: str, strong: bool, values: Mapping[str, object]) -> Iterator[Run]:
    """A stretch of a string with its values put in: never `str.format`, which would follow dots and brackets."""
    text = ""
    for literal, name, _, _ in Formatter().parse(piece):
        text += literal
        value = "" if name is None else values[name]
        if isinstance(value, list):
            if text:
                yield text, strong
            text = ""
            yield from value
        else:
            text += str(value)
    if text:
        yield text, strong


def _file(folder: Path, language: str, name: str) -> Path:
    return folder / language / "LC_MESSAGES" / f"{name}.po"


def _overlay(folder: Path | None, language: str, name: str, ours: Mapping[str, Entry]) -> dict[str, Entry]:
    if folder is None or not (path := _file(folder, language, name)).is_file():
        return {}
    entries = _entries(_read(path), path, WordingStatus.OFFICIAL)
    for key, entry in entries.items():
        if key not in ours:
            raise CatalogueError(f"{path.name} ({language}): unknown string {key!r}")
        if extra := _placeholders(entry) - _placeholders(ours[key]):
            raise CatalogueError(f"{path.name} ({language}): {key!r} has no value {sorted(extra)[0]!r}")
    return entries


def _read(path: Path) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.parts[-3], abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _entries(catalogue: Catalog, path: Path, status: WordingStatus) -> dict[str, Entry]:
    return {_key(message): _entry(message, path, status) for message in catalogue if message.id}


def _key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _entry(message: Message, path: Path, status: WordingStatus) -> Entry:
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    where = f"{path.name} ({path.parts[-3]}): {_key(message)!r}"
    if message.fuzzy or not forms or not all(form and form == form.strip() for form in forms):
        raise CatalogueError(f"{where} is empty, fuzzy or has blanks around it")
    unverified = status is WordingStatus.OURS and _UNVERIFIED in message.auto_comments
    entry = Entry(forms, WordingStatus.UNVERIFIED if unverified else status)
    if bad := {name for name in _placeholders(entry) if not name.isidentifier()}:
        raise CatalogueError(f"{where} has the placeholder {sorted(bad)[0]!r}, which is no name")
    return entry


def _placeholders(entry: Entry) -> set[str]:
    parts = (part for form in entry.forms for part in Formatter().parse(form))
    return {name for _, name, _, _ in parts if name is not None}


def _same_keys(ours: Mapping[str, Entry], reference: Mapping[str, Entry], language: str, name: str) -> None:
    if different := ours.keys() ^ reference.keys():
        raise CatalogueError(f"{name} ({language}): {sorted(different)[0]!r} is not in every language")
    for key, entry in ours.items():
        if _placeholders(entry) != _placeholders(reference[key]):
            raise CatalogueError(f"{name} ({language}): {key!r} has other values than in English")


def _fingerprint(entries: Mapping[str, Entry]) -> str:
    digest = hashlib.sha256()
    for key in sorted(entries):
        digest.update("\x1f".join((key, *entries[key].forms)).encode() + b"\x1e")
    return f"sha256:{digest.hexdigest()[:16]}"
