"""Checks that every table of the dictionary shares.

A mistake in the data stops the load; it never changes an answer. `mtm-vocabulary check` runs the same loaders inside
`mtm_shared.reference.collect`, where each check notes its refusal and answers with a stand-in.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

from mtm_shared.reference import ReferenceDataError, allowed, read_csv, refuse
from mtm_shared.values.citation import Status

FLAGS: Final = {"yes": True, "no": False}
# Looked up for every row of most tables: the enumeration itself would take a tenth of the load.
_STATUSES: Final = {status.value: status for status in Status}
_T = TypeVar("_T")


class Table:
    """The rows of one CSV file, each value asked for with the check that it must pass."""

    def __init__(self, folder: Path, name: str, columns: tuple[str, ...]) -> None:
        self.file = f"{name}.csv"
        self.rows = read_csv(folder / self.file, columns)

    def fail(self, place: int, column: str, value: object, problem: str) -> ReferenceDataError:
        """An error naming file, row (the header is row 1), column and value, to be raised."""
        return ReferenceDataError(f"{self.file}:{place + 2}.{column}", f"{problem}, but is {value!r}", value)

    def refuse(self, place: int, column: str, value: object, problem: str) -> None:
        """Refuse a value in a caller's own check: raise, or note it where every mistake is collected."""
        refuse(self.fail(place, column, value, problem))

    def unique(self, key: Callable[[dict[str, str]], str], column: str) -> None:
        """Refuse a key that occurs twice."""
        seen: set[str] = set()
        for place, row in enumerate(self.rows):
            value = key(row)
            if value in seen:
                self.refuse(place, column, value, "must not repeat a key")
            seen.add(value)

    def flag(self, place: int, column: str) -> bool:
        """`yes` or `no`."""
        value = self.rows[place][column]
        if value not in FLAGS:
            self.refuse(place, column, value, "must be yes or no")
        return FLAGS.get(value, False)

    def choice(self, place: int, column: str, choices: Iterable[str], *, empty: bool = False) -> str:
        """One of the choices."""
        value = self.rows[place][column]
        if value not in choices and not (empty and not value):
            known = sorted(choices)
            self.refuse(place, column, value, f"must be {'empty or ' * empty}{allowed(value, known)}")
            return known[0] if known else value
        return value

    def several(
        self, place: int, column: str, choices: Iterable[str] | None = None, separator: str = ";"
    ) -> tuple[str, ...]:
        """A list of distinct values; empty when the field is."""
        text = self.rows[place][column]
        values = tuple(text.split(separator)) if text else ()
        if len(set(values)) != len(values) or not all(values):
            self.refuse(place, column, text, "must hold distinct values")
        for value in values if choices is not None else ():
            if value not in (choices or ()):
                self.refuse(place, column, value, f"must be {allowed(value, choices or ())}")
        return values

    def number(self, place: int, column: str, minimum: int) -> int:
        """A whole number of at least `minimum`."""
        value = self.rows[place][column]
        if not value.isdecimal() or int(value) < minimum:
            self.refuse(place, column, value, f"must be a whole number of at least {minimum}")
            return minimum
        return int(value)

    def status(self, place: int, column: str = "status") -> Status:
        """How sure the row is."""
        return _STATUSES[self.choice(place, column, _STATUSES)]

    def text(self, place: int, column: str) -> str:
        """A text that is not empty."""
        value = self.rows[place][column]
        if not value:
            self.refuse(place, column, value, "must not be empty")
        return value
