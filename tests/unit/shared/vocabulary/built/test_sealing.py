"""A file that was cut short, changed, or is not ours is refused, by name and with the reason."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.built import BuiltFileError, is_built, read_seal
from mtm_shared.vocabulary.built.sealing import SEAL


def refusal(path: Path) -> str:
    """Why the file is refused."""
    with pytest.raises(BuiltFileError) as refused:
        load_vocabulary(path)
    assert str(path) in str(refused.value)
    return str(refused.value)


@pytest.fixture
def copied_file(built_path: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "vocabulary.mtmv"
    copy.write_bytes(built_path.read_bytes())
    return copy


def overwrite(path: Path, offset: int, content: bytes) -> None:
    """Change bytes in place."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def test_copy_is_as_good(copied_file: Path, built: Vocabulary) -> None:
    assert load_vocabulary(copied_file).sha256 == built.sha256
    assert is_built(copied_file)


@pytest.mark.parametrize("size", [0, 16, 99, 4096, 65_536, -4096, -1])
def test_file_that_was_cut_short_is_refused(copied_file: Path, size: int) -> None:
    content = copied_file.read_bytes()
    copied_file.write_bytes(content[:size])

    assert "is cut short" in refusal(copied_file)


def test_file_with_something_behind_it_is_refused(copied_file: Path) -> None:
    copied_file.write_bytes(copied_file.read_bytes() + b"\n")

    assert "something behind its end" in refusal(copied_file)


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_no_byte_may_change(
    built_path: Path, tmp_path_factory: pytest.TempPathFactory, place: float, mask: int
) -> None:
    content = bytearray(built_path.read_bytes())
    content[int(place * len(content))] ^= mask
    spoiled = tmp_path_factory.mktemp("spoiled") / "vocabulary.mtmv"
    spoiled.write_bytes(content)

    try:
        with pytest.raises(BuiltFileError):
            read_seal(spoiled)
    finally:
        spoiled.unlink()


def test_changed_value_is_refused(copied_file: Path) -> None:
    overwrite(copied_file, copied_file.read_bytes().rindex(b"atorvastatin"), b"Atorvastatin")

    assert "was changed or damaged after the build" in refusal(copied_file)


def test_seal_that_was_taken_out_is_refused(copied_file: Path) -> None:
    overwrite(copied_file, copied_file.read_bytes().index(SEAL), b"-" * len(SEAL))

    assert "carries no seal" in refusal(copied_file)


def test_newer_format_says_that_this_release_is_too_old(copied_file: Path) -> None:
    overwrite(copied_file, 60, (2).to_bytes(4, "big"))

    assert "format 2, and this release reads 1: it was built by a newer release" in refusal(copied_file)


def test_older_format_says_to_build_again(copied_file: Path) -> None:
    overwrite(copied_file, 60, (0).to_bytes(4, "big"))

    assert "build it again" in refusal(copied_file)


def test_another_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()

    assert "is an SQLite file, but not a built vocabulary" in refusal(other)
    assert not is_built(other)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "RXNCONSO.RRF"
    other.write_text("38|ENG||||||829|829|38||RXNORM|BN|38|Parlodel||N|4096|\n" * 3, encoding="utf-8")

    assert "is not a built vocabulary" in refusal(other)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "nowhere.mtmv")


def test_refusal_is_one_that_services_know(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError):
        load_vocabulary(tmp_path / "nowhere.mtmv")


def test_path_that_cannot_be_looked_at_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BuiltFileError, match=r"x{300}: cannot be read \(File name too long\)"):
        load_vocabulary(tmp_path / ("x" * 300))
