"""PINs of call backs, and tries to identify a caller."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from mtm_shared.storage.upsert import insert_all, upsert
from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, one_row
from mtm_eligibility.storage.contact_tables import (
    call_back_pins,
    identity_keys,
    identity_tries,
    identity_try_keys,
)
from mtm_eligibility.storage.tables import enrollments, members


async def read_pin(session: AsyncSession, lookup: str) -> Row | None:
    """The PIN that this look-up stands for, expired or not; None when there is none."""
    return await one_row(session, select(call_back_pins).where(call_back_pins.c.lookup == lookup))


async def void_pins(session: AsyncSession, enrollment_id: str, now: datetime) -> None:
    """Void the PIN of an enrolment, if it has one: it cannot be found any more."""
    await session.execute(
        update(call_back_pins)
        .where(call_back_pins.c.enrollment_id == enrollment_id, call_back_pins.c.lookup.is_not(None))
        .values(lookup=None, voided_at=now)
    )


async def free_lookup(session: AsyncSession, lookup: str, today: date, now: datetime) -> bool:
    """Whether a new PIN may have this look-up; one that has expired gives it free."""
    await session.execute(
        update(call_back_pins)
        .where(call_back_pins.c.lookup == lookup, call_back_pins.c.expires_on < today)
        .values(lookup=None, voided_at=now)
    )
    return await read_pin(session, lookup) is None


async def add_pin(session: AsyncSession, **values: Any) -> None:
    """Keep a PIN as look-up and hash."""
    await session.execute(insert(call_back_pins).values(**values))


def _people(program_id: str) -> "Select[Any]":
    return (
        select(
            enrollments.c.enrollment_id,
            members.c.member_id,
            members.c.birth_date,
            members.c.zip_code,
            members.c.address,
            members.c.phone,
        )
        .join(members, members.c.member_id == enrollments.c.member_id)
        .where(enrollments.c.program_id == program_id)
    )


async def people_born(session: AsyncSession, program_id: str, birth_date: date) -> Sequence[Row]:
    """The programme's members with this birth date."""
    return await all_rows(session, _people(program_id).where(members.c.birth_date == birth_date))


async def people_named(
    session: AsyncSession, program_id: str, member_id: str | None, enrollment_id: str | None
) -> Sequence[Row]:
    """The programme's members by member id or enrolment; asked alike when neither is known."""
    wanted = (members.c.member_id == (member_id or "")) | (enrollments.c.enrollment_id == (enrollment_id or ""))
    return await all_rows(session, _people(program_id).where(wanted))


async def hold_keys(session: AsyncSession, keys: Collection[str]) -> None:
    """Wait until nobody else tries with one of these keys, and make others wait until this transaction ends."""
    dialect = session.get_bind().dialect.name
    for key in sorted(keys):
        await session.execute(upsert(identity_keys, [{"key": key}], ["key"], dialect, update=["key"]))


async def tries_with(session: AsyncSession, key: str, since: datetime) -> list[Row]:
    """What was tried with this key after a moment, oldest first."""
    query = (
        select(identity_tries.c.tried_at, identity_tries.c.outcome)
        .join(identity_try_keys, identity_try_keys.c.verification_id == identity_tries.c.verification_id)
        .where(identity_try_keys.c.key == key, identity_try_keys.c.tried_at > since)
        .order_by(identity_tries.c.tried_at)
    )
    return await all_rows(session, query)


async def keep_try(session: AsyncSession, row: Row, keys: Collection[str]) -> None:
    """Keep a try with the keys that were claimed."""
    await session.execute(insert(identity_tries).values(**row))
    ids = {"verification_id": row["verification_id"], "tried_at": row["tried_at"]}
    await insert_all(session, identity_try_keys, [{"key": key, **ids} for key in sorted(keys)])
