"""Tables with a header line, separated by tabs (FDA) or commas (Medicaid).

The header decides: a column that is missing, new, repeated or in another place refuses the file, because a reader that
goes by position would give one column's values the name of another.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from mtm_shared.vocabulary.official.reading import OfficialFile, utf8_or_windows
from mtm_shared.vocabulary.official.tally import Tally, shown, unreadable

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2999, 12, 31)

_HARD_SPACE: Final = "\u00a0"

Split = Callable[[str], list[str]]


def tabs(row: str) -> list[str]:
    """Fields between tabs; no quoting."""
    return row.split("\t")


def commas(row: str) -> list[str]:
    """Fields between commas, quoted where they hold one; raises `csv.Error` for quotes that do not close."""
    return row.split(",") if '"' not in row else next(csv.reader([row], strict=True))


def read_rows(tally: Tally, columns: Sequence[str], split: Split) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row under exactly this header; rows of another width are rejected."""
    for block in tally.file.blocks(utf8_or_windows):
        lines = block.lines
        start = block.first
        if block.first == 1:
            _check_header(tally.file, _header(tally.file, lines[0], split), columns)
            lines, start = lines[1:], 2
        tally.rows += len(lines)
        for line, row in enumerate(lines, start):
            try:
                fields = split(row.replace(_HARD_SPACE, " "))
            except csv.Error as error:
                tally.reject("wrong_columns", line, f"{error}: {shown(row)}")
                continue
            if len(fields) != len(columns):
                found = f"{len(fields)} columns where the header has {len(columns)}"
                tally.reject("wrong_columns", line, f"{found}: {shown(row)}")
            elif unreadable(row.replace("\t", " ")):
                tally.reject("bad_value", line, f"holds control characters: {shown(row)}")
            else:
                yield line, fields


def spelled(header: str) -> str:
    """A column name without regard to case, spaces and underscores, in which editions differ."""
    return header.strip().replace("_", "").replace(" ", "").lower()


def _header(file: OfficialFile, line: str, split: Split) -> list[str]:
    try:
        return split(line)
    except csv.Error as error:
        raise file.refuse("wrong_columns", f"its header cannot be read ({error}): {shown(line)}", 1) from error


def _check_header(file: OfficialFile, header: Sequence[str], columns: Sequence[str]) -> None:
    found, expected = [spelled(name) for name in header], [spelled(name) for name in columns]
    if found == expected:
        return
    if len(set(found) & set(expected)) <= len(expected) // 3:
        start = shown("|".join(header))
        raise file.refuse("wrong_file", f"starts with {start}, not with the header {', '.join(columns[:3])} …", 1)
    if sorted(found) == sorted(expected):
        first = next(i for i, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other)
        problem = f"column {first + 1} is {shown(header[first])} where {columns[first]} was expected"
        raise file.refuse("wrong_order", f"{problem}; the columns were put in another order", 1)
    missing = [name for name in columns if spelled(name) not in found]
    added = [name for name in header if spelled(name) not in expected]
    raise file.refuse(
        "wrong_columns",
        f"has {len(header)} columns where {len(columns)} were expected; "
        f"missing: {', '.join(missing) or 'none'}; not known: {', '.join(map(shown, added)) or 'none'}",
        1,
    )


def compact_date(text: str) -> date | None:
    """YYYYMMDD; raises `ValueError` for what is not a date between 1900 and 2999."""
    if not text:
        return None
    if len(text) != 8 or not text.isascii() or not text.isdecimal():
        raise ValueError(f"{shown(text)} is not a date written YYYYMMDD")
    return _sane(date(int(text[:4]), int(text[4:6]), int(text[6:])))


def american_date(text: str) -> date:
    """MM/DD/YYYY or YYYY-MM-DD; raises `ValueError` for what is not a date between 1900 and 2999."""
    month, day, year = text.split("/") if text.count("/") == 2 else ("", "", "")
    if year:
        if len(year) != 4 or not (month + day + year).isdecimal() or not (month + day + year).isascii():
            raise ValueError(f"{shown(text)} is not a date written MM/DD/YYYY")
        return _sane(date(int(year), int(month), int(day)))
    if len(text) < 10 or text[4] != "-" or (len(text) > 10 and text[10] not in "T "):
        raise ValueError(f"{shown(text)} is not a date written MM/DD/YYYY or YYYY-MM-DD")
    return _sane(date.fromisoformat(text[:10]))


def _sane(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{day.isoformat()} is not between {EARLIEST.year} and {LATEST.year}")
    return day


def one_of(value: str, allowed: Mapping[str, bool], column: str) -> bool:
    """The meaning of a flag; raises `ValueError` for a value that is not one."""
    if value not in allowed:
        raise ValueError(f"{column} is {shown(value)}, not one of {', '.join(sorted(map(repr, allowed)))}")
    return allowed[value]
