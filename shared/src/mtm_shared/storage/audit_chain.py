"""The chain of hashes over the audit trail: each link is the hash of an entry and of the link before it.

`seal` links what has been committed and is not linked yet; `verify` walks the chain from its first link and tells the
first place where it does not hold. A chain that was cut off at its end still holds, so an auditor keeps a head (a
position and its hash) outside of the database and has it checked too.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.audit import AuditTrail
from mtm_shared.storage.worker import Handler, JobContext, Periodic

SEALING: Final = Periodic("audit_seal", timedelta(seconds=10))
GENESIS: Final = "0" * 64
_BATCH: Final = 1_000
# How far behind the newest link an entry may still be committed and be found: one long transaction among many short.
_WINDOW: Final = 100_000


@dataclass(frozen=True, slots=True)
class Head:
    """The last link: how many entries the chain holds, and its hash."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; `fault` is empty when the chain holds."""

    entries: int
    sealed: int
    head: Head
    fault: str = ""


def seal_handler(trail: AuditTrail) -> Handler:
    """Links everything that is waiting, batch by batch."""

    async def handle(context: JobContext) -> None:
        full = _BATCH
        while full == _BATCH:
            async with context.transaction() as session:
                full = await seal(session, trail)

    return handle


async def head_of(session: AsyncSession, trail: AuditTrail) -> Head:
    """The last link, or the beginning."""
    chain = trail.chain.c
    last = (await session.execute(select(chain.position, chain.hash).order_by(chain.position.desc()).limit(1))).first()
    return Head(0, GENESIS) if last is None else Head(last.position, last.hash)


async def seal(session: AsyncSession, trail: AuditTrail, limit: int = _BATCH) -> int:
    """Link at most `limit` entries in order of number; answers how many. One sealer at a time (the job's lease)."""
    head = await head_of(session, trail)
    entries, chain = trail.entries, trail.chain
    newest = await session.scalar(select(func.max(chain.c.number))) or 0
    linked = select(chain.c.number).where(chain.c.number == entries.c.number).exists()
    waiting = (
        select(entries).where(entries.c.number > newest - _WINDOW, ~linked).order_by(entries.c.number).limit(limit)
    )
    links: list[dict[str, Any]] = []
    last = head.hash
    for place, row in enumerate((await session.execute(waiting)).all(), head.position + 1):
        last = link(last, row)
        links.append({"position": place, "number": row.number, "hash": last})
    if links:
        await session.execute(insert(chain), links)
    return len(links)


def link(before: str, row: Row[Any]) -> str:
    """The hash of an entry after the link before it."""
    told = dict(row._mapping) | {"at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


async def verify(session: AsyncSession, trail: AuditTrail, anchor: Head | None = None) -> Verdict:
    """Walk the whole chain; `anchor` is a head that was kept elsewhere and must be one of its links."""
    position, last, fault = 0, GENESIS, ""
    anchored = anchor is None or anchor == Head(0, GENESIS)
    async for row, place, digest in _links(session, trail):
        if place != position + 1:
            fault = f"link {position + 1} is missing"
        elif row is None:
            fault = f"the entry of link {place} is missing"
        elif link(last, row) != digest:
            fault = f"entry {row.number} (link {place}) is not what was sealed"
        if fault:
            break
        position, last = place, digest
        anchored = anchored or anchor == Head(position, last)
    entries = await session.scalar(select(func.count()).select_from(trail.entries)) or 0
    if not fault and not anchored:
        fault = "the given head is not in the chain"
    return Verdict(entries, position, Head(position, last), fault)


async def _links(session: AsyncSession, trail: AuditTrail) -> AsyncIterator[tuple[Row[Any] | None, int, str]]:
    """Every link with its entry, in order, read in batches."""
    entries, chain = trail.entries.c, trail.chain.c
    after = 0
    while True:
        query = select(chain.position, chain.number, chain.hash).where(chain.position > after)
        links = (await session.execute(query.order_by(chain.position).limit(_BATCH))).all()
        if not links:
            return
        wanted = select(trail.entries).where(entries.number.in_([one.number for one in links]))
        found = {row.number: row for row in (await session.execute(wanted)).all()}
        for one in links:
            yield found.get(one.number), one.position, one.hash
        after = links[-1].position
