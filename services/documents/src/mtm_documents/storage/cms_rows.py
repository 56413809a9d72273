"""Keeps what a report says: a row or a reject for each member, findings, and the bytes of the file."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mtm_shared.storage import insert_all
from sqlalchemy import RowMapping, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.cms_tables import files, findings, members

_ERROR: Final = "error"


async def add_members(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps members with their rows or rejects."""
    await insert_all(session, members, rows)


async def add_findings(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps findings."""
    await insert_all(session, findings, rows)


async def last_numbers(session: AsyncSession, report_id: str) -> tuple[int, int]:
    """The last row number and the last finding's, zero where there is none yet."""
    row = await _last(session, members, "row_number", report_id)
    return row, await _last(session, findings, "number", report_id)


async def _last(session: AsyncSession, table: Table, column: str, report_id: str) -> int:
    query = select(func.max(table.c[column])).where(table.c.report_id == report_id)
    return int((await session.execute(query)).scalar_one() or 0)


async def rejects(session: AsyncSession, report_id: str) -> dict[str | None, int]:
    """How many members have a row (None) or each reject."""
    query = select(members.c.reject, func.count()).where(members.c.report_id == report_id).group_by(members.c.reject)
    return {code: int(number) for code, number in await session.execute(query)}


async def severities(session: AsyncSession, report_id: str) -> dict[str, int]:
    """How many findings there are of each severity."""
    here = findings.c.report_id == report_id
    query = select(findings.c.severity, func.count()).where(here).group_by(findings.c.severity)
    return {str(severity): int(number) for severity, number in await session.execute(query)}


async def in_error(session: AsyncSession, report_id: str) -> dict[str, int]:
    """How many members have at least one error, by standard."""
    query = (
        select(findings.c.standard, func.count(findings.c.member_id.distinct()))
        .where(findings.c.report_id == report_id, findings.c.severity == _ERROR)
        .group_by(findings.c.standard)
    )
    return {str(standard): int(number) for standard, number in await session.execute(query)}


async def texts_after(session: AsyncSession, report_id: str, after: int, limit: int) -> list[RowMapping]:
    """The next rows as they are written."""
    query = (
        select(members.c.row_number, members.c.texts)
        .where(members.c.report_id == report_id, members.c.row_number > after)
        .order_by(members.c.row_number)
        .limit(limit)
    )
    return list((await session.execute(query)).mappings())


async def measured_after(
    session: AsyncSession, report_id: str, program_id: str | None, after: str | None, limit: int
) -> list[RowMapping]:
    """What the measure looks at, of the next members."""
    shown = (members.c.member_id, members.c.enrollment_id, members.c.program_id, members.c.measure)
    query = select(*shown).where(members.c.report_id == report_id).order_by(members.c.member_id).limit(limit)
    if program_id is not None:
        query = query.where(members.c.program_id == program_id)
    if after is not None:
        query = query.where(members.c.member_id > after)
    return list((await session.execute(query)).mappings())


async def page_of_findings(
    session: AsyncSession, report_id: str, filters: Mapping[str, str | None], after: int, limit: int
) -> list[RowMapping]:
    """Findings in order, one more than `limit` where there are more."""
    query = (
        select(findings)
        .where(findings.c.report_id == report_id, findings.c.number > after)
        .order_by(findings.c.number)
        .limit(limit + 1)
    )
    for name, value in filters.items():
        if value is not None:
            query = query.where(findings.c[name] == value)
    return list((await session.execute(query)).mappings())


async def put_file(session: AsyncSession, report_id: str, kind: str, content: bytes, sha256: str) -> None:
    """Keeps the exact bytes."""
    await session.execute(insert(files).values(report_id=report_id, format=kind, content=content, sha256=sha256))


async def file(session: AsyncSession, report_id: str, kind: str) -> tuple[bytes, str] | None:
    """The bytes and their hash."""
    query = select(files.c.content, files.c.sha256).where(files.c.report_id == report_id, files.c.format == kind)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row.content, row.sha256)


async def hashes(session: AsyncSession, report_id: str) -> dict[str, str]:
    """The hash of each format of the file."""
    query = select(files.c.format, files.c.sha256).where(files.c.report_id == report_id)
    return {str(kind): str(sha256) for kind, sha256 in await session.execute(query)}
