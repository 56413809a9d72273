"""Writes the plan as files that `POST /v1/imports` reads: NDJSON member records for some, three CSV files for the rest.

A few rows are wrong on purpose (`mistakes.py`), so that a first look at rejects has something to show.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.sample import mistakes
from deploy.local.sample.plan import SampleMember, members

MEMBER_COLUMNS = (
    "member_id", "mbi", "first_name", "middle_initial", "last_name", "birth_date", "sex", "zip_code", "phone",
    "language", "address.line1", "address.city", "address.state", "address.zip_code", "contract_id", "pbp_id",
    "plan_type", "effective_from", "low_income",
)  # fmt: skip
FILL_COLUMNS = (
    "member_id", "claim_id", "ndc", "fill_date", "days_supply", "quantity", "ingredient_cost", "dispensing_fee",
    "sales_tax", "vaccine_fee", "coverage_status", "adjustment", "prescriber_npi", "pharmacy_npi", "patient_residence",
)  # fmt: skip
DIAGNOSIS_COLUMNS = ("member_id", "claim_id", "icd10", "service_date", "setting")


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file and the import format that it is in."""

    format: str
    path: Path


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """What was written: the files in the order in which they are to be imported, and each member's language.

    `from_tables` holds the members that went into CSV files, which have no columns for prescribers' names.
    """

    files: tuple[ImportFile, ...]
    languages: dict[str, str]
    from_tables: dict[str, dict[str, Any]]
    fills: int
    diagnoses: int


def write_plan(folder: Path, *, count: int, seed: int) -> WrittenPlan:
    """Write the plan into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    everyone = list(members(count, seed))
    as_records = [member for member in everyone if _as_record(member)]
    as_tables = [member for member in everyone if not _as_record(member)]
    files = (
        ImportFile("ndjson", _write_records(folder / "members.ndjson", as_records)),
        ImportFile("csv-members", _write_csv(folder / "members.csv", MEMBER_COLUMNS, _member_rows(as_tables))),
        ImportFile("csv-fills", _write_csv(folder / "fills.csv", FILL_COLUMNS, _claim_rows(as_tables, "fills"))),
        ImportFile(
            "csv-diagnoses",
            _write_csv(folder / "diagnoses.csv", DIAGNOSIS_COLUMNS, _claim_rows(as_tables, "diagnoses")),
        ),
    )
    return WrittenPlan(
        files,
        {member.member_id: member.language for member in everyone},
        {one.member_id: {part: one.record[part] for part in ("member", "coverage")} for one in as_tables},
        sum(len(member.record["fills"]) for member in everyone),
        sum(len(member.record["diagnoses"]) for member in everyone),
    )


def _as_record(member: SampleMember) -> bool:
    # Drug management has no CSV format; otherwise every second member goes each way.
    return "drug_management" in member.record or int(member.member_id[1:]) % 2 == 0


def _write_records(path: Path, chosen: list[SampleMember]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for member in chosen:
            out.write(json.dumps(member.record, ensure_ascii=False) + "\n")
        for line in mistakes.BAD_RECORDS:
            out.write(line + "\n")
    return path


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _member_rows(chosen: list[SampleMember]) -> list[dict[str, Any]]:
    rows = []
    for member in chosen:
        person, coverage = member.record["member"], member.record["coverage"]
        flat = {column: person[column] for column in MEMBER_COLUMNS if column in person}
        flat |= {f"address.{part}": value for part, value in person["address"].items()}
        flat |= coverage | {"low_income": str(coverage["low_income"]).lower()}
        rows.append(flat)
    return [*rows, *mistakes.BAD_MEMBERS]


def _claim_rows(chosen: list[SampleMember], part: str) -> list[dict[str, Any]]:
    rows = [{"member_id": member.member_id} | row for member in chosen for row in member.record[part]]
    bad = mistakes.bad_fills(rows) if part == "fills" else mistakes.bad_diagnoses(rows)
    return [*rows, *bad]
