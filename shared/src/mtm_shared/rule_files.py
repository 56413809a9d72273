"""What a service tells the tools about its rule files: how to check them and which conditions and drugs they name.

A compliance officer or a pharmacist edits programmes and knowledge; `mtm-vocabulary check` must find every mistake in
them and the generated pages must say which rules use a class or a condition. `shared` imports no service, so each
service offers a `RuleFiles` under the entry point group `openmtm.rule_files`, and the tools ask all that are installed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.reference import ReferenceDataError, RefusalKind, toml_line
from mtm_shared.vocabulary import Vocabulary

GROUP: Final = "openmtm.rule_files"


class Severity(StrEnum):
    """An error stops a service from starting or makes a rule mean nothing; a warning is for a person to look at."""

    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One mistake in one place. `line` counts from 1, with the header of a list; `place` is the column or the key."""

    severity: Severity
    file: Path
    line: int | None
    place: str
    value: str | None
    text: str


class Section(NamedTuple):
    """A table about one class or one condition; `links` are pages below docs/rules, one for each row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()


def _nothing(_: Vocabulary) -> Mapping[str, str]:
    return {}


def _silent(_: object, __: Vocabulary) -> Iterable[Section]:
    return ()


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The rule files of one service.

    `own` are the files and folders that it ships; `recognises` says whether a path given by a person is of its kind;
    `check` gives every problem of one such path, against the vocabulary that the service would run with.
    `pages` are pages of its own by file name.
    """

    service: str
    own: tuple[Path, ...]
    recognises: Callable[[Path], bool]
    check: Callable[[Path, Vocabulary], Iterable[Problem]]
    about_condition: Callable[[str, Vocabulary], Iterable[Section]] = _silent
    about_ingredients: Callable[[frozenset[str], Vocabulary], Iterable[Section]] = _silent
    pages: Callable[[Vocabulary], Mapping[str, str]] = _nothing


def installed() -> tuple[RuleFiles, ...]:
    """The rule files of every service that is installed, by name."""
    return _loaded(entry_points)


@cache
def _loaded(find: Callable[..., Iterable[EntryPoint]]) -> tuple[RuleFiles, ...]:
    """Asked once: the pages ask again for every class and condition."""
    found = [point.load() for point in sorted(find(group=GROUP), key=lambda point: point.name)]
    for each in found:
        if not isinstance(each, RuleFiles):
            raise TypeError(f"an entry point of {GROUP} must be a RuleFiles, but is {each!r}")
    return tuple(found)


def problems_of(refusals: Iterable[ReferenceDataError], folder: Path) -> Iterator[Problem]:
    """A loader's refusals as problems of files in (or below) the folder."""
    for refusal in refusals:
        file = next(iter(sorted(folder.rglob(refusal.file))), folder / refusal.file)
        line, place = refusal.line, refusal.place
        value = None if refusal.value is None else str(refusal.value)
        if line is None and file.suffix == ".toml" and file.is_file():
            # An unknown key is refused by its table; the reader looks for the key.
            keys = f"{place}.{value}".lstrip(".") if refusal.kind is RefusalKind.UNKNOWN_KEY else place
            line = toml_line(file, keys) if keys else None
        yield Problem(Severity.ERROR, file, line, place, value, refusal.problem)


class Folded(NamedTuple):
    """A cell whose text shows at a click: a list too long to be read past."""

    summary: str
    text: str


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a Markdown table, for the pages in docs/rules."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]


def _cell(value: object) -> str:
    """Nothing in a cell may end it or be taken for HTML."""
    if isinstance(value, Folded):
        return f"<details><summary>{_cell(value.summary)}</summary>{_cell(value.text)}</details>"
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")
