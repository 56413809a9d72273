"""Diagnoses, stays and drug management of a member as they are told, each upserted by its key."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mtm_shared.contracts.member import Diagnosis, DrugManagement, RejectedItem, Stay, UpsertResult
from mtm_shared.values.codes import Icd10, InvalidCode
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import claims as store
from mtm_eligibility.storage import tables
from mtm_eligibility.usecases.fills import Tally, before_birth, birth_date_of

Write = Callable[[AsyncSession, Sequence[dict[str, Any]]], Awaitable[None]]


def diagnosis_row(member_id: str, diagnosis: Diagnosis) -> dict[str, Any]:
    """A diagnosis as a row, its code without dot and in capitals; raises `InvalidCode`."""
    return {
        "member_id": member_id,
        "claim_id": diagnosis.claim_id or "",
        "icd10": Icd10.parse(diagnosis.icd10).code,
        "service_date": diagnosis.service_date,
        "setting": diagnosis.setting,
    }


def drug_management_row(member_id: str, span: DrugManagement) -> dict[str, Any]:
    """A drug management span as a row."""
    return {"member_id": member_id, **span.model_dump()}


def stay_row(member_id: str, stay: Stay) -> dict[str, Any]:
    """A stay as a row."""
    return {
        "member_id": member_id, "kind": stay.kind, "start_date": stay.from_, "claim_id": "", "end_date": stay.to,
    }  # fmt: skip


async def _keep(
    session: AsyncSession, member_id: str, table: Table, rows: list[dict[str, Any]], write: Write, tally: Tally
) -> UpsertResult:
    known = await store.known_keys(session, table, [member_id]) if rows else set()
    columns = [column.name for column in table.primary_key.columns]
    for row in rows:
        key = tuple(row[name] for name in columns)
        if key in known:
            tally.replaced += 1
        else:
            tally.accepted += 1
            known.add(key)
    await write(session, rows)
    return tally.answer()


async def post_diagnoses(session: AsyncSession, member_id: str, diagnoses: Sequence[Diagnosis]) -> UpsertResult:
    """Keep diagnoses by code, date, setting and claim; codes of another shape than ICD-10-CM are rejected."""
    born = await birth_date_of(session, member_id)
    tally, rows = Tally(), []
    for number, diagnosis in enumerate(diagnoses):
        pointer = f"/diagnoses/{number}"
        reject = before_birth(f"{pointer}/service_date", "service_date", diagnosis.service_date, born)
        try:
            row = diagnosis_row(member_id, diagnosis)
        except InvalidCode as invalid:
            message = "the code is not an ICD-10-CM code"
            reject = RejectedItem(pointer=f"{pointer}/icd10", code=invalid.code, message=message)
        if reject is not None:
            tally.rejected.append(reject)
        else:
            rows.append(row)
    return await _keep(session, member_id, tables.diagnoses, rows, store.write_diagnoses, tally)


async def post_drug_management(session: AsyncSession, member_id: str, spans: Sequence[DrugManagement]) -> UpsertResult:
    """Keep drug management spans by their first day."""
    await birth_date_of(session, member_id)
    tally, rows = Tally(), []
    for number, span in enumerate(spans):
        if span.effective_to is not None and span.effective_to < span.effective_from:
            tally.rejected.append(_ends_first(f"/drug_management/{number}/effective_to"))
        else:
            rows.append(drug_management_row(member_id, span))
    return await _keep(session, member_id, tables.drug_management, rows, store.write_drug_management, tally)


async def post_stays(session: AsyncSession, member_id: str, stays: Sequence[Stay]) -> UpsertResult:
    """Keep stays by kind and first day."""
    born = await birth_date_of(session, member_id)
    tally, rows = Tally(), []
    for number, stay in enumerate(stays):
        reject = before_birth(f"/stays/{number}/from", "from", stay.from_, born)
        if stay.to is not None and stay.to < stay.from_:
            reject = _ends_first(f"/stays/{number}/to")
        if reject is not None:
            tally.rejected.append(reject)
        else:
            rows.append(stay_row(member_id, stay))
    return await _keep(session, member_id, tables.stays, rows, store.write_stays, tally)


def _ends_first(pointer: str) -> RejectedItem:
    return RejectedItem(pointer=pointer, code="ends_before_start", message="ends before it starts")
