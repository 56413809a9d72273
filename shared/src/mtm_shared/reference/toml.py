"""Reads TOML strictly: each key with its type, unknown keys refused, decimal numbers exact."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from mtm_shared.reference.refusals import ReferenceDataError, RefusalKind, refuse
from mtm_shared.reference.text import text_of
from mtm_shared.values.citation import Citation, Status

_E = TypeVar("_E", bound=StrEnum)
_FIRST_DAY: Final = date.min
_AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)$")
_CURLY: Final = frozenset("\u201c\u201d\u2018\u2019")
_SHOWN: Final = 60


def read_toml(path: Path) -> dict[str, Any]:
    """The file as a dict, decimal numbers as `Decimal`."""
    text = text_of(path)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, str(error)) from error


def _not_toml(path: Path, text: str, problem: str) -> ReferenceDataError:
    found = _AT_LINE.search(problem)
    if found is None:
        return ReferenceDataError(path.name, f"not TOML: {problem}", kind=RefusalKind.UNREADABLE)
    number = int(found[1])
    line = [*text.split("\n"), ""][number - 1].strip()
    # Word processors and mail put them in the place of straight ones.
    curly = "; the quotes are curly, and must be straight" if _CURLY.intersection(line) else ""
    said = f"not TOML: {problem[: found.start()]}{curly}: {line[:_SHOWN]}"
    return ReferenceDataError(f"{path.name}:{number}", said, kind=RefusalKind.UNREADABLE)


class Reader:
    """Takes keys out of a TOML table one by one, each with its type, and refuses what is left over.

    Used as a context manager, or with `finish()`: keys that nobody asked for, here or in any table below, are errors.
    Inside `collect` a refused value is replaced by a stand-in of its type, and `sound` tells that this has happened.
    """

    def __init__(self, table: Mapping[str, Any], where: str, *, silent: bool = False) -> None:
        self._left = dict(table)
        self._children: list[Reader] = []
        # A table that is missing was refused as a whole: its keys are not refused one by one as well.
        self._silent = silent
        self._refused = silent
        self.where = where

    @classmethod
    def of(cls, path: Path) -> Self:
        """A reader of a whole TOML file."""
        return cls(read_toml(path), path.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.finish()

    def finish(self) -> None:
        """Refuse keys that were never read."""
        for child in self._children:
            child.finish()
        for key in sorted(self._left):
            if not self._silent:
                refuse(ReferenceDataError(self.where, f"unknown key {key!r}", key, RefusalKind.UNKNOWN_KEY))

    def fail(self, key: str, value: object, problem: str) -> ReferenceDataError:
        """An error for a caller's own check, to be raised."""
        return ReferenceDataError(f"{self.where}.{key}", f"{problem}, but is {value!r}", value)

    def refuse(self, key: str, value: object, problem: str) -> None:
        """Refuse the value in a caller's own check: raise, or note it where every mistake is collected."""
        self._refuse(self.fail(key, value, problem))

    @property
    def sound(self) -> bool:
        """False after a refusal in this table or below: a check over several values would then judge stand-ins."""
        return not self._refused and all(child.sound for child in self._children)

    def _refuse(self, error: ReferenceDataError) -> None:
        self._refused = True
        if not self._silent:
            refuse(error)

    def has(self, key: str) -> bool:
        """True when the key is there and has not been read yet."""
        return key in self._left

    def keys(self) -> tuple[str, ...]:
        """The keys that have not been read yet, in the file's order."""
        return tuple(self._left)

    def text(self, key: str, *, default: str | None = None, choices: Iterable[str] = ()) -> str:
        """A string without surrounding blanks; empty only when `default` allows a missing one."""
        allowed = tuple(choices)
        # The stand-in of a refused text is one of the choices, so that whoever asked can go on.
        stand_in = allowed[0] if allowed else "?"
        value = self._take(key, default, "a text", lambda v: isinstance(v, str) and v == v.strip(), stand_in)
        if allowed and value not in allowed:
            self.refuse(key, value, f"must be one of {', '.join(allowed)}")
            return stand_in
        if not value and default is None:
            self.refuse(key, value, "must not be empty")
            return stand_in
        return str(value)

    def texts(self, key: str, *, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of distinct non-empty strings."""
        value = self._take(key, default, "a list of texts", _is_texts, ())
        if len(set(value)) != len(value):
            self.refuse(key, value, "must not repeat a value")
        return tuple(value)

    def integer(
        self, key: str, *, default: int | None = None, minimum: int | None = None, maximum: int | None = None
    ) -> int:
        """A whole number within the bounds."""
        value = self._take(key, default, "a whole number", lambda v: type(v) is int, minimum or 0)
        self._bounds(key, value, minimum, maximum)
        return int(value)

    def decimal(
        self,
        key: str,
        *,
        default: Decimal | None = None,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
    ) -> Decimal:
        """An exact number, written bare (`4950.5`) or as a text (`"4950.50"`, which keeps its decimals)."""
        value = self._take(key, default, "a number", lambda v: _as_decimal(v) is not None, minimum or 0)
        number = _as_decimal(value)
        assert number is not None
        self._bounds(key, number, minimum, maximum)
        return number

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        return bool(self._take(key, default, "true or false", lambda v: isinstance(v, bool), False))

    def date(self, key: str, *, default: date | None = None) -> date:
        """A TOML local date, written without quotes."""
        value: date = self._take(key, default, "a date (YYYY-MM-DD without quotes)", _is_date, _FIRST_DAY)
        return value

    def enum(self, key: str, kind: type[_E], *, default: _E | None = None) -> _E:
        """One of the enumeration's values."""
        fallback = None if default is None else default.value
        return kind(self.text(key, default=fallback, choices=[member.value for member in kind]))

    def citation(self, key: str = "citation") -> Citation:
        """A table `{source, status, note?}`."""
        table = self.table(key)
        return Citation(
            source=table.text("source"), status=table.enum("status", Status), note=table.text("note", default="")
        )

    def table(self, key: str) -> "Reader":
        """A nested table as a reader of its own, finished with this one."""
        value = self._take(key, None, "a table", lambda v: isinstance(v, dict), None)
        return self._child(value, f"{self.where}.{key}")

    def tables(self, key: str, *, required: bool = True) -> tuple["Reader", ...]:
        """An array of tables (`[[key]]`) as readers; empty when not required and missing."""
        value = self._take(key, None if required else [], "an array of tables", _is_tables, [])
        return tuple(self._child(item, f"{self.where}.{key}[{place}]") for place, item in enumerate(value))

    def _child(self, table: Mapping[str, Any] | None, where: str) -> "Reader":
        child = Reader(table or {}, where, silent=self._silent or table is None)
        self._children.append(child)
        return child

    def _take(self, key: str, default: object, expected: str, fits: Callable[[Any], bool], stand_in: object) -> Any:
        if key not in self._left:
            if default is None:
                self._refuse(ReferenceDataError(f"{self.where}.{key}", f"missing; must be {expected}"))
                return stand_in
            return default
        value = self._left.pop(key)
        if not fits(value):
            self.refuse(key, value, f"must be {expected}{_nearly(value, fits)}")
            return stand_in
        return value

    def _bounds(self, key: str, value: Any, minimum: Any, maximum: Any) -> None:
        if minimum is not None and value < minimum:
            self.refuse(key, value, f"must be at least {minimum}")
        if maximum is not None and value > maximum:
            self.refuse(key, value, f"must be at most {maximum}")


def _nearly(value: object, fits: Callable[[Any], bool]) -> str:
    """What is wrong with a value that is right but for how it is written."""
    if not isinstance(value, str):
        return ""
    if fits(value.strip()):
        return " without blanks around it"
    return " without quotes" if value.isdecimal() and fits(int(value)) else ""


def _as_decimal(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal | int):
        number = Decimal(value)
    elif isinstance(value, str) and value and set(value) <= set("0123456789.-"):
        try:
            number = Decimal(value)
        except ArithmeticError:
            return None
    else:
        return None
    return number if number.is_finite() else None


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) and item.strip() for item in value)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
