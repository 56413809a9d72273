"""One row of a knowledge file, read field by field; every refusal names the file, the line, the field and the value."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from mtm_shared.reference import ReferenceDataError, allowed, read_csv, refuse
from mtm_shared.values.citation import Citation, Status

from mtm_review.domain.routes import SYSTEMIC

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

ROUTES = SYSTEMIC | {"inhaled", "nasal", "ophthalmic", "otic", "topical", "vaginal"}


_earlier: ContextVar[bool] = ContextVar("earlier", default=False)


@contextmanager
def earlier_version() -> Iterator[None]:
    """Inside, files and columns that an earlier version did not have yet may be absent; everything else is as strict.

    A version is kept so that a review can be judged by it again, after later ones have gained screens and columns.
    """
    token = _earlier.set(True)
    try:
        yield
    finally:
        _earlier.reset(token)


class Row:
    """A row with its place in the file. The header is line 1."""

    def __init__(self, file: str, line: int, values: Mapping[str, str]) -> None:
        self.file = file
        self.line = line
        self._values = values

    def fail(self, column: str, problem: str) -> ReferenceDataError:
        """An error at one field, to be raised."""
        value = self._values.get(column, "")
        return ReferenceDataError(f"{self.file}:{self.line}.{column}", f"{problem}, but is {value!r}", value)

    def refuse(self, column: str, problem: str) -> None:
        """Refuse a field in a caller's own check: raise, or note it where every mistake is collected."""
        refuse(self.fail(column, problem))

    def has(self, column: str) -> bool:
        """True when the file has this column."""
        return column in self._values

    def text(self, column: str) -> str:
        """A value that must not be empty."""
        value = self._values.get(column, "")
        if not value:
            self.refuse(column, "must not be empty")
        return value

    def sentence(self, column: str) -> str:
        """One plain sentence: a capital first letter and a full stop at the end."""
        text = self.text(column)
        if text and not (text[0].isupper() and text.endswith(".")):
            self.refuse(column, "must be a sentence with a capital letter and a full stop")
        return text

    def optional(self, column: str, choices: Iterable[str] = ()) -> str:
        """A value that may be empty, and is one of the choices where they are given."""
        value = self._values.get(column, "")
        known = tuple(choices)
        if value and known and value not in known:
            self.refuse(column, f"must be empty or one of {', '.join(sorted(known))}")
            return ""
        return value

    def key(self, column: str, known: Iterable[str]) -> str:
        """An id that another file defines."""
        value = self.text(column)
        if value and value not in known:
            self.refuse(column, f"must be an id that is defined: {allowed(value, known)}")
        return value

    def keys(self, column: str, known: Iterable[str]) -> tuple[str, ...]:
        """Ids that another file defines, separated by semicolons; may be empty."""
        values = tuple(value for value in self._values.get(column, "").split(";") if value)
        unknown = [value for value in values if value not in known]
        if unknown:
            self.refuse(column, f"must name only ids that are defined, {allowed(unknown[0], known)}")
        return tuple(value for value in values if value not in unknown)

    def number(self, column: str, minimum: int, maximum: int) -> int:
        """A whole number within the bounds; the least, in an earlier version that did not ask yet."""
        if _earlier.get() and not self.has(column):
            return minimum
        value = self.text(column)
        if not value.isdecimal() or not minimum <= int(value) <= maximum:
            self.refuse(column, f"must be a whole number from {minimum} to {maximum}")
            return minimum
        return int(value)

    def yes(self, column: str) -> bool:
        """`yes` or `no`; no, in an earlier version that did not ask yet."""
        if _earlier.get() and not self.has(column):
            return False
        value = self._values.get(column, "")
        if value not in ("yes", "no"):
            self.refuse(column, "must be yes or no")
        return value == "yes"

    def choice(self, column: str, kind: type[_E]) -> _E:
        """One of the enumeration's values."""
        try:
            return kind(self._values.get(column, ""))
        except ValueError:
            self.refuse(column, f"must be one of {', '.join(m.value for m in kind)}")
            return next(iter(kind))

    def routes(self, column: str) -> frozenset[str]:
        """Route groups separated by semicolons; `systemic` stands for all that reach the blood; may be empty."""
        found: set[str] = set()
        for value in self.keys(column, ROUTES | {"systemic"}):
            found |= SYSTEMIC if value == "systemic" else {value}
        return frozenset(found)

    def citation(self) -> Citation:
        """The columns `citation` and `status`."""
        return Citation(self.text("citation"), self.choice("status", Status))


def rows_of(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a file whose header is exactly the columns and whose count agrees with its sidecar."""
    if _earlier.get():
        if not path.exists():
            return []
        columns = _columns_then(path, columns)
    return [Row(path.name, line, values) for line, values in enumerate(read_csv(path, columns), start=2)]


def _columns_then(path: Path, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that the file has, where all of them are known today; else today's, which the reader will miss."""
    header = tuple(path.read_text(encoding="utf-8", errors="replace").partition("\n")[0].rstrip("\r").split(","))
    return header if set(header) <= set(columns) else columns


def put(table: dict[str, _T], key: str, value: _T, row: Row, column: str) -> None:
    """Add under an id that must be new."""
    if key in table:
        row.refuse(column, "must not be defined twice")
    table[key] = value
