"""Which import format a file has, by its first lines: people should not have to know the names of ours."""

from collections.abc import Iterator
from pathlib import Path

from mtm_shared.contracts.eligibility import ImportFormat

# The CCW claim type says the setting better than the columns do (NCH claim type code).
_CLAIM_TYPES: dict[str, ImportFormat] = {
    "10": "rif-hha",
    "20": "rif-snf",
    "30": "rif-snf",
    "40": "rif-outpatient",
    "50": "rif-hospice",
    "60": "rif-inpatient",
    "61": "rif-inpatient",
    "71": "rif-carrier",
    "72": "rif-carrier",
}
_MEMBERS = ("ndjson", "fhir-ndjson", "csv-members", "rif-beneficiary", "desynpuf-beneficiary")


def guess_format(path: Path) -> ImportFormat | None:
    """The format of a file, or None when it has none that is known."""
    with path.open("rb") as file:
        lines = [file.readline(1 << 20).decode("utf-8", "replace").strip("\ufeff\r\n") for _ in range(2)]
    header, row = lines
    if header.startswith("{") and '"member"' in header:
        return "ndjson"
    if header.startswith("{") and '"resourceType"' in header:
        return "fhir-ndjson"
    if "|" in header:
        return _rif(header.split("|"), row.split("|"))
    return _comma([name.strip() for name in header.split(",")])


def _rif(header: list[str], row: list[str]) -> ImportFormat | None:
    names = set(header)
    if {"PDE_ID", "PROD_SRVC_ID"} <= names:
        return "rif-pde"
    if {"BENE_BIRTH_DT", "RFRNC_YR", "PTD_CNTRCT_JAN_ID"} <= names:
        return "rif-beneficiary"
    if "NCH_CLM_TYPE_CD" not in names or len(row) < len(header):
        return None
    return _CLAIM_TYPES.get(row[header.index("NCH_CLM_TYPE_CD")].strip())


def _comma(header: list[str]) -> ImportFormat | None:
    names = set(header)
    known: tuple[tuple[set[str], ImportFormat], ...] = (
        ({"DESYNPUF_ID", "PDE_ID"}, "desynpuf-pde"),
        ({"DESYNPUF_ID", "BENE_BIRTH_DT"}, "desynpuf-beneficiary"),
        ({"DESYNPUF_ID", "CLM_ADMSN_DT"}, "desynpuf-inpatient"),
        ({"DESYNPUF_ID", "CLM_ID", "SEGMENT"}, "desynpuf-outpatient"),
        ({"DESYNPUF_ID", "CLM_ID", "ICD9_DGNS_CD_1"}, "desynpuf-carrier"),
        ({"member_id", "claim_id", "days_supply"}, "csv-fills"),
        ({"member_id", "icd10"}, "csv-diagnoses"),
        ({"member_id", "birth_date"}, "csv-members"),
    )
    return next((name for columns, name in known if columns <= names), None)


def files_of(path: Path, given: ImportFormat | None) -> Iterator[tuple[Path, ImportFormat | None]]:
    """The files to import with their formats, members before claims, otherwise by name."""
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    found = [(file, given or guess_format(file)) for file in files]
    yield from sorted(found, key=lambda item: item[1] not in _MEMBERS)
