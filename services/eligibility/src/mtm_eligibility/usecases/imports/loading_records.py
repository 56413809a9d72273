"""Whole member records into the database: the member, one span of coverage, and every claim of the record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mtm_shared.values.codes import InvalidCode

from mtm_eligibility.storage import claims as claim_store
from mtm_eligibility.storage import members as member_store
from mtm_eligibility.usecases.claims import diagnosis_row, drug_management_row, stay_row
from mtm_eligibility.usecases.coverage import with_span
from mtm_eligibility.usecases.fills import fill_row
from mtm_eligibility.usecases.imports.items import RecordItem, Reject
from mtm_eligibility.usecases.imports.loading import Load
from mtm_eligibility.usecases.members import coverage_row, member_row


async def load_records(load: Load, items: Sequence[RecordItem]) -> None:
    """Records in the order of the file; what a record says of a claim is added to what is known of it."""
    ids = {item.record.member.member_id for item in items}
    known = set(await member_store.birth_dates(load.session, ids))
    coverage: dict[str, Any] = dict(await member_store.read_coverage(load.session, ids))
    members: dict[str, dict[str, Any]] = {}
    fills: list[dict[str, Any]] = []
    diagnoses: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    stays: list[dict[str, Any]] = []
    for item in items:
        record = item.record
        member_id = record.member.member_id
        load.counts.replaced += member_id in known
        load.counts.accepted += member_id not in known
        known.add(member_id)
        members[member_id] = member_row(record.member)
        coverage[member_id] = with_span(coverage[member_id], coverage_row(member_id, record.coverage))
        fills += _fills(load, item)
        diagnoses += _diagnoses(load, item)
        spans += _drug_management(load, item)
        stays += _stays(load, item)
    await member_store.write_members(load.session, list(members.values()))
    await member_store.replace_coverage(load.session, coverage)
    await claim_store.write_fills(load.session, fills)
    await claim_store.write_diagnoses(load.session, diagnoses)
    await claim_store.write_drug_management(load.session, spans)
    await claim_store.write_stays(load.session, stays)


def _reject(load: Load, item: RecordItem, name: str, code: str, message: str) -> None:
    load.reject(Reject(item.line, "field", name, code, message))


def _before_birth(load: Load, item: RecordItem, name: str, day: date) -> bool:
    if day >= item.record.member.birth_date:
        return False
    _reject(load, item, name, "before_birth", "is before the member was born")
    return True


def _fills(load: Load, item: RecordItem) -> list[dict[str, Any]]:
    return [
        {**fill_row(item.record.member.member_id, fill), "import_id": load.import_id}
        for number, fill in enumerate(item.record.fills)
        if not _before_birth(load, item, f"fills/{number}/fill_date", fill.fill_date)
    ]


def _diagnoses(load: Load, item: RecordItem) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, diagnosis in enumerate(item.record.diagnoses):
        if _before_birth(load, item, f"diagnoses/{number}/service_date", diagnosis.service_date):
            continue
        try:
            rows.append(diagnosis_row(item.record.member.member_id, diagnosis))
        except InvalidCode as invalid:
            _reject(load, item, f"diagnoses/{number}/icd10", invalid.code, "not an ICD-10-CM code")
    return rows


def _drug_management(load: Load, item: RecordItem) -> list[dict[str, Any]]:
    span = item.record.drug_management
    if span is None:
        return []
    if span.effective_to is not None and span.effective_to < span.effective_from:
        _reject(load, item, "drug_management/effective_to", "ends_before_start", "ends before it starts")
        return []
    return [drug_management_row(item.record.member.member_id, span)]


def _stays(load: Load, item: RecordItem) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, stay in enumerate(item.record.stays):
        if _before_birth(load, item, f"stays/{number}/from", stay.from_):
            continue
        if stay.to is not None and stay.to < stay.from_:
            _reject(load, item, f"stays/{number}/to", "ends_before_start", "ends before it starts")
            continue
        rows.append(stay_row(item.record.member.member_id, stay))
    return rows
