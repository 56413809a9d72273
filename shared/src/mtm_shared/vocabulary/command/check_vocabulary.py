"""Checks a vocabulary: its tables with the loaders that services use, the seal of a built file, and then its sense."""

import csv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mtm_shared.reference import ReferenceDataError, collect, read_csv
from mtm_shared.rule_files import Problem, Severity, problems_of
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.sense import problems_of_sense
from mtm_shared.vocabulary.conditions import load_conditions
from mtm_shared.vocabulary.dictionary import load_tables, open_tables
from mtm_shared.vocabulary.drugs import load_drugs
from mtm_shared.vocabulary.tables import Tables
from mtm_shared.vocabulary.wording import load_wording


def check_vocabulary(path: Path) -> tuple[Vocabulary | None, list[Problem]]:
    """The vocabulary, None when it does not load, and its problems."""
    return _check_folder(path) if path.is_dir() else _check_built(path)


def _check_built(path: Path) -> tuple[Vocabulary | None, list[Problem]]:
    try:
        # Not by `load_vocabulary`, which would give again what it has read before.
        book = Vocabulary(open_tables(path))
    except ReferenceDataError as refusal:
        return None, [Problem(Severity.ERROR, path, None, "", None, refusal.problem)]
    return book, list(problems_of_sense(book, path))


def _check_folder(folder: Path) -> tuple[Vocabulary | None, list[Problem]]:
    refusals: dict[str, ReferenceDataError] = {}
    for path in sorted(folder.glob("*.csv")):
        _keep(refusals, partial(read_csv, path, _header(path)))
    loaded: Tables | None = _keep(refusals, partial(load_tables, folder))
    if loaded is None:
        # One table that cannot be read at all must not hide the mistakes of the others.
        for load in (load_drugs, load_wording, load_conditions):
            _keep(refusals, partial(load, folder))
    if refusals or loaded is None:
        return None, list(problems_of(refusals.values(), folder))
    book = Vocabulary(loaded)
    return book, list(problems_of_sense(book, folder))


def _keep(refusals: dict[str, ReferenceDataError], read: Callable[[], Any]) -> Any:
    collected = collect(read)
    for refusal in collected.refusals:
        refusals.setdefault(str(refusal), refusal)
    return collected.value


def _header(path: Path) -> Sequence[str]:
    """The columns as they are, so that rows and the sidecar are checked whatever the loader expects."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return next(csv.reader(file), [])
