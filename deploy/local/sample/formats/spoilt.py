"""How a planted mistake looks in our own formats, and which code an import answers to it.

A bad fill or diagnosis is a copy of a good one under a claim of its own. In NDJSON it comes as a further record of the
member with nothing but the bad row, because a record is taken or refused as a whole.
"""

import json
from typing import Any

from deploy.local.sample.calendars import iso
from deploy.local.sample.formats.wire import (
    DIAGNOSIS_COLUMNS,
    FILL_COLUMNS,
    MEMBER_COLUMNS,
    coverage_shape,
    diagnosis_row,
    fill_row,
    member_row,
    member_shape,
)
from deploy.local.sample.member import Member
from deploy.local.sample.mistakes import NOBODY, TEN_DIGITS, UNLISTED_NDC, Mistake
from deploy.local.sample.people import pharmacies, prescribers

Change = tuple[str, Any]
# By mistake: the column that is spoilt and what it holds; the code of a CSV import and that of NDJSON.
# A code that starts with "field:" rejects a field of a row that is taken; "accepted" is not understood later.
FILLS: dict[str, tuple[Change, str, str]] = {
    "impossible_date": (("fill_date", "2026-02-30"), "invalid_date", "invalid_date"),
    "negative_supply": (("days_supply", "-30"), "invalid_value", "invalid_value"),
    "cost_no_number": (("ingredient_cost", "twelve"), "invalid_number", "invalid_number"),
    "unknown_status": (("coverage_status", "X"), "invalid_value", "invalid_value"),
    "unknown_member": (("member_id", NOBODY), "unknown_member", ""),
    "before_birth": (("fill_date", None), "before_birth", "field:before_birth"),
    "no_drug": (("ndc", ""), "invalid_value", "invalid_value"),
    "unlisted_ndc": (("ndc", UNLISTED_NDC), "accepted:unknown_ndc", "accepted:unknown_ndc"),
    "ten_digit_ndc": (("ndc", TEN_DIGITS), "accepted:ambiguous_ndc", "accepted:ambiguous_ndc"),
}
DIAGNOSES: dict[str, tuple[Change, str, str]] = {
    "icd9_code": (("icd10", "250.00"), "invalid_icd10", "field:invalid_icd10"),
    "impossible_date": (("service_date", "2026-04-31"), "invalid_date", "invalid_date"),
    "unknown_setting": (("setting", "kitchen"), "invalid_value", "invalid_value"),
    "unknown_member": (("member_id", NOBODY), "unknown_member", ""),
}
MEMBERS: dict[str, tuple[Change, str, str]] = {
    "impossible_birthday": (("birth_date", "1948-13-01"), "invalid_date", "invalid_date"),
    "unknown_plan_type": (("plan_type", "HMO"), "invalid_value", "invalid_value"),
    "ends_before_start": (("effective_to", "1999-12-31"), "invalid_value", "invalid_value"),
}
_TABLES = {"fills": FILLS, "diagnoses": DIAGNOSES, "members": MEMBERS}


def expected(mistake: Mistake, form: str) -> str:
    """The code that an import of csv or ndjson answers; "" where the format cannot hold the mistake."""
    _, csv, ndjson = _TABLES[mistake.table][mistake.kind]
    return csv if form == "csv" else ndjson


def bad_row(member: Member, mistake: Mistake, seed: int) -> str:
    """The line of a CSV file."""
    columns, line = _good(member, mistake, seed)
    (column, value), _, _ = _TABLES[mistake.table][mistake.kind]
    texts = line.rstrip("\n").split(",")
    texts[columns.index(column)] = iso(member.person.birth - 40) if value is None else value
    if mistake.claim:
        texts[columns.index("claim_id")] = f"{member.person.member_id}-{mistake.claim}"
        if "adjustment" in columns:
            texts[columns.index("adjustment")] = ""
    else:
        texts[0] = f"X{member.number:06d}"
    return ",".join(texts) + "\n"


def _good(member: Member, mistake: Mistake, seed: int) -> tuple[tuple[str, ...], str]:
    someone = member.person
    if mistake.table == "fills":
        fill = member.fills[mistake.row]
        npi, pharmacy = prescribers(seed)[fill.prescriber].npi, pharmacies(seed)[fill.pharmacy]
        return FILL_COLUMNS, fill_row(someone.member_id, fill, someone.residence, npi, pharmacy)
    if mistake.table == "diagnoses":
        return DIAGNOSIS_COLUMNS, diagnosis_row(someone.member_id, member.diagnoses[mistake.row])
    return MEMBER_COLUMNS, member_row(member, member.spans[0])


def bad_record(member: Member, mistake: Mistake, seed: int) -> str:
    """The line of an NDJSON file."""
    shape, told = member_shape(member, seed), coverage_shape(member, member.spans[-1])
    record: dict[str, Any] = {"member": shape, "coverage": told}
    (column, value), _, _ = _TABLES[mistake.table][mistake.kind]
    if mistake.table == "members":
        shape["member_id"] = f"X{member.number:06d}"
        (shape if column in shape else told)[column] = value
    else:
        columns, _ = _good(member, mistake, seed)
        row: dict[str, Any] = dict(zip(columns, bad_row(member, mistake, seed).rstrip("\n").split(","), strict=True))
        del row["member_id"]
        if "days_supply" in row:
            row["days_supply"] = int(row["days_supply"])
        if column == "ndc" and not value:
            del row["ndc"]
        record[mistake.table] = [row]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
