"""A file in chunks of lines from a byte offset, however long it is and whatever bytes it holds.

A record is a line: quoted line breaks are not part of any format that is read here, which is what lets a worker go on
at an offset after it was killed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 8 * 1024 * 1024
LARGEST_CHUNK = 16 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number in the file, from 1; `problem` is a code when its bytes are not a text."""

    number: int
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that are not blank, and where the next chunk starts."""

    lines: list[Line]
    next_offset: int
    next_line: int


def read_chunk(path: Path, offset: int, number: int, size: int) -> Chunk:
    """Up to `size` lines, and not much more than 16 MiB, from `offset`, where line `number` starts; none at the end."""
    lines: list[Line] = []
    with path.open("rb") as file:
        file.seek(offset)
        while len(lines) < size and file.tell() - offset < LARGEST_CHUNK:
            raw = file.readline(LONGEST_LINE + 1)
            if not raw:
                break
            if len(raw) > LONGEST_LINE:
                _skip_line(file, raw)
                lines.append(Line(number, "", "line_too_long"))
            elif raw.strip():
                lines.append(_line(number, raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw))
            number += 1
        return Chunk(lines, file.tell(), number)


def _skip_line(file: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(LONGEST_LINE)


def _line(number: int, raw: bytes) -> Line:
    if b"\0" in raw:
        return Line(number, "", "invalid_character")
    try:
        return Line(number, raw.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Line(number, "", "invalid_encoding")
