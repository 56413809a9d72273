"""Take-back sites near a member, from the sponsor's own table (42 CFR 422.111(j)(4)).

"In the member's community" is read as: the same five-digit ZIP first, then the same three-digit sectional area. A
site that is not in the table is never named.
"""

from collections.abc import Sequence
from typing import Any, Final

from mtm_shared.storage import upsert_all
from sqlalchemy import case, select
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
        select(sites.name, sites.address, sites.phone)
        .where(sites.zip_code.startswith(zip_code[:_SECTION], autoescape=True))
        .order_by(same_zip, sites.site_id)
        .limit(limit)
    )
    return tuple(TakeBackSite(row.name, row.address, row.phone) for row in (await session.execute(query)).all())


async def replace(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Adds the given sites, or replaces those with the same id."""
    await upsert_all(session, take_back_sites, list(rows), ["site_id"])
