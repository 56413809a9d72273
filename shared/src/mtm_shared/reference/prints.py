"""Which bytes were read: a fingerprint of reference files."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mtm_shared.reference.refusals import ReferenceDataError

_DATA_SUFFIXES: Final = frozenset({".toml", ".csv"})


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
