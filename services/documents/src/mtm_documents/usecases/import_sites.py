"""Loads the sponsor's table of take-back sites: every row is used or rejected with a code, nothing between."""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import sites

COLUMNS: Final = ("site_id", "name", "address", "zip_code", "phone", "hours")
_REQUIRED: Final = ("site_id", "name", "address", "zip_code")
_LONGEST: Final = {"site_id": 64, "name": 200, "address": 300, "zip_code": 10, "phone": 40, "hours": 200}
_ZIP: Final = 5
_ZIP_CODE: Final = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")


class NotReadable(Exception):
    """The file is no CSV from some line on."""


class WrongColumns(Exception):
    """The file's header is not that of a site table."""


class NothingUsable(Exception):
    """A file that is to replace the table has rows, but none that can be used: the table is left as it is."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken; `row` is the line of the file that it ends on."""

    row: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class SitesLoaded:
    """In = used + rejected; `removed` sites were in the table and are not in a file that replaces it."""

    rows_in: int
    used: int
    rejected: tuple[RejectedRow, ...]
    removed: int = 0


async def import_sites(session: AsyncSession, lines: Iterable[str], *, replace: bool = False) -> SitesLoaded:
    """Reads a CSV with the columns site_id, name, address, zip_code, phone and hours; blank lines are no rows.

    With `replace` the file is the whole table: sites that it lacks are removed, so that one that closed vanishes.
    """
    used: dict[str, dict[str, str]] = {}
    rejected: list[RejectedRow] = []
    for number, texts in _rows(lines):
        row = dict(zip(COLUMNS, texts, strict=False))
        fault = next(_faults(number, texts, row, used), None)
        if fault is not None:
            rejected.append(fault)
        else:
            used[row["site_id"]] = {**row, "zip_code": row["zip_code"][:_ZIP]}
    if replace and rejected and not used:
        raise NothingUsable
    removed = await sites.keep_only(session, used.keys()) if replace else 0
    # In one order whatever the file's, so that two imports at a time wait for each other instead of locking up.
    await sites.replace(session, [used[site_id] for site_id in sorted(used)])
    return SitesLoaded(len(used) + len(rejected), len(used), tuple(rejected), removed)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The texts of each row without blanks around them, and the line of the file that it ends on."""
    reader = csv.reader(lines, strict=True)
    try:
        if tuple(name.strip() for name in next(reader, [])) != COLUMNS:
            raise WrongColumns(f"the columns must be {', '.join(COLUMNS)}")
        for texts in reader:
            if texts:
                yield reader.line_num, [text.strip() for text in texts]
    except csv.Error as error:
        # A quote that is never closed would swallow the rows behind it: nothing is loaded.
        raise NotReadable(f"line {reader.line_num} is no CSV: {error}") from None


def _faults(number: int, texts: list[str], row: dict[str, str], used: Collection[str]) -> Iterator[RejectedRow]:
    if len(texts) != len(COLUMNS):
        yield RejectedRow(number, "", "wrong_number_of_fields")
        return
    for name in _REQUIRED:
        if not row[name]:
            yield RejectedRow(number, name, "missing_field")
    for name, longest in _LONGEST.items():
        if len(row[name]) > longest:
            yield RejectedRow(number, name, "too_long")
        if "\x00" in row[name] or not row["site_id"].isprintable():
            yield RejectedRow(number, name, "invalid_text")
    if not _ZIP_CODE.fullmatch(row["zip_code"]):
        yield RejectedRow(number, "zip_code", "invalid_zip_code")
    if row["site_id"] in used:
        yield RejectedRow(number, "site_id", "duplicate_row")
