"""Reads CSV files strictly, each counted against the sidecar that says where the list is from."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mtm_shared.reference.refusals import ReferenceDataError, RefusalKind, refuse
from mtm_shared.reference.text import text_of
from mtm_shared.reference.toml import Reader
from mtm_shared.values.citation import Status


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What `<name>.csv.toml` says of the list beside it."""

    source: str
    edition: str
    licence: str
    rows: int
    status: Status
    retrieved: date | None = None
    note: str = ""


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of the CSV file at `path`."""
    beside = path.with_name(path.name + ".toml")
    if not beside.is_file():
        raise ReferenceDataError(path.name, f"has no sidecar {beside.name}")
    with Reader.of(beside) as reader:
        return Sidecar(
            source=reader.text("source"),
            edition=reader.text("edition"),
            licence=reader.text("licence"),
            rows=reader.integer("rows", minimum=0),
            status=reader.enum("status", Status),
            retrieved=reader.date("retrieved") if reader.has("retrieved") else None,
            note=reader.text("note", default=""),
        )


def read_csv(path: Path, columns: Sequence[str], *, sidecar: bool = True) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file whose header is exactly `columns`; counted against its sidecar."""
    lines = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    try:
        header = next(lines, [])
        if header != list(columns):
            raise ReferenceDataError(path.name, _wrong_columns(columns, header), kind=RefusalKind.UNREADABLE)
        # The vocabulary's tables have tens of thousands of rows: a clean one is not looked at twice.
        width, strip = len(columns), str.strip
        rows = [
            dict(zip(columns, line, strict=True))
            if len(line) == width and [*map(strip, line)] == line
            else _mended(path, lines.line_num, columns, line)
            for line in lines
        ]
    except csv.Error as error:
        raise ReferenceDataError(
            f"{path.name}:{lines.line_num}", f"not CSV: {error}", kind=RefusalKind.UNREADABLE
        ) from error
    if sidecar and (expected := read_sidecar(path).rows) != len(rows):
        refuse(ReferenceDataError(path.name, f"has {len(rows)} rows, but its sidecar says {expected}", len(rows)))
    return rows


def _wrong_columns(columns: Sequence[str], header: Sequence[str]) -> str:
    problem = f"columns must be {','.join(columns)}, but are {','.join(header)}"
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if separator.join(columns) in header:
            return f"{problem} (separated by {name}: save it with commas)"
    return problem


def _mended(path: Path, number: int, columns: Sequence[str], line: list[str]) -> dict[str, str]:
    """Refuse a row with a mistake; where every mistake is collected, the row as it should be."""
    if len(line) != len(columns):
        hint = " (a value with a comma in it stands in double quotes)" if len(line) > len(columns) else ""
        problem = f"must have {len(columns)} fields, but has {len(line)}{hint if line else ': the line is empty'}"
        refuse(ReferenceDataError(f"{path.name}:{number}", problem))
        # Where every mistake is collected the row stays, so that the rows behind it keep their places.
        line = (line + [""] * len(columns))[: len(columns)]
    if list(map(str.strip, line)) != line:
        column, value = next(pair for pair in zip(columns, line, strict=True) if pair[1] != pair[1].strip())
        where = f"{path.name}:{number}.{column}"
        refuse(ReferenceDataError(where, f"must have no blanks around it, but is {value!r}", value))
        line = list(map(str.strip, line))
    return dict(zip(columns, line, strict=True))
