"""Keeps print runs and what became of each of their subjects.

A subject's row changes in the transaction that keeps its document, and only while it is still waiting: a run that was
killed goes on where it stopped, and two workers cannot make two documents for one subject of a run.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mtm_shared.storage import insert_all
from sqlalchemy import RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import documents
from mtm_documents.storage.tables import print_run_items as items
from mtm_documents.storage.tables import print_run_parts as parts_table
from mtm_documents.storage.tables import print_runs as runs


async def add(session: AsyncSession, run: Mapping[str, Any], subject_ids: Sequence[str]) -> None:
    """Keeps a new run with its subjects waiting."""
    await session.execute(insert(runs).values(**run))
    rows = [
        {"print_run_id": run["print_run_id"], "position": position, "subject_id": subject_id, "state": "waiting"}
        for position, subject_id in enumerate(subject_ids)
    ]
    await insert_all(session, items, rows)


async def get(session: AsyncSession, print_run_id: str) -> RowMapping | None:
    """The run."""
    query = select(runs).where(runs.c.print_run_id == print_run_id)
    return (await session.execute(query)).mappings().one_or_none()


async def counts(session: AsyncSession, print_run_id: str) -> dict[str, int]:
    """How many subjects are in each state."""
    query = select(items.c.state, func.count()).where(items.c.print_run_id == print_run_id).group_by(items.c.state)
    return {str(state): int(number) for state, number in await session.execute(query)}


async def page(session: AsyncSession, print_run_id: str, after: int, limit: int) -> list[RowMapping]:
    """What became of the subjects, in the order given, one more than `limit` where there are more."""
    query = (
        select(items)
        .where(items.c.print_run_id == print_run_id, items.c.position > after)
        .order_by(items.c.position)
        .limit(limit + 1)
    )
    return list((await session.execute(query)).mappings())


async def waiting(session: AsyncSession, print_run_id: str, limit: int) -> Sequence[RowMapping]:
    """The next subjects to make a document for."""
    query = (
        select(items)
        .where(items.c.print_run_id == print_run_id, items.c.state == "waiting")
        .order_by(items.c.position)
        .limit(limit)
    )
    return (await session.execute(query)).mappings().all()


async def claim(session: AsyncSession, print_run_id: str, positions: Sequence[int]) -> set[int]:
    """Those subjects that still wait, locked until the end of the transaction: somebody else may have been faster."""
    query = (
        select(items.c.position)
        .where(items.c.print_run_id == print_run_id, items.c.position.in_(positions), items.c.state == "waiting")
        .order_by(items.c.position)
        .with_for_update()
    )
    return set((await session.execute(query)).scalars())


async def note(session: AsyncSession, print_run_id: str, became: Mapping[int, Mapping[str, Any]]) -> None:
    """Notes what became of claimed subjects, by position: a document, or the code that says why there is none."""
    if not became:
        return
    told = ("document_id", "code", "prescriber_npi")
    change = (
        update(items)
        .where(items.c.print_run_id == print_run_id, items.c.position == bindparam("at"))
        .values(state=bindparam("now"), **{name: bindparam(f"now_{name}") for name in told})
    )
    rows = [
        {"at": at, "now": "rejected" if row["code"] else "made", **{f"now_{name}": row[name] for name in told}}
        for at, row in became.items()
    ]
    await session.execute(change, rows)


async def add_prescribers(session: AsyncSession, item: RowMapping, npis: Sequence[str]) -> None:
    """The same review once more for each further prescriber, waiting at the end of the run."""
    print_run_id = item["print_run_id"]
    last = await session.scalar(select(func.max(items.c.position)).where(items.c.print_run_id == print_run_id))
    shared = {"print_run_id": print_run_id, "subject_id": item["subject_id"], "state": "waiting"}
    rows = [
        {**shared, "position": int(last or 0) + number, "prescriber_npi": npi} for number, npi in enumerate(npis, 1)
    ]
    await insert_all(session, items, rows)


async def made(session: AsyncSession, print_run_id: str) -> dict[str, date]:
    """The documents of a run with the day that each bears, in the order given."""
    query = (
        select(documents.c.document_id, documents.c.dated)
        .join(items, items.c.document_id == documents.c.document_id)
        .where(items.c.print_run_id == print_run_id, items.c.state == "made")
        .order_by(items.c.position)
    )
    return {str(document_id): dated for document_id, dated in await session.execute(query)}


async def contents(session: AsyncSession, print_run_id: str, first: int, number: int) -> list[bytes]:
    """The PDFs of so many documents of a run, from the document `first` in its order."""
    query = (
        select(documents.c.pdf)
        .join(items, items.c.document_id == documents.c.document_id)
        .where(items.c.print_run_id == print_run_id, items.c.state == "made")
        .order_by(items.c.position)
        .offset(first)
        .limit(number)
    )
    return list((await session.execute(query)).scalars())


async def has_part(session: AsyncSession, print_run_id: str, part: int) -> bool:
    """Whether a part is made."""
    query = select(parts_table.c.part).where(parts_table.c.print_run_id == print_run_id, parts_table.c.part == part)
    return (await session.execute(query)).first() is not None


async def add_part(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Keep a part."""
    await session.execute(insert(parts_table).values(**row))


async def part(session: AsyncSession, print_run_id: str, number: int) -> RowMapping | None:
    """A part with its bytes, or None."""
    query = select(parts_table).where(parts_table.c.print_run_id == print_run_id, parts_table.c.part == number)
    return (await session.execute(query)).mappings().one_or_none()


async def parts(session: AsyncSession, print_run_id: str) -> Sequence[RowMapping]:
    """The parts of a run without their bytes."""
    columns = [column for column in parts_table.columns if column.name != "pdf"]
    query = select(*columns).where(parts_table.c.print_run_id == print_run_id).order_by(parts_table.c.part)
    return (await session.execute(query)).mappings().all()


async def manifest_rows(session: AsyncSession, print_run_id: str) -> Sequence[RowMapping]:
    """Every subject of a run with what became of it, in the order given."""
    told = documents.c
    query = (
        select(
            *(items.c.position, items.c.subject_id, items.c.prescriber_npi),
            *(items.c.state, items.c.code, items.c.document_id),
            *(told.member_id, told.kind, told.language, told.pages, told.sha256),
        )
        .outerjoin(documents, told.document_id == items.c.document_id)
        .where(items.c.print_run_id == print_run_id)
        .order_by(items.c.position)
    )
    return (await session.execute(query)).mappings().all()


async def advance(session: AsyncSession, print_run_id: str, state: str, finished_at: datetime | None = None) -> None:
    """Sets the run's state."""
    values = {"state": state, "finished_at": finished_at}
    await session.execute(update(runs).where(runs.c.print_run_id == print_run_id).values(**values))
