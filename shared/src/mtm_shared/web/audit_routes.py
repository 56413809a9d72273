"""The audit trail as an auditor reads it, with a scope of its own; reading it is entered too."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy import Select, select

from mtm_shared.contracts.audit import AuditEntry
from mtm_shared.contracts.common import Identifier, Page, ShortText
from mtm_shared.storage.audit import AuditTrail
from mtm_shared.storage.session import Transaction
from mtm_shared.web.auditing import Auditor
from mtm_shared.web.auth import require
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.routing import Router


def audit_router(service: str) -> Router:
    """The routes for one service."""
    router = Router(prefix="/v1/audit-entries", tags=["audit"], dependencies=[Depends(require(f"{service}.audit"))])
    router.get("", summary="Who did and saw what")(list_audit_entries)
    return router


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; None asks for all."""

    member_id: Annotated[Identifier | None, Query(description="Entries about this member.")] = None
    actor: Annotated[ShortText | None, Query()] = None
    action: Annotated[ShortText | None, Query(description="An operation's id in the OpenAPI document.")] = None
    since: Annotated[datetime | None, Query(description="From this moment on (UTC where no zone is given).")] = None
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None


async def list_audit_entries(
    request: Request, session: Transaction, paging: PageQuery, wanted: Annotated[Wanted, Depends()]
) -> Page[AuditEntry]:
    """Entries that fit every given filter, oldest first."""
    auditor: Auditor = request.app.state.auditor
    query = _query(auditor.trail, wanted)
    if after := paging.after(int):
        query = query.where(auditor.trail.entries.c.number > int(after[0]))
    found = (await session.execute(query.limit(paging.limit + 1))).mappings().all()
    rows, cursor = page_of(found, paging.limit, lambda row: (int(row["number"]),))
    items = [AuditEntry(**dict(row), sealed=row["hash"] is not None) for row in rows]
    return Page[AuditEntry](items=items, next_cursor=cursor)


def _query(trail: AuditTrail, wanted: Wanted) -> Select[Any]:
    entries, chain = trail.entries.c, trail.chain.c
    query = select(trail.entries, chain.hash).outerjoin(trail.chain, chain.number == entries.number)
    if wanted.member_id is not None:
        about = trail.subjects.c
        query = query.join(trail.subjects, about.number == entries.number).where(about.member_id == wanted.member_id)
    for column, value in ((entries.actor, wanted.actor), (entries.action, wanted.action)):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(entries.at >= _aware(wanted.since))
    if wanted.until is not None:
        query = query.where(entries.at < _aware(wanted.until))
    return query.order_by(entries.number)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
