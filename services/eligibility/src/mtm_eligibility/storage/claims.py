"""Fills, medical claims, diagnoses, stays and drug management: everything that hangs on a member by a key."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, String, Table, and_, column, delete, select, tuple_, values
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.bulk import Row, all_rows, pieces, upsert_rows
from mtm_eligibility.storage.tables import claims, diagnoses, drug_management, fills, stays

ClaimKey = tuple[str, str]
Key = tuple[Any, ...]


async def known_fills(session: AsyncSession, keys: Collection[ClaimKey]) -> dict[ClaimKey, set[str]]:
    """The adjustment codes of the records that these (member, claim) keys have."""
    found: dict[ClaimKey, set[str]] = {}
    for piece in pieces(keys):
        query = select(fills.c.member_id, fills.c.claim_id, fills.c.adjustment).join_from(*_wanted(fills, piece))
        for member_id, claim_id, adjustment in await session.execute(query):
            found.setdefault((member_id, claim_id), set()).add(adjustment)
    return found


def _wanted(table: Table, keys: Collection[ClaimKey]) -> tuple[CTE, Table, ColumnElement[bool]]:
    """A join of these pairs with the table: one probe of its index a pair; two lists would be tried crosswise."""
    columns = column("member_id", String), column("claim_id", String)
    pairs = values(*columns, name="wanted").data(list(keys)).cte("wanted")
    return pairs, table, and_(table.c.member_id == pairs.c.member_id, table.c.claim_id == pairs.c.claim_id)


async def delete_fills(session: AsyncSession, keys: Collection[ClaimKey]) -> None:
    """Remove every record of these claims."""
    for piece in pieces(keys):
        await session.execute(delete(fills).where(*_among(fills, piece)))


def _among(table: Table, keys: Collection[ClaimKey]) -> tuple[ColumnElement[bool], ...]:
    """The rows of these (member, claim) pairs; naming the members too lets the index be used."""
    pair = tuple_(table.c.member_id, table.c.claim_id)
    return table.c.member_id.in_({key[0] for key in keys}), pair.in_(keys)


async def write_fills(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert or overwrite records by member, claim and adjustment code."""
    await upsert_rows(session, fills, rows)


async def known_keys(session: AsyncSession, table: Table, member_ids: Iterable[str]) -> set[Key]:
    """The primary keys that the members already have in a table."""
    columns = list(table.primary_key.columns)
    found: set[Key] = set()
    for piece in pieces(set(member_ids)):
        query = select(*columns).where(table.c.member_id.in_(piece))
        found.update(tuple(row) for row in await session.execute(query))
    return found


async def read_claims(session: AsyncSession, keys: Collection[ClaimKey], setting: str) -> dict[ClaimKey, Row]:
    """The medical claims already known of these (member, claim) keys in one setting."""
    found: dict[ClaimKey, Row] = {}
    for piece in pieces(keys):
        query = select(claims).join_from(*_wanted(claims, piece)).where(claims.c.setting == setting)
        for row in await all_rows(session, query):
            found[row["member_id"], row["claim_id"]] = row
    return {key: found[key] for key in keys if key in found}


async def read_claim_codes(session: AsyncSession, keys: Collection[ClaimKey], setting: str) -> dict[ClaimKey, set[str]]:
    """The diagnosis codes already stored for these claims."""
    found: dict[ClaimKey, set[str]] = {}
    for piece in pieces(keys):
        query = select(diagnoses.c.member_id, diagnoses.c.claim_id, diagnoses.c.icd10).where(
            diagnoses.c.setting == setting, *_among(diagnoses, piece)
        )
        for member_id, claim_id, icd10 in await session.execute(query):
            found.setdefault((member_id, claim_id), set()).add(icd10)
    return found


async def delete_claims(session: AsyncSession, keys: Collection[ClaimKey], setting: str) -> None:
    """Remove these medical claims in one setting, with the diagnoses and stays that they gave."""
    for piece in pieces(keys):
        await session.execute(delete(claims).where(claims.c.setting == setting, *_among(claims, piece)))
        await session.execute(delete(diagnoses).where(diagnoses.c.setting == setting, *_among(diagnoses, piece)))
        await session.execute(delete(stays).where(stays.c.kind == setting, *_among(stays, piece)))


async def write_claims(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Remember medical claims by member, claim and setting."""
    await upsert_rows(session, claims, rows)


async def write_diagnoses(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert diagnoses; one that is there already stays."""
    await upsert_rows(session, diagnoses, rows)


async def write_stays(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert or overwrite stays by member, kind, first day and claim."""
    await upsert_rows(session, stays, rows)


async def write_drug_management(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert or overwrite drug management spans by member and first day."""
    await upsert_rows(session, drug_management, rows)


async def read_of_member(session: AsyncSession, table: Table, member_id: str) -> Sequence[Row]:
    """Everything of one member in a table, in the order of its key."""
    query = select(table).where(table.c.member_id == member_id).order_by(*table.primary_key.columns)
    return await all_rows(session, query)
