"""Take-back sites near a member, from the sponsor's own table (42 CFR 422.111(j)(4)).

"In the member's community" is read as: the same five-digit ZIP first, then the same three-digit sectional area. A
site that is not in the table is never named.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from mtm_shared.storage import PARAMETER_LIMIT, chunks, upsert_all
from sqlalchemy import RowMapping, and_, case, delete, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.storage.tables import take_back_sites

_SECTION: Final = 3


async def near(session: AsyncSession, zip_code: str | None, limit: int = 3) -> tuple[TakeBackSite, ...]:
    """At most `limit` sites, the nearest ZIP first; none without a ZIP."""
    if not zip_code:
        return ()
    sites = take_back_sites.c
    same_zip = case((sites.zip_code == zip_code[:5], 0), else_=1)
    query = (
        select(sites.name, sites.address, sites.phone, sites.hours)
        .where(sites.zip_code.startswith(zip_code[:_SECTION], autoescape=True))
        .order_by(same_zip, sites.site_id)
        .limit(limit)
    )
    found = (await session.execute(query)).all()
    return tuple(TakeBackSite(row.name, row.address, row.phone, hours=row.hours) for row in found)


async def page(
    session: AsyncSession, zip_code: str | None, after: tuple[int, str] | None, limit: int
) -> list[RowMapping]:
    """Sites by how `far` they are (0 or 1) and their id, one more than `limit` where there are more."""
    sites = take_back_sites.c
    far = literal(0) if zip_code is None else case((sites.zip_code == zip_code[:5], 0), else_=1)
    query = select(*sites, far.label("far")).order_by(far, sites.site_id).limit(limit + 1)
    if zip_code is not None:
        query = query.where(sites.zip_code.startswith(zip_code[:_SECTION], autoescape=True))
    if after is not None:
        query = query.where(or_(far > after[0], and_(far == after[0], sites.site_id > after[1])))
    return list((await session.execute(query)).mappings())


async def keep_only(session: AsyncSession, site_ids: Collection[str]) -> int:
    """Removes every site but these; answers how many were removed."""
    known = (await session.execute(select(take_back_sites.c.site_id).order_by(take_back_sites.c.site_id))).scalars()
    gone = [site_id for site_id in known if site_id not in site_ids]
    for some in chunks(gone, PARAMETER_LIMIT):
        await session.execute(delete(take_back_sites).where(take_back_sites.c.site_id.in_(some)))
    return len(gone)


async def replace(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Adds the given sites, or replaces those with the same id."""
    await upsert_all(session, take_back_sites, list(rows), ["site_id"])
