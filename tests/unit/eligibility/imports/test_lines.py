"""Files in chunks of lines: any bytes, any length, and an offset from which the rest can be read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_eligibility.usecases.imports import lines
from mtm_eligibility.usecases.imports.lines import Line, read_chunk


def write(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_lines_keep_their_number_in_the_file(tmp_path: Path) -> None:
    chunk = read_chunk(write(tmp_path, b"\xef\xbb\xbfa\r\n\n  \nb"), 0, 1, 10)
    assert chunk.lines == [Line(1, "a"), Line(4, "b")]


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    chunk = read_chunk(write(tmp_path, b"ok\n\xff\xfe\na\x00b\nfine\n"), 0, 1, 10)
    assert [(line.number, line.problem) for line in chunk.lines] == [
        (1, ""), (2, "invalid_encoding"), (3, "invalid_character"), (4, ""),
    ]  # fmt: skip


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    chunk = read_chunk(write(tmp_path, b"x" * 35 + b"\nnext\n" + b"y" * 25), 0, 1, 10)
    assert chunk.lines == [Line(1, "", "line_too_long"), Line(2, "next"), Line(3, "", "line_too_long")]


def test_a_chunk_of_long_lines_is_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST_CHUNK", 20)
    chunk = read_chunk(write(tmp_path, b"123456789\n" * 5), 0, 1, 10)
    assert (len(chunk.lines), chunk.next_offset, chunk.next_line) == (2, 20, 3)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 5))
def test_chunks_together_are_the_file(tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int) -> None:
    path = write(tmp_path_factory.mktemp("chunks"), content)
    whole = read_chunk(path, 0, 1, 1000)
    found: list[Line] = []
    offset, number = 0, 1
    while (chunk := read_chunk(path, offset, number, size)).lines:
        found += chunk.lines
        offset, number = chunk.next_offset, chunk.next_line
    assert found == whole.lines
