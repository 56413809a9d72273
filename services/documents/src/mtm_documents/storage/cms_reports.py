"""Keeps reports to CMS while they are made: their state, and what was read for them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mtm_shared.storage import upsert_all
from sqlalchemy import RowMapping, delete, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.cms_tables import enrollments, files, findings, members, reports

DONE: Final = "done"
_KEY: Final = ("report_id", "enrollment_id")


async def add(session: AsyncSession, report: Mapping[str, Any]) -> None:
    """Keeps a new report."""
    await session.execute(insert(reports).values(**report))


async def get(session: AsyncSession, report_id: str) -> RowMapping | None:
    """The report."""
    query = select(reports).where(reports.c.report_id == report_id)
    return (await session.execute(query)).mappings().one_or_none()


async def page(
    session: AsyncSession, filters: Mapping[str, str | int | None], after: str | None, limit: int
) -> list[RowMapping]:
    """Reports in order of id, one more than `limit` where there are more."""
    query = select(reports).order_by(reports.c.report_id).limit(limit + 1)
    for name, value in filters.items():
        if value is not None:
            query = query.where(reports.c[name] == value)
    if after is not None:
        query = query.where(reports.c.report_id > after)
    return list((await session.execute(query)).mappings())


async def move(session: AsyncSession, report_id: str, **values: Any) -> None:
    """Notes how far the report has come."""
    await session.execute(update(reports).where(reports.c.report_id == report_id).values(**values))


async def latest(session: AsyncSession, year: int, contract_id: str | None) -> list[RowMapping]:
    """The last report of the year that is done, of each contract or of the one; by contract."""
    query = (
        select(reports)
        .where(reports.c.year == year, reports.c.state == DONE)
        .order_by(reports.c.contract_id, reports.c.created_at, reports.c.report_id)
    )
    if contract_id is not None:
        query = query.where(reports.c.contract_id == contract_id)
    found = (await session.execute(query)).mappings()
    return list({report["contract_id"]: report for report in found}.values())


async def keep_facts(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps enrolments as eligibility tells them; a page that is read again replaces itself."""
    await upsert_all(session, enrollments, rows, _KEY, update=("member_id", "mbi", "facts"))


async def keep_work(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lays the work beside the facts; where eligibility knows no such enrolment, the facts stay away."""
    await upsert_all(session, enrollments, rows, _KEY, update=("work",))


async def keep_sent(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lays what was sent beside the facts."""
    await upsert_all(session, enrollments, rows, _KEY, update=("sent",))


async def enrollments_after(
    session: AsyncSession, report_id: str, after: str | None, limit: int
) -> list[tuple[str, str]]:
    """The next enrolments, each with its member."""
    query = (
        select(enrollments.c.enrollment_id, enrollments.c.member_id)
        .where(enrollments.c.report_id == report_id)
        .order_by(enrollments.c.enrollment_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(enrollments.c.enrollment_id > after)
    return [(row.enrollment_id, row.member_id) for row in await session.execute(query)]


async def facts_after(session: AsyncSession, report_id: str, after: str | None, limit: int) -> list[RowMapping]:
    """Every enrolment of the next `limit` members, by member."""
    here = (enrollments.c.report_id == report_id, enrollments.c.facts.is_not(null()))
    some = select(enrollments.c.member_id).where(*here).distinct().order_by(enrollments.c.member_id).limit(limit)
    if after is not None:
        some = some.where(enrollments.c.member_id > after)
    query = (
        select(enrollments)
        .where(*here, enrollments.c.member_id.in_(some.scalar_subquery()))
        .order_by(enrollments.c.member_id, enrollments.c.enrollment_id)
    )
    return list((await session.execute(query)).mappings())


async def shared_mbis(session: AsyncSession, report_id: str, among: Sequence[str]) -> frozenset[str]:
    """Those of the identifiers that more than one member of the report has."""
    query = (
        select(enrollments.c.mbi)
        .where(enrollments.c.report_id == report_id, enrollments.c.mbi.in_(among))
        .group_by(enrollments.c.mbi)
        .having(func.count(enrollments.c.member_id.distinct()) > 1)
    )
    return frozenset((await session.execute(query)).scalars())


async def without_facts(session: AsyncSession, report_id: str) -> list[tuple[str, str]]:
    """Enrolments that review has worked on and eligibility does not know, each with its member."""
    query = (
        select(enrollments.c.enrollment_id, enrollments.c.member_id)
        .where(enrollments.c.report_id == report_id, enrollments.c.facts.is_(null()))
        .order_by(enrollments.c.enrollment_id)
    )
    return [(row.enrollment_id, row.member_id) for row in await session.execute(query)]


async def count_enrollments(session: AsyncSession, report_id: str) -> int:
    """How many enrolments eligibility told of."""
    here = (enrollments.c.report_id == report_id, enrollments.c.facts.is_not(null()))
    return int((await session.execute(select(func.count()).where(*here))).scalar_one())


async def forget_rows(session: AsyncSession, report_id: str) -> None:
    """Drops rows and findings of a report that is not done yet, so that they are made by one set of rules."""
    for table in (findings, members, files):
        await session.execute(delete(table).where(table.c.report_id == report_id))
