"""The audit trail's tables: who did and saw what, when; rows are added and never changed (45 CFR 164.312(b)).

An entry is written in the transaction of what it tells of. The worker then links entries into a chain of hashes, one
row each in a second table, so that writers never wait for one another; whoever changes, removes or slips in an entry
breaks the chain, and triggers refuse it in the first place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_shared.storage.types import UtcDateTime, big_identity, json_column


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written of one request, or of one step of a worker. Ids only: no name, no date of birth."""

    at: datetime
    actor: str
    action: str
    outcome: str = "done"
    status: int = 0
    things: Mapping[str, str] = field(default_factory=dict)
    member_ids: Sequence[str] = ()
    request_id: str = ""


def worked(at: datetime, action: str, member_ids: Sequence[str], **things: str) -> Entry:
    """The entry of a worker's step, named as `job.step`, over the members whose data it read or wrote."""
    return Entry(at=at, actor="worker", action=action, things=things, member_ids=member_ids)


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The entries, the chain over them, and whose data they are about."""

    entries: Table
    chain: Table
    subjects: Table

    async def record(self, session: AsyncSession, *entries: Entry) -> None:
        """Add entries in the caller's transaction, in their order."""
        if not entries:
            return
        rows = [_row(entry) for entry in entries]
        added = insert(self.entries).returning(self.entries.c.number, sort_by_parameter_order=True)
        numbers = (await session.execute(added, rows)).scalars()
        subjects = [
            {"member_id": member_id, "number": number}
            for row, number in zip(rows, numbers, strict=True)
            for member_id in row["member_ids"]
        ]
        if subjects:
            await session.execute(insert(self.subjects), subjects)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "actor": entry.actor[:200],
        "action": entry.action[:100],
        "outcome": entry.outcome,
        "status": entry.status,
        "things": dict(entry.things),
        "member_ids": sorted(set(entry.member_ids)),
        "request_id": entry.request_id[:128],
    }


def audit_tables(metadata: MetaData) -> AuditTrail:
    """The tables in a service's metadata; its migrations create them (`revisions.create_audit`)."""
    entries = Table(
        "audit_entries",
        metadata,
        Column("number", big_identity(), primary_key=True, autoincrement=True),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", String(200), nullable=False),
        Column("action", String(100), nullable=False),
        Column("outcome", String(8), nullable=False),
        Column("status", Integer, nullable=False),
        Column("things", json_column(), nullable=False),
        Column("member_ids", json_column(), nullable=False),
        Column("request_id", String(128), nullable=False),
    )
    chain = Table(
        "audit_chain",
        metadata,
        Column("position", big_identity(), primary_key=True, autoincrement=False),
        Column("number", big_identity(), nullable=False, unique=True),
        Column("hash", String(64), nullable=False),
    )
    subjects = Table(
        "audit_subjects",
        metadata,
        Column("member_id", String(64), primary_key=True),
        Column("number", big_identity(), primary_key=True, autoincrement=False),
        Index("ix_audit_subjects_number", "number"),
    )
    return AuditTrail(entries, chain, subjects)
