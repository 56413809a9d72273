"""An import from its checkpoint to its end: read a chunk, load it, and move the checkpoint, all in one transaction.

A worker may be killed anywhere and another go on: what was committed is counted, what was not is read again. When the
file is at its end the counts must reconcile, or the import has failed and says so.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import imports as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases.imports.fhir import read_line
from mtm_eligibility.usecases.imports.formats import CLAIM_FORMATS, TABLES, TableReader, WrongColumns
from mtm_eligibility.usecases.imports.items import (
    ClaimItem,
    Counts,
    CoverageItem,
    DiagnosisItem,
    FillItem,
    Item,
    ItemCounts,
    MemberItem,
    RecordItem,
    Refused,
)
from mtm_eligibility.usecases.imports.lines import Chunk, Line, read_chunk
from mtm_eligibility.usecases.imports.loading import Load, load_coverage, load_diagnoses, load_fills, load_members
from mtm_eligibility.usecases.imports.loading_claims import load_claims
from mtm_eligibility.usecases.imports.loading_records import load_records
from mtm_eligibility.usecases.imports.wire_rows import read_record

Reader = Callable[[int, str], Item]
ROWS_AT_ONCE = 2000
RECORDS_AT_ONCE = 200
_LOADERS: dict[type[Any], Callable[[Load, Any], Awaitable[None]]] = {
    MemberItem: load_members,
    FillItem: load_fills,
    ClaimItem: load_claims,
    DiagnosisItem: load_diagnoses,
    RecordItem: load_records,
    CoverageItem: load_coverage,
}
LINES: dict[str, Reader] = {"ndjson": read_record, "fhir-ndjson": read_line}
"""Formats without a header: each line stands for itself."""
_PROBLEMS = {
    "line_too_long": "the line is longer than any row can be",
    "invalid_character": "the line holds NUL characters",
    "invalid_encoding": "the line is not UTF-8",
}


class ImportFailed(Exception):
    """The import cannot go on, and trying again cannot help."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class MovedOn(Exception):
    """Another worker has the import; what this one did is rolled back."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open import: where its rows are and how they are read."""

    import_id: str
    path: Path
    reader: Reader
    at_once: int
    first_row: tuple[int, int]


def open_source(row: Row) -> Source:
    """Check the file and its header, or `ImportFailed`."""
    path = Path(row["path"])
    try:
        if not path.stat().st_size:
            raise ImportFailed("empty_file", "the file is empty")
        if row["format"] in LINES:
            return Source(row["import_id"], path, LINES[row["format"]], RECORDS_AT_ONCE, (0, 1))
        head = read_chunk(path, 0, 1, 1)
    except OSError:
        raise ImportFailed("file_missing", "the file is not there any more") from None
    if not head.lines:
        raise ImportFailed("empty_file", "the file has no header")
    if head.lines[0].problem:
        raise ImportFailed("wrong_columns", f"the header cannot be read: {_PROBLEMS[head.lines[0].problem]}")
    try:
        reader = TableReader(TABLES[row["format"]], head.lines[0].text)
    except WrongColumns as wrong:
        raise ImportFailed("wrong_columns", wrong.detail) from None
    except Refused:
        raise ImportFailed("wrong_columns", "the header cannot be read") from None
    return Source(row["import_id"], path, reader, ROWS_AT_ONCE, (head.next_offset, head.next_line))


async def step(session: AsyncSession, source: Source, row: Row, now: datetime) -> Row | None:
    """Load one chunk and move the checkpoint; the import as it then stands, or None when it has ended."""
    offset, number = max((row["next_offset"], row["next_line"]), source.first_row)
    chunk = _read(source, offset, number)
    counts = _counts(row)
    if not chunk.lines and chunk.next_offset == offset:  # blank lines alone are not the end
        await _end(session, row, counts, now)
        return None
    load = Load(session, source.import_id, counts)
    counts.rows_in += len(chunk.lines)
    await load_items(load, read_items(load, source.reader, chunk.lines))
    await _keep_rejects(load)
    values = {"next_offset": chunk.next_offset, "next_line": chunk.next_line, "counts": counts.as_json()}
    if not await store.advance_import(session, source.import_id, row["next_offset"], **values):
        raise MovedOn
    return {**row, **values}


def _read(source: Source, offset: int, number: int) -> Chunk:
    try:
        return read_chunk(source.path, offset, number, source.at_once)
    except OSError:
        raise ImportFailed("file_missing", "the file is not there any more") from None


def _counts(row: Row) -> Counts:
    if row["counts"]:
        return Counts.of_json(row["counts"])
    counts = Counts()
    if row["format"] in CLAIM_FORMATS:
        counts.claims, counts.diagnoses = ItemCounts(), ItemCounts()
    return counts


def read_items(load: Load, reader: Reader, lines: Iterable[Line]) -> list[Item]:
    """The items of the lines that can be read; the others are rejected."""
    items: list[Item] = []
    for line in lines:
        if line.problem:
            load.reject_row(line.number, "", line.problem, _PROBLEMS[line.problem])
            continue
        try:
            items.append(reader(line.number, line.text))
        except Refused as refused:
            load.reject_row(line.number, refused.field, refused.code, refused.message)
    return items


async def load_items(load: Load, items: Sequence[Item]) -> None:
    """Items in their order; what follows each other of one kind is loaded together."""
    for (kind, _), alike in groupby(items, key=lambda item: (type(item), getattr(item, "setting", ""))):
        await _LOADERS[kind](load, list(alike))


async def _keep_rejects(load: Load) -> None:
    numbers: dict[int, int] = {}
    rows: list[dict[str, Any]] = []
    for reject in load.rejects:
        number = numbers[reject.line] = numbers.get(reject.line, -1) + 1
        rows.append(
            {
                "import_id": load.import_id,
                "row": reject.line,
                "number": number,
                "scope": reject.scope,
                "field": reject.field,
                "code": reject.code,
                "message": reject.message,
            }
        )
    await store.add_rejects(session=load.session, rows=rows)


async def _end(session: AsyncSession, row: Row, counts: Counts, now: datetime) -> None:
    if not counts.reconciles():
        raise ImportFailed("counts_do_not_reconcile", "rows in are not rows accepted, replaced, deleted and rejected")
    await store.change_import(session, row["import_id"], state="done", counts=counts.as_json(), finished_at=now)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
