"""Loads the sponsor's table of take-back sites: every row is used or rejected with a code, nothing between."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage import sites

COLUMNS: Final = ("site_id", "name", "address", "zip_code", "phone", "hours")
_REQUIRED: Final = ("site_id", "name", "address", "zip_code")
_LONGEST: Final = {"site_id": 64, "name": 200, "address": 300, "zip_code": 10, "phone": 40, "hours": 200}
_ZIP: Final = 5


class WrongColumns(Exception):
    """The file's header is not that of a site table."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken."""

    row: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class SitesLoaded:
    """In = used + rejected."""

    rows_in: int
    used: int
    rejected: tuple[RejectedRow, ...]


async def import_sites(session: AsyncSession, lines: Iterable[str]) -> SitesLoaded:
    """Reads a CSV with the columns site_id, name, address, zip_code, phone and hours."""
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise WrongColumns(f"the columns must be {', '.join(COLUMNS)}")
    used: dict[str, dict[str, str]] = {}
    rejected: list[RejectedRow] = []
    for number, row in enumerate(reader, 2):
        fault = next(_faults(number, row, used), None)
        if fault is not None:
            rejected.append(fault)
        else:
            used[row["site_id"]] = {**{name: row[name].strip() for name in COLUMNS}, "zip_code": row["zip_code"][:_ZIP]}
    await sites.replace(session, list(used.values()))
    return SitesLoaded(len(used) + len(rejected), len(used), tuple(rejected))


def _faults(number: int, row: dict[str, str], used: dict[str, dict[str, str]]) -> Iterator[RejectedRow]:
    if None in row or None in row.values():
        yield RejectedRow(number, "", "wrong_number_of_fields")
        return
    for name in _REQUIRED:
        if not row[name].strip():
            yield RejectedRow(number, name, "missing_field")
    for name, longest in _LONGEST.items():
        if len(row[name]) > longest or "\x00" in row[name]:
            yield RejectedRow(number, name, "too_long")
    if not (row["zip_code"][:_ZIP].isascii() and row["zip_code"][:_ZIP].isdigit() and len(row["zip_code"]) >= _ZIP):
        yield RejectedRow(number, "zip_code", "invalid_zip_code")
    if row["site_id"] in used:
        yield RejectedRow(number, "site_id", "duplicate_row")
