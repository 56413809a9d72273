"""Members as they are told and asked for."""

from collections.abc import Sequence
from typing import Any

from mtm_shared.contracts.member import Coverage, Member, MemberSummary, MemberUpsert, StoredMember
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import members as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.usecases.coverage import with_span
from mtm_eligibility.usecases.errors import MemberMismatch, UnknownMember

MEMBER_FIELDS = tuple(Member.model_fields)


def member_row(member: Member) -> dict[str, Any]:
    """A member of the wire as a row."""
    row = {name: getattr(member, name) for name in MEMBER_FIELDS}
    row["address"] = member.address.model_dump(mode="json") if member.address else None
    row["prescribers"] = [prescriber.model_dump(mode="json") for prescriber in member.prescribers]
    return row


def coverage_row(member_id: str, coverage: Coverage) -> dict[str, Any]:
    """A span of the wire as a row."""
    return {"member_id": member_id, **coverage.model_dump()}


def member_of(row: Row) -> Member:
    """A row as the wire shows who somebody is."""
    values = {name: row[name] for name in MEMBER_FIELDS}
    values["prescribers"] = values["prescribers"] or []
    return Member.model_validate(values)


def stored_member(member: Row, spans: Sequence[Row]) -> StoredMember:
    """Rows as the wire shows a member."""
    return StoredMember(
        member=member_of(member),
        coverage=[Coverage(**{name: span[name] for name in Coverage.model_fields}) for span in spans],
    )


async def get_member(session: AsyncSession, member_id: str) -> StoredMember:
    """The member with every span of coverage, or `UnknownMember`."""
    member = await store.read_member(session, member_id)
    if member is None:
        raise UnknownMember
    spans = await store.read_coverage(session, [member_id])
    return stored_member(member, spans[member_id])


async def find_member(session: AsyncSession, member_id: str) -> StoredMember | None:
    """The member, or None."""
    try:
        return await get_member(session, member_id)
    except UnknownMember:
        return None


async def put_member(session: AsyncSession, member_id: str, told: MemberUpsert) -> StoredMember:
    """Insert or replace the member, and tell one span of coverage."""
    if told.member.member_id != member_id:
        raise MemberMismatch
    await store.write_members(session, [member_row(told.member)])
    spans = (await store.read_coverage(session, [member_id]))[member_id]
    await store.replace_coverage(session, {member_id: with_span(spans, coverage_row(member_id, told.coverage))})
    return await get_member(session, member_id)


async def list_members(session: AsyncSession, after: str | None, limit: int) -> list[MemberSummary]:
    """Members in the order of their ids."""
    rows = await store.list_members(session, after, limit)
    return [MemberSummary(member_id=row["member_id"], language=row["language"]) for row in rows]
