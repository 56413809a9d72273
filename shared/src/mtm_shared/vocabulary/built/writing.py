"""Writes a built vocabulary: the same tables always become the same bytes.

Rows go in by ascending key in one transaction, without a journal, and nothing of the machine or the hour is written.
The file gets its name only when it is whole and sealed, so a build that is broken off leaves no half file.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from glob import escape
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from mtm_shared.vocabulary.built.encoding import encoding_of, to_text
from mtm_shared.vocabulary.built.layout import INDEXES, WHOLE_BELOW, Field, key_text, shapes, stored_fields
from mtm_shared.vocabulary.built.sealing import APPLICATION_ID, FORMAT, SEAL, UNSEALED, BuiltFileError, seal
from mtm_shared.vocabulary.lookups import IngredientSet, Named
from mtm_shared.vocabulary.tables import Tables

_SETTINGS: Final = (
    "PRAGMA page_size = 4096",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA auto_vacuum = NONE",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)
Written = Callable[[str, int], None]


class Indexes(NamedTuple):
    """The look-ups that are stored ready: see `built.layout.INDEXES`."""

    names: Mapping[str, Named]
    full_names: Mapping[str, str]
    made_of: Mapping[IngredientSet, tuple[str, ...]]
    combinations: Mapping[IngredientSet, str]
    packages: Mapping[str, tuple[str, ...]]


def write_built(
    tables: Tables, indexes: Indexes, out: Path, *, whole_below: int = WHOLE_BELOW, written: Written | None = None
) -> str:
    """Write the file whole or not at all; its SHA-256. `written` hears of each table and its rows.

    `BuiltFileError` says why it cannot be written: no room, no right to.
    """
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        _clear_left_over(out)
        # Made here and not by SQLite, which would not say why it cannot.
        partial.touch(exist_ok=False)
        with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            for setting in _SETTINGS:
                connection.execute(setting)
            connection.execute("BEGIN")
            _write(connection, tables, indexes, whole_below, written or _unheard)
            connection.execute("COMMIT")
        digest = seal(partial)
        _flush(partial)
        partial.replace(out)
        _flush(out.parent)
    except OSError as error:
        raise BuiltFileError(str(out), f"cannot be written ({error.strerror or error})") from error
    except sqlite3.Error as error:
        raise BuiltFileError(str(out), f"cannot be written ({error}): is there room in its folder?") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return digest


def _clear_left_over(out: Path) -> None:
    """Take away what builds of this file left that were killed on the spot; one that still runs keeps its own."""
    # In a container every build may have the same number, so the one with ours is left over too.
    out.with_name(f".{out.name}.{os.getpid()}.part").unlink(missing_ok=True)
    if os.name != "posix":
        return  # elsewhere signal 0 is not a question
    for part in out.parent.glob(f".{escape(out.name)}.*.part"):
        number = part.name.split(".")[-2]
        try:
            os.kill(int(number), 0)
        except (ProcessLookupError, ValueError):
            part.unlink(missing_ok=True)
        except OSError:
            continue


def _write(
    connection: sqlite3.Connection, tables: Tables, indexes: Indexes, whole_below: int, written: Written
) -> None:
    # First, so that the seal is at the start of the file.
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    meta = {"seal": SEAL.decode() + UNSEALED.decode(), "version": tables.version}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    connection.execute("CREATE TABLE whole (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    values = {field: field.of(tables) for field in stored_fields()}
    whole = {field for field, value in values.items() if not field.is_mapping or len(value) < whole_below}
    connection.executemany("INSERT INTO whole VALUES (?, ?)", sorted(_wholes(values, whole)))
    counts = {
        field.name: _table(connection, field.name, field.kind, values[field], written)
        for field in values
        if field not in whole
    }
    for name, kind in INDEXES.items():
        counts[name] = _table(connection, name, kind, getattr(indexes, name), written)
    also = {"tables": to_text(counts), "shapes": to_text(shapes())}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", also.items())


def _wholes(values: Mapping[Field, Any], whole: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in whole:
        yield field.name, to_text(encoding_of(field.kind).to_json(values[field]))


def _table(connection: sqlite3.Connection, name: str, kind: Any, values: Mapping[Any, Any], written: Written) -> int:
    connection.execute(f"CREATE TABLE {name} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    encoding = encoding_of(get_args(kind)[1])
    keys = sorted(values, key=key_text)
    connection.executemany(
        f"INSERT INTO {name} VALUES (?, ?)",  # noqa: S608 - the name is one of ours
        ((key_text(key), to_text(encoding.to_json(values[key]))) for key in keys),
    )
    written(name, len(keys))
    return len(keys)


def _flush(path: Path) -> None:
    """On the disk before anything depends on it; a folder cannot be flushed on every system."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unheard(name: str, rows: int) -> None:
    pass
