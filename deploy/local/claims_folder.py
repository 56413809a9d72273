"""Which file of a folder is which import format: told by the header and the claim type code, not by the file's name.

CCW Research Identifiable Files are pipe-separated with `DML_IND` first; their claim type code (NCH_CLM_TYPE_CD) says
who billed. DE-SynPUF files are comma-separated with `DESYNPUF_ID` first.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes import DemoFailed
from deploy.local.sample.writing import ImportFile

BILLED = {"10": "hha", "20": "snf", "30": "snf", "40": "outpatient", "50": "hospice", "60": "inpatient"}
BILLED |= {"61": "inpatient", "71": "carrier", "72": "carrier"}
OTHERS = {"81": "durable medical equipment", "82": "durable medical equipment"}
ORDER = ("beneficiary", "pde")
READABLE = {".csv", ".txt"}


@dataclass(frozen=True, slots=True)
class ClaimsFolder:
    """The files in the order in which they are imported, those left out with the reason, and who has drug events."""

    files: tuple[ImportFile, ...]
    skipped: tuple[tuple[str, str], ...]
    members_with_fills: tuple[str, ...]


def read_folder(folder: Path) -> ClaimsFolder:
    """Look at every file once."""
    if not folder.is_dir():
        raise DemoFailed(f"{folder} is not a folder.")
    files: list[ImportFile] = []
    skipped: list[tuple[str, str]] = []
    for path in sorted(entry for entry in folder.iterdir() if entry.is_file()):
        found, why = _format_of(path)
        if found:
            files.append(ImportFile(found, path))
        else:
            skipped.append((path.name, why))
    if not files:
        raise DemoFailed(f"{folder} holds no file that an import reads.")
    files.sort(key=lambda file: (_rank(file.format), file.path.name))
    members = sorted({member for file in files if file.format.endswith("-pde") for member in _members(file.path)})
    return ClaimsFolder(tuple(files), tuple(skipped), tuple(members))


def _rank(form: str) -> int:
    kind = form.split("-", 1)[1]
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _format_of(path: Path) -> tuple[str, str]:
    """(format, "") or ("", why the file is left out)."""
    if path.suffix.lower() not in READABLE:
        return "", "not a table of claims"
    rows = _rows(path)
    try:
        header = next(rows, [])
        first = next(rows, [])
    except (UnicodeDecodeError, csv.Error):
        return "", "not a text table"
    if header[:1] == ["DML_IND"]:
        return _rif(header, first)
    if header[:1] == ["DESYNPUF_ID"]:
        return _desynpuf(header)
    return "", "neither a RIF nor a DE-SynPUF header"


def _rif(header: list[str], first: list[str]) -> tuple[str, str]:
    if "PDE_ID" in header:
        return "rif-pde", ""
    if "NCH_CLM_TYPE_CD" not in header:
        if "RFRNC_YR" in header:
            return "rif-beneficiary", ""
        history = "BENE_BIRTH_DT" in header
        return "", "identifiers of earlier years, no coverage" if history else "an unknown RIF layout"
    if not first:
        return "", "no claims in it"
    code = first[header.index("NCH_CLM_TYPE_CD")].strip()
    if code not in BILLED:
        return "", f"no import format for claim type {code} ({OTHERS.get(code, 'unknown')})"
    return f"rif-{BILLED[code]}", ""


def _desynpuf(header: list[str]) -> tuple[str, str]:
    for column, kind in (
        ("BENE_BIRTH_DT", "beneficiary"),
        ("PROD_SRVC_ID", "pde"),
        ("PRF_PHYSN_NPI_1", "carrier"),
        ("CLM_ADMSN_DT", "inpatient"),
        ("CLM_ID", "outpatient"),
    ):
        if column in header:
            return f"desynpuf-{kind}", ""
    return "", "an unknown DE-SynPUF layout"


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        start = lines.readline()
        lines.seek(0)
        yield from csv.reader(lines, delimiter="|" if start.count("|") > start.count(",") else ",")


def _members(path: Path) -> Iterator[str]:
    rows = _rows(path)
    header = next(rows)
    place = header.index("BENE_ID" if "BENE_ID" in header else "DESYNPUF_ID")
    yield from (row[place].strip() for row in rows if len(row) > place)
