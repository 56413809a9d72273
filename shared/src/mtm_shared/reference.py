"""Reads law and clinical knowledge kept as TOML and CSV, strictly, and says which bytes were read.

A mistake in a reference file must stop a service from starting, not change a decision: an unknown key, a missing or
mistyped value, a wrong column, a row count that differs from the list's sidecar are all refused with the file, the key
and the value. Decimal numbers are read exactly (never as binary floating point). YAML is not read at all: it turns an
NDC with leading zeros into a number and the code NO into False.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from mtm_shared.values.citation import Citation, Status

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
_DATA_SUFFIXES: Final = frozenset({".toml", ".csv"})


class ReferenceDataError(Exception):
    """A reference file cannot be used; names the file, the place in it and the value."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where


def read_toml(path: Path) -> dict[str, Any]:
    """The file as a dict, decimal numbers as `Decimal`."""
    try:
        return tomllib.loads(_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ReferenceDataError(path.name, f"not TOML: {error}") from error


class Reader:
    """Takes keys out of a TOML table one by one, each with its type, and refuses what is left over.

    Used as a context manager, or with `finish()`: keys that nobody asked for, here or in any table below, are errors.
    """

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self._left = dict(table)
        self._children: list[Reader] = []
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
        if self._left:
            raise ReferenceDataError(self.where, f"unknown key {sorted(self._left)[0]!r}")

    def fail(self, key: str, value: object, problem: str) -> ReferenceDataError:
        """An error for a caller's own check, to be raised."""
        return ReferenceDataError(f"{self.where}.{key}", f"{problem}, but is {value!r}")

    def has(self, key: str) -> bool:
        """True when the key is there and has not been read yet."""
        return key in self._left

    def keys(self) -> tuple[str, ...]:
        """The keys that have not been read yet, in the file's order."""
        return tuple(self._left)

    def text(self, key: str, *, default: str | None = None, choices: Iterable[str] = ()) -> str:
        """A string without surrounding blanks; empty only when `default` allows a missing one."""
        value = self._take(key, default, "a text", lambda v: isinstance(v, str) and v == v.strip())
        allowed = tuple(choices)
        if allowed and value not in allowed:
            raise self.fail(key, value, f"must be one of {', '.join(allowed)}")
        if not value and default is None:
            raise self.fail(key, value, "must not be empty")
        return str(value)

    def texts(self, key: str, *, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of distinct non-empty strings."""
        value = self._take(key, default, "a list of texts", _is_texts)
        if len(set(value)) != len(value):
            raise self.fail(key, value, "must not repeat a value")
        return tuple(value)

    def integer(
        self, key: str, *, default: int | None = None, minimum: int | None = None, maximum: int | None = None
    ) -> int:
        """A whole number within the bounds."""
        value = self._take(key, default, "a whole number", lambda v: type(v) is int)
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
        value = self._take(key, default, "a number", lambda v: _as_decimal(v) is not None)
        number = _as_decimal(value)
        assert number is not None
        self._bounds(key, number, minimum, maximum)
        return number

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        return bool(self._take(key, default, "true or false", lambda v: isinstance(v, bool)))

    def date(self, key: str, *, default: date | None = None) -> date:
        """A TOML local date, written without quotes."""
        value: date = self._take(key, default, "a date (YYYY-MM-DD without quotes)", _is_date)
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
        value = self._take(key, None, "a table", lambda v: isinstance(v, dict))
        return self._child(value, f"{self.where}.{key}")

    def tables(self, key: str, *, required: bool = True) -> tuple["Reader", ...]:
        """An array of tables (`[[key]]`) as readers; empty when not required and missing."""
        value = self._take(key, None if required else [], "an array of tables", _is_tables)
        return tuple(self._child(item, f"{self.where}.{key}[{place}]") for place, item in enumerate(value))

    def _child(self, table: Mapping[str, Any], where: str) -> "Reader":
        child = Reader(table, where)
        self._children.append(child)
        return child

    def _take(self, key: str, default: object, expected: str, fits: Callable[[Any], bool]) -> Any:
        if key not in self._left:
            if default is None:
                raise ReferenceDataError(f"{self.where}.{key}", f"missing; must be {expected}")
            return default
        value = self._left.pop(key)
        if not fits(value):
            raise self.fail(key, value, f"must be {expected}")
        return value

    def _bounds(self, key: str, value: Any, minimum: Any, maximum: Any) -> None:
        if minimum is not None and value < minimum:
            raise self.fail(key, value, f"must be at least {minimum}")
        if maximum is not None and value > maximum:
            raise self.fail(key, value, f"must be at most {maximum}")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What `<name>.csv.toml` says of the list beside it."""

    source: str
    edition: str
    licence: str
    rows: int
    status: Status
    retrieved: date | None = None
    note: str = ""


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of the CSV file at `path`."""
    beside = path.with_name(path.name + ".toml")
    if not beside.is_file():
        raise ReferenceDataError(path.name, f"has no sidecar {beside.name}")
    with Reader.of(beside) as reader:
        return Sidecar(
            source=reader.text("source"),
            edition=reader.text("edition"),
            licence=reader.text("licence"),
            rows=reader.integer("rows", minimum=0),
            status=reader.enum("status", Status),
            retrieved=reader.date("retrieved") if reader.has("retrieved") else None,
            note=reader.text("note", default=""),
        )


def read_csv(path: Path, columns: Sequence[str], *, sidecar: bool = True) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file whose header is exactly `columns`; counted against its sidecar."""
    lines = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(lines, [])
        if header != list(columns):
            raise ReferenceDataError(path.name, f"columns must be {','.join(columns)}, but are {','.join(header)}")
        rows = [_row(path, lines.line_num, columns, line) for line in lines]
    except csv.Error as error:
        raise ReferenceDataError(f"{path.name}:{lines.line_num}", f"not CSV: {error}") from error
    if sidecar and (expected := read_sidecar(path).rows) != len(rows):
        raise ReferenceDataError(path.name, f"has {len(rows)} rows, but its sidecar says {expected}")
    return rows


def _row(path: Path, number: int, columns: Sequence[str], line: list[str]) -> dict[str, str]:
    if len(line) != len(columns):
        raise ReferenceDataError(f"{path.name}:{number}", f"must have {len(columns)} fields, but has {len(line)}")
    # Compared as a whole: the vocabulary's tables have tens of thousands of rows.
    if list(map(str.strip, line)) != line:
        column, value = next(pair for pair in zip(columns, line, strict=True) if pair[1] != pair[1].strip())
        raise ReferenceDataError(f"{path.name}:{number}.{column}", f"must have no blanks around it, but is {value!r}")
    return dict(zip(columns, line, strict=True))


def fingerprint(*paths: Path) -> str:
    """`sha256:` and 16 hex digits over the names and bytes of the files; folders stand for their TOML and CSV files.

    Names are relative to the folder that holds all of the paths, and line ends are normalised, so that two checkouts
    of the same content agree.
    """
    files = sorted({file.resolve() for path in paths for file in _data_files(path)})
    if not files:
        raise ReferenceDataError(", ".join(path.name for path in paths), "no reference file found")
    base = _common_folder(files)
    digest = hashlib.sha256()
    for file in files:
        name = file.relative_to(base).as_posix().encode()
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%d:%s%d:" % (len(name), name, len(content)))
        digest.update(content)
    return f"sha256:{digest.hexdigest()[:16]}"


def _data_files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in path.rglob("*") if file.suffix in _DATA_SUFFIXES and file.is_file()]
    return [path]


def _common_folder(files: Sequence[Path]) -> Path:
    base = files[0].parent
    while not all(file.is_relative_to(base) for file in files):
        base = base.parent
    return base


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ReferenceDataError(path.name, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReferenceDataError(path.name, f"not UTF-8 at byte {error.start}") from error


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
