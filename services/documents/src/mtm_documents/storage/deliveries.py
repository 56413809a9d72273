"""Keeps what became of documents on their way. Entries are added, never changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping, Select, exists, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.storage.tables import document_deliveries as deliveries
from mtm_documents.storage.tables import documents, print_run_items

SENT: Final = ("sent", "delivered")
"""What an entry says of a document that left the house; a later return does not take that back."""
_SAME: Final = ("channel", "sent_on", "status", "tracking", "author", "consented")


async def add(session: AsyncSession, document_id: str, entry: Mapping[str, Any]) -> None:
    """One more entry."""
    await session.execute(insert(deliveries).values(document_id=document_id, **entry))


async def of(session: AsyncSession, document_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """The entries of documents, oldest first."""
    found: dict[str, list[RowMapping]] = {}
    query = select(deliveries).where(deliveries.c.document_id.in_(document_ids)).order_by(deliveries.c.number)
    for row in (await session.execute(query)).mappings():
        found.setdefault(str(row["document_id"]), []).append(row)
    return found


async def run_documents(session: AsyncSession, print_run_id: str) -> tuple[int, date | None]:
    """How many documents a run made, and the latest day that one of them bears."""
    query = (
        select(func.count(), func.max(documents.c.dated))
        .select_from(documents)
        .where(documents.c.document_id.in_(_made(print_run_id)))
    )
    number, latest = (await session.execute(query)).one()
    return int(number), latest


async def add_to_run(session: AsyncSession, print_run_id: str, entry: Mapping[str, Any]) -> int:
    """An entry for each document of a run that has not got the same one; answers how many were added."""
    t = deliveries.c
    same = [t[name].is_(None) if entry[name] is None else t[name] == entry[name] for name in _SAME]
    before = int((await session.execute(_count(print_run_id))).scalar_one())
    missing = select(
        documents.c.document_id, *(literal(value, t[name].type).label(name) for name, value in entry.items())
    ).where(
        documents.c.document_id.in_(_made(print_run_id)),
        ~exists().where(t.document_id == documents.c.document_id, *same),
    )
    await session.execute(insert(deliveries).from_select(["document_id", *entry], missing))
    return int((await session.execute(_count(print_run_id))).scalar_one()) - before


def _made(print_run_id: str) -> Select[Any]:
    t = print_run_items.c
    return select(t.document_id).where(t.print_run_id == print_run_id, t.state == "made")


def _count(print_run_id: str) -> Select[Any]:
    return select(func.count()).select_from(deliveries).where(deliveries.c.document_id.in_(_made(print_run_id)))


async def first_sent(
    session: AsyncSession, member_ids: Sequence[str], kinds: Sequence[str], as_of: date
) -> Sequence[RowMapping]:
    """Documents of these kinds and members that were sent by a day, each with the first day on which it was."""
    d, t = documents.c, deliveries.c
    query = (
        select(d.document_id, d.kind, d.member_id, d.review_id, d.enrollment_id, func.min(t.sent_on).label("sent_on"))
        .join_from(documents, deliveries, d.document_id == t.document_id)
        .where(d.member_id.in_(member_ids), d.kind.in_(kinds), t.status.in_(SENT), t.sent_on <= as_of)
        .group_by(d.document_id, d.kind, d.member_id, d.review_id, d.enrollment_id)
        .order_by(func.min(t.sent_on), d.document_id)
    )
    return (await session.execute(query)).mappings().all()
