"""Opens a built vocabulary as `Tables`: checks the seal, takes the small parts, leaves the large where they are."""

import sqlite3
from json import loads
from pathlib import Path
from typing import Any, get_args

from mtm_shared.vocabulary.built.encoding import encoding_of
from mtm_shared.vocabulary.built.file import BuiltFile
from mtm_shared.vocabulary.built.layout import INDEXES, parts, shapes, stored_fields
from mtm_shared.vocabulary.built.sealing import BuiltFileError, read_seal
from mtm_shared.vocabulary.built.stored import StoredNames, StoredProducts, StoredTable
from mtm_shared.vocabulary.tables import Tables


def open_built(path: Path) -> Tables:
    """The tables of a sound file; `BuiltFileError` names the file and says why it cannot be used."""
    digest = read_seal(path)
    file = BuiltFile(path, digest)
    try:
        return _tables(file, digest)
    except sqlite3.Error as error:
        raise BuiltFileError(str(path), f"cannot be read as SQLite ({error})") from error


def _tables(file: BuiltFile, digest: str) -> Tables:
    meta: dict[str, str] = dict(file.all("SELECT key, value FROM meta"))
    _check_shapes(file.path, loads(meta["shapes"]))
    rows: dict[str, int] = loads(meta["tables"])
    whole: dict[str, str] = dict(file.all("SELECT name, value FROM whole"))
    found: dict[str, dict[str, Any]] = {part: {} for part in ("", *parts())}
    for field in stored_fields():
        if field.name in rows:
            value: Any = StoredTable(file, field.name, get_args(field.kind)[1], rows[field.name])
        else:
            value = encoding_of(field.kind).from_json(loads(whole[field.name]))
        found[field.part][field.field] = value
    indexes = {name: StoredTable[Any](file, name, get_args(kind)[1], rows[name]) for name, kind in INDEXES.items()}
    return Tables(
        version=meta["version"],
        sha256=f"sha256:{digest}",
        names=StoredNames(indexes["names"]),
        products=StoredProducts(found["drugs"]["products"], indexes),
        **{part: kind(**found[part]) for part, kind in parts().items()},
        **found[""],
    )


def _check_shapes(path: Path, stored: dict[str, str]) -> None:
    ours = shapes()
    for name in sorted({*ours, *stored}):
        if ours.get(name) != stored.get(name):
            raise BuiltFileError(
                str(path),
                f"was built by another release of OpenMTM ({name} is stored otherwise): build it again with this one",
            )
