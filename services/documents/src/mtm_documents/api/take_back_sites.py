"""Take-back sites: the sponsor's table loaded over HTTP, and the sites near a ZIP code as letters will name them.

The table is the sponsor's own and holds no member data. A file that replaces the whole table makes closed sites
vanish; letters that were sent keep the names that they were sent with.
"""

import io
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Query, Request
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.member import ZipCode
from mtm_shared.contracts.take_back_sites import RejectedSite, SitesImport, TakeBackSite
from mtm_shared.storage import Transaction
from mtm_shared.web import ApiProblem, IdempotencyKey, PageQuery, Router, idempotent, page_of, problem_responses
from starlette.responses import Response

from mtm_documents.api.documents import Reader, Writer
from mtm_documents.storage import sites
from mtm_documents.usecases.errors import NotText
from mtm_documents.usecases.import_sites import COLUMNS, SitesLoaded, import_sites

router = Router(prefix="/v1/take-back-sites", tags=["take-back-sites"])
_TOLD: Final = 1000
_EXAMPLE: Final = (
    f"{','.join(COLUMNS)}\n"
    '1,Walnut Street Pharmacy,"1200 Walnut Street, Harrisburg, PA 17101",17101,1-717-555-0142,Open day and night\n'
)
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {"text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE}},
}


@router.post(
    "/imports",
    status_code=201,
    response_model=SitesImport,
    openapi_extra={"requestBody": _BODY},
    responses=problem_responses(415),
)
async def import_take_back_sites(
    request: Request,
    session: Transaction,
    _: Writer,
    replace: Annotated[
        bool, Query(description="The file is the whole table: a site that it lacks is removed.")
    ] = False,
    key: IdempotencyKey = None,
) -> Response:
    """Loads a CSV file (UTF-8) of sites; every row is used or rejected with a code."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "text/csv":
        raise ApiProblem(415)
    content = await request.body()

    async def create() -> SitesImport:
        return _shown(await import_sites(session, _lines(content), replace=replace))

    return await idempotent(request, session, {"sha256": sha256(content).hexdigest(), "replace": replace}, create)


@router.get("", response_model=Page[TakeBackSite])
async def list_take_back_sites(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    zip_code: Annotated[ZipCode | None, Query(description="Sites near it only, those of the ZIP code first.")] = None,
) -> Page[TakeBackSite]:
    """The sites of the table; near a ZIP code: those of the same five digits, then of the same first three."""
    after = paging.after(int, str)
    place = (int(after[0]), str(after[1])) if after else None
    rows = await sites.page(session, zip_code, place, paging.limit)
    items, cursor = page_of(rows, paging.limit, lambda row: (int(row["far"]), str(row["site_id"])))
    shown = [TakeBackSite(**{**row, "in_zip_code": zip_code is not None and row["far"] == 0}) for row in items]
    return Page[TakeBackSite](items=shown, next_cursor=cursor)


def _lines(content: bytes) -> Iterable[str]:
    """The file's lines with their ends, a byte order mark left out."""
    try:
        return io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise NotText from None


def _shown(loaded: SitesLoaded) -> SitesImport:
    return SitesImport(
        rows_in=loaded.rows_in,
        used=loaded.used,
        rejected=len(loaded.rejected),
        removed=loaded.removed,
        rejected_by_code=dict(sorted(Counter(fault.code for fault in loaded.rejected).items())),
        rejects=[RejectedSite(row=one.row, field=one.field, code=one.code) for one in loaded.rejected[:_TOLD]],
    )
