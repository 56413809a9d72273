"""Parquet, one file each for members, coverage, fills, diagnoses, drug management, stays, reported and truth.

Money is whole cents, days are date32, quantities whole tenths. What a column cannot hold (an impossible date, a cost
that is no number) is null; the truth says what it was. Rows are gathered in columns and written as row groups, so that
memory does not grow with the plan.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from deploy.local.sample.calendars import EPOCH, NEW_YEAR
from deploy.local.sample.formats.lines import Written
from deploy.local.sample.formats.truth import truth_of
from deploy.local.sample.knowledge import words
from deploy.local.sample.member import DRUG_MANAGEMENT_FROM, Member, condition_ids
from deploy.local.sample.mistakes import NOBODY, TEN_DIGITS, UNLISTED_NDC, Mistake
from deploy.local.sample.people import pharmacies, places, prescribers
from deploy.local.sample.prevalence import SEXES

ROW_GROUP = 1 << 17
_TEXT, _DAY, _WHOLE, _YES_NO = pa.string(), pa.date32(), pa.int32(), pa.bool_()
SCHEMAS: dict[str, dict[str, Any]] = {
    "members": {
        "member_id": _TEXT, "mbi": _TEXT, "first_name": _TEXT, "middle_initial": _TEXT, "last_name": _TEXT,
        "birth_date": _DAY, "death_date": _DAY, "sex": _TEXT, "language": _TEXT, "spoken_language": _TEXT,
        "address": _TEXT, "city": _TEXT, "state": _TEXT, "zip_code": _TEXT, "phone": _TEXT, "low_income": _YES_NO,
        "patient_residence": _TEXT, "conditions": pa.list_(_TEXT), "prescriber_npis": pa.list_(_TEXT),
    },
    "coverage": {
        "member_id": _TEXT, "contract_id": _TEXT, "pbp_id": _TEXT, "plan_type": _TEXT, "effective_from": _DAY,
        "effective_to": _DAY, "low_income": _YES_NO,
    },
    "fills": {
        "member_id": _TEXT, "claim_id": _TEXT, "ndc": _TEXT, "fill_date": _DAY, "days_supply": _WHOLE,
        "quantity_tenths": _WHOLE, "ingredient_cost_cents": _WHOLE, "dispensing_fee_cents": _WHOLE,
        "sales_tax_cents": _WHOLE, "vaccine_fee_cents": _WHOLE, "coverage_status": _TEXT, "adjustment": _TEXT,
        "prescriber_npi": _TEXT, "pharmacy_npi": _TEXT, "patient_residence": _TEXT,
    },
    "diagnoses": {
        "member_id": _TEXT, "claim_id": _TEXT, "icd10": _TEXT, "service_date": _DAY, "setting": _TEXT,
    },
    "drug_management": {
        "member_id": _TEXT, "at_risk": _YES_NO, "coverage_limitation": _YES_NO, "effective_from": _DAY,
    },
    "stays": {"member_id": _TEXT, "kind": _TEXT, "from": _DAY, "to": _DAY, "claim_id": _TEXT},
    "reported": {
        "member_id": _TEXT, "name": _TEXT, "source": _TEXT, "status": _TEXT, "directions": _TEXT, "as_needed": _YES_NO,
    },
    "truth": {
        "member_id": _TEXT, "kind": _TEXT, "id": _TEXT, "what": _TEXT, "claim_id": _TEXT, "day": _TEXT,
        "until": _TEXT, "expected": _TEXT,
    },
}  # fmt: skip
_SPOILT_FILLS: dict[str, dict[int, Any]] = {
    "impossible_date": {3: None}, "negative_supply": {4: -30}, "cost_no_number": {6: None}, "unknown_status": {10: "X"},
    "unknown_member": {0: NOBODY}, "no_drug": {2: None}, "unlisted_ndc": {2: UNLISTED_NDC},
    "ten_digit_ndc": {2: TEN_DIGITS},
}  # fmt: skip
_SPOILT_DIAGNOSES: dict[str, dict[int, Any]] = {
    "icd9_code": {2: "250.00"}, "impossible_date": {3: None}, "unknown_setting": {4: "kitchen"},
    "unknown_member": {0: NOBODY},
}  # fmt: skip


def expected(mistake: Mistake) -> str:
    """Nothing reads these files but programs: the mistake is named, and no code."""
    return "spoilt"


class Table:
    """Rows of one table on their way into row groups."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.rows = 0
        self._schema = pa.schema(list(SCHEMAS[name].items()))
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._pending: list[tuple[Any, ...]] = []

    def extend(self, rows: list[tuple[Any, ...]]) -> None:
        """Rows in the order of the schema; days are ordinals since 1970."""
        self._pending += rows
        if len(self._pending) >= ROW_GROUP:
            self._write()

    def _write(self) -> None:
        if not self._pending:
            return
        arrays = []
        for field, column in zip(self._schema, zip(*self._pending, strict=True), strict=True):
            if field.type == _DAY:
                arrays.append(pa.array(column, pa.int32()).cast(_DAY))
            else:
                arrays.append(pa.array(column, field.type))
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self.rows += len(self._pending)
        self._pending.clear()

    def close(self) -> Written:
        """The file, hashed."""
        self._write()
        self._writer.close()
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(self.path.name, f"parquet-{self.name}", self.rows, self.path.stat().st_size, digest)

    def abandon(self) -> None:
        """Let go of the file."""
        self._writer.close()


class ParquetSink:
    """All tables of a shard."""

    def __init__(self, folder: Path, shard: str, seed: int) -> None:
        self._seed = seed
        self._tables = {name: Table(folder / f"{name}{shard}.parquet", name) for name in SCHEMAS}

    def add(self, member: Member) -> None:
        """Write a member, and the mistakes behind it."""
        tables, seed = self._tables, self._seed
        tables["members"].extend([_member(member, seed)])
        tables["coverage"].extend(_coverage(member))
        tables["fills"].extend(_fills(member, seed))
        tables["diagnoses"].extend(_diagnoses(member))
        if member.limited is not None:
            day = NEW_YEAR + DRUG_MANAGEMENT_FROM - 1 - EPOCH
            tables["drug_management"].extend([(member.person.member_id, True, member.limited, day)])
        tables["stays"].extend(_stays(member))
        tables["reported"].extend(_reported(member))
        tables["truth"].extend(list(truth_of(member, _expected(member))))

    def close(self) -> list[Written]:
        """The files."""
        return [table.close() for table in self._tables.values()]

    def abandon(self) -> None:
        """Let go of the files."""
        for table in self._tables.values():
            table.abandon()


def _expected(member: Member) -> Callable[[Mistake], str]:
    """Bad members have no typed form and are left out."""
    return lambda mistake: "" if mistake.table == "members" else expected(mistake)


def _member(member: Member, seed: int) -> tuple[Any, ...]:
    someone = member.person
    death = someone.death - EPOCH if someone.death else None
    return (
        someone.member_id, someone.mbi, someone.first_name, someone.middle_initial, someone.last_name,
        someone.birth - EPOCH, death, SEXES[someone.sex], someone.language, someone.spoken, someone.address,
        *places()[someone.place], someone.phone, someone.low_income, someone.residence, condition_ids(member),
        [prescribers(seed)[place].npi for place in someone.prescribers],
    )  # fmt: skip


def _coverage(member: Member) -> list[tuple[Any, ...]]:
    someone = member.person
    return [
        (
            someone.member_id, span.contract_id, span.pbp_id, span.plan_type, span.start - EPOCH,
            span.end - EPOCH if span.end else None, someone.low_income,
        )
        for span in member.spans
    ]  # fmt: skip


def _fills(member: Member, seed: int) -> list[tuple[Any, ...]]:
    someone, doctors, shops = member.person, prescribers(seed), pharmacies(seed)
    member_id, residence = someone.member_id, someone.residence
    rows: list[tuple[Any, ...]] = [
        (
            member_id, f"{member_id}-{fill.claim:04d}", fill.ndc, fill.day - EPOCH, fill.days_supply, fill.quantity,
            fill.cost, fill.fee, 0, fill.vaccine_fee, fill.status, fill.adjustment, doctors[fill.prescriber].npi,
            shops[fill.pharmacy], residence,
        )
        for fill in member.fills
    ]  # fmt: skip
    for mistake in member.mistakes:
        if mistake.table == "fills":
            bad = list(rows[mistake.row])
            bad[1], bad[11] = f"{member_id}-{mistake.claim}", ""
            before = {3: someone.birth - 40 - EPOCH}
            for place, value in _SPOILT_FILLS.get(mistake.kind, before).items():
                bad[place] = value
            rows.append(tuple(bad))
    return rows


def _diagnoses(member: Member) -> list[tuple[Any, ...]]:
    member_id = member.person.member_id
    rows: list[tuple[Any, ...]] = [
        (member_id, f"{member_id}-{row.claim}", row.icd10, row.day - EPOCH, row.setting) for row in member.diagnoses
    ]
    for mistake in member.mistakes:
        if mistake.table == "diagnoses":
            bad = list(rows[mistake.row])
            bad[1] = f"{member_id}-{mistake.claim}"
            for place, value in _SPOILT_DIAGNOSES[mistake.kind].items():
                bad[place] = value
            rows.append(tuple(bad))
    return rows


def _stays(member: Member) -> list[tuple[Any, ...]]:
    member_id = member.person.member_id
    return [
        (member_id, one.kind, one.start - EPOCH, one.end - EPOCH if one.end else None, f"{member_id}-{one.claim}")
        for one in member.stays
    ]


def _reported(member: Member) -> list[tuple[Any, ...]]:
    someone = member.person
    return [
        (someone.member_id, one.name, one.kind, one.status, words()[one.directions][someone.language], one.as_needed)
        for one in member.told
    ]
