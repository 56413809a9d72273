"""How a mistake in a reference file is refused: at once when a service starts, all together when a person checks.

A service must not start with a wrong file, so its loaders stop at the first mistake. Whoever edits the file wants every
mistake. Both use the same loaders: `refuse` raises, unless the reading is done inside `collect`, which notes the
refusal and lets the loader go on with a stand-in that nobody sees.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")
_WHERE: Final = re.compile(r"(?P<file>.+?\.(?:csv\.toml|csv|toml|po))(?::(?P<line>\d+))?(?:\.(?P<place>.+))?")
_LISTED: Final = 12


class RefusalKind(StrEnum):
    """What a refusal is about: a value, a key that nobody reads, or a file that cannot be read as it stands."""

    VALUE = "value"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"


class ReferenceDataError(Exception):
    """A reference file cannot be used; names the file, the place in it and the value.

    `where` is `file.csv:<line>.<column>` (the header is line 1) or `file.toml.<key>.<key>`.
    """

    def __init__(self, where: str, problem: str, value: object = None, kind: RefusalKind = RefusalKind.VALUE) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem
        self.value = value
        self.kind = kind

    @property
    def file(self) -> str:
        """The file's name."""
        found = _WHERE.fullmatch(self.where)
        return found["file"] if found else self.where

    @property
    def line(self) -> int | None:
        """The line, where the file is a list."""
        found = _WHERE.fullmatch(self.where)
        return int(found["line"]) if found and found["line"] else None

    @property
    def place(self) -> str:
        """The column of a list, the keys of a TOML file joined by dots; empty for the file as a whole."""
        found = _WHERE.fullmatch(self.where)
        return (found["place"] or "") if found else ""


@dataclass(frozen=True, slots=True)
class Collected(Generic[_T]):
    """What a loader gave and every refusal on the way; `value` is to be used only when there was none.

    `stopped` says that the loader could not go on: there may be more than what was found.
    """

    value: _T | None
    refusals: tuple[ReferenceDataError, ...]
    stopped: bool


_noted: ContextVar[list[ReferenceDataError] | None] = ContextVar("noted", default=None)


def refuse(error: ReferenceDataError) -> None:
    """Raise the error; inside `collect`, note it and return."""
    noted = _noted.get()
    if noted is None:
        raise error
    _note(error, noted)


def collect(read: Callable[[], _T]) -> Collected[_T]:
    """Run a loader and note all that it refuses."""
    noted: list[ReferenceDataError] = []
    token = _noted.set(noted)
    try:
        return Collected(read(), tuple(noted), stopped=False)
    except ReferenceDataError as error:
        _note(error, noted)
        return Collected(None, tuple(noted), stopped=True)
    except (LookupError, ValueError, TypeError):
        # Stand-ins for refused values may not fit together; without a refusal the fault is the loader's own.
        if not noted:
            raise
        return Collected(None, tuple(noted), stopped=True)
    finally:
        _noted.reset(token)


def allowed(value: str, choices: Iterable[str]) -> str:
    """What may stand in the place of the value, to follow "must be": all of a short list, the nearest of a long one."""
    known = sorted(choices)
    if len(known) <= _LISTED:
        return f"one of {', '.join(known)}" if known else "left empty, for there is nothing to choose from"
    return f"one that is known{near(value, known)}"


def near(value: str, choices: Iterable[str]) -> str:
    """The choices that are spelled like the value, in brackets; empty when none is."""
    alike = get_close_matches(value, list(choices), n=3, cutoff=0.6)
    return f" (near: {', '.join(alike)})" if alike else ""


def _note(error: ReferenceDataError, noted: list[ReferenceDataError]) -> None:
    """A second refusal at one place, or of the table around it, follows from the first and tells nothing new."""
    if not any(_follows(error, earlier) for earlier in noted):
        noted.append(error)


def _follows(error: ReferenceDataError, earlier: ReferenceDataError) -> bool:
    if not error.place or error.kind is RefusalKind.UNKNOWN_KEY:
        return str(error) == str(earlier)
    if error.line is not None:
        return error.where == earlier.where or (not earlier.place and error.where.startswith(f"{earlier.where}."))
    return error.where == earlier.where or earlier.where.startswith((f"{error.where}.", f"{error.where}["))
