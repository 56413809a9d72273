"""The same tables become the same bytes; a file that was not finished leaves nothing behind."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.building.indexes import indexes_of
from mtm_shared.vocabulary.built import BuiltFileError, read_seal, write_built

WRITE = """
import sys
from pathlib import Path
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.vocabulary.building.indexes import indexes_of
from mtm_shared.vocabulary.built import write_built
tables = load_vocabulary().tables
print(write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), Path(sys.argv[1]), whole_below=2))
"""


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_same_tables_become_the_same_bytes(built_path: Path, tmp_path: Path, seed: str) -> None:
    again = tmp_path / "again.mtmv"
    subprocess.run(
        [sys.executable, "-c", WRITE, str(again)], check=True, env={"PYTHONHASHSEED": seed}, stdout=subprocess.DEVNULL
    )

    assert again.read_bytes() == built_path.read_bytes()


def test_digest_is_the_seal(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tables = vocabulary.tables
    out = tmp_path / "vocabulary.mtmv"
    digest = write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), out)

    assert digest == read_seal(out)


def test_broken_off_build_leaves_nothing(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tables = vocabulary.tables

    def full_disk(name: str, rows: int) -> None:
        raise OSError("no space left")

    with pytest.raises(BuiltFileError, match="no space left"):
        write_built(
            tables, indexes_of(tables.drugs, tables.drugs, {}, {}), tmp_path / "vocabulary.mtmv", written=full_disk
        )

    assert list(tmp_path.iterdir()) == []


def test_broken_off_build_leaves_the_file_that_was_there(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tables, out = vocabulary.tables, tmp_path / "vocabulary.mtmv"
    indexes = indexes_of(tables.drugs, tables.drugs, {}, {})
    digest = write_built(tables, indexes, out)

    def full_disk(name: str, rows: int) -> None:
        raise OSError("no space left")

    with pytest.raises(BuiltFileError, match="no space left"):
        write_built(tables, indexes, out, written=full_disk)

    assert read_seal(out) == digest


def test_left_over_of_a_process_with_the_same_number_goes(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tables, out = vocabulary.tables, tmp_path / "vocabulary.mtmv"
    (tmp_path / f".vocabulary.mtmv.{os.getpid()}.part").write_bytes(b"a build that was killed in a container")
    write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), out)

    assert [path.name for path in tmp_path.iterdir()] == ["vocabulary.mtmv"]


def test_what_sqlite_says_names_the_file(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tables, out = vocabulary.tables, tmp_path / "vocabulary.mtmv"

    def no_room(name: str, rows: int) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(BuiltFileError, match=r"vocabulary\.mtmv: cannot be written \(database or disk is full\)"):
        write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), out, written=no_room)

    assert list(tmp_path.iterdir()) == []
