"""How a member wants to be contacted, and who may speak for the member."""

from collections.abc import Collection
from datetime import date, datetime

from mtm_shared.contracts.outreach import (
    ContactPreferences,
    ContactPreferencesRequest,
    Representative,
    RepresentativeRequest,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.representatives import Authority, Basis, Scope, may_hold
from mtm_eligibility.storage import contacts as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.members import read_member
from mtm_eligibility.usecases.errors import (
    RepresentativeEnded,
    ScopeBeyondBasis,
    UnknownMember,
    UnknownRepresentative,
)
from mtm_eligibility.usecases.ids import new_id


async def _check_member(session: AsyncSession, member_id: str) -> None:
    if await read_member(session, member_id) is None:
        raise UnknownMember


async def get_preferences(session: AsyncSession, member_id: str, *, to_change: bool = False) -> ContactPreferences:
    """What the member asked for; nothing asked is no wish. Locked when it is to be changed."""
    if to_change:
        await store.hold_member(session, member_id)
    await _check_member(session, member_id)
    row = await store.read_preferences(session, member_id)
    return ContactPreferences(member_id=member_id) if row is None else ContactPreferences(**row)


async def put_preferences(
    session: AsyncSession, member_id: str, told: ContactPreferencesRequest, now: datetime
) -> ContactPreferences:
    """Keep what the member asks for. A wish not to be called that stands keeps its first day unless another is told."""
    before = await get_preferences(session, member_id, to_change=True)
    since = told.do_not_call_on or before.do_not_call_on or now.date()
    row = {
        **told.model_dump(),
        "member_id": member_id,
        "do_not_call_on": since if told.do_not_call else None,
        "recorded_at": now,
    }
    await store.write_preferences(session, row)
    return ContactPreferences(**row)


async def delete_preferences(session: AsyncSession, member_id: str) -> None:
    """The member has no wish any more, and may be called."""
    await _check_member(session, member_id)
    await store.delete_preferences(session, member_id)


async def stop_calls(session: AsyncSession, member_id: str, on: date, now: datetime) -> None:
    """The member said on this day not to call any more; every other wish stays."""
    before = await get_preferences(session, member_id, to_change=True)
    first = min(on, before.do_not_call_on or on)
    row = {**before.model_dump(), "do_not_call": True, "do_not_call_on": first, "recorded_at": now}
    await store.write_preferences(session, row)


def calls_unwanted(row: Row | None, day: date) -> bool:
    """Whether the member has asked not to be called by this day; the row may be of a worklist."""
    return row is not None and bool(row["do_not_call"]) and row["do_not_call_on"] <= day


async def add_representative(
    session: AsyncSession, member_id: str, told: RepresentativeRequest, now: datetime
) -> Representative:
    """Keep a representative."""
    await _check_member(session, member_id)
    scopes = [scope for scope in Scope if scope.value in told.scope]
    if not may_hold(Basis(told.basis), scopes):
        raise ScopeBeyondBasis
    row = {
        **told.model_dump(),
        "representative_id": new_id("rep", now),
        "member_id": member_id,
        "scope": [scope.value for scope in scopes],
        "ended_on": None,
        "recorded_at": now,
    }
    await store.add_representative(session, row)
    return Representative(**row)


async def list_representatives(
    session: AsyncSession, member_id: str, on: date | None, after: str | None, limit: int
) -> list[Representative]:
    """The member's representatives by id; with `on`, those whose authority stands on that day."""
    await _check_member(session, member_id)
    rows = await store.representatives_of(session, member_id, on=on, after=after, limit=limit)
    return [Representative(**row) for row in rows]


async def get_representative(
    session: AsyncSession, member_id: str, representative_id: str, *, to_change: bool = False
) -> Representative:
    """One representative of the member, or `UnknownRepresentative`."""
    row = await store.read_representative(session, representative_id, to_change=to_change)
    if row is None or row["member_id"] != member_id:
        raise UnknownRepresentative
    return Representative(**row)


async def end_representative(session: AsyncSession, member_id: str, representative_id: str, on: date) -> Representative:
    """End the authority: from this day it does not stand. What was done before stays as it was."""
    representative = await get_representative(session, member_id, representative_id, to_change=True)
    if representative.ended_on is not None:
        raise RepresentativeEnded
    await store.change_representative(session, representative_id, ended_on=on)
    return representative.model_copy(update={"ended_on": on})


def accepts(row: Row | None, member_id: str, scopes: Collection[Scope], day: date) -> bool:
    """Whether this is the member's representative with one of the scopes on the day."""
    if row is None or row["member_id"] != member_id:
        return False
    kept = frozenset(Scope(scope) for scope in row["scope"])
    authority = Authority(kept, row["effective_from"], row["effective_to"], row["ended_on"])
    return authority.allows(scopes, day)
