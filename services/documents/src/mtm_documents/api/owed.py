"""Which documents are owed by when, seen before they are late."""

from functools import partial
from typing import Annotated

from fastapi import Query, Request
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.deadlines import Deadline, DeadlineStateName
from mtm_shared.storage import Transaction
from mtm_shared.web import PageQuery, Router, encode_cursor

from mtm_documents.api.documents import Reader
from mtm_documents.storage import sites
from mtm_documents.usecases.ordering import Sources
from mtm_documents.usecases.owed import DISPOSAL, SUMMARY, Asked, disposal_deadlines, summary_deadlines

router = Router(prefix="/v1", tags=["documents"])
_Id = Annotated[Identifier | None, Query()]


@router.get("/deadlines", summary="Which documents are owed by when")
async def list_deadlines(
    request: Request,
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="The day that is asked about; today if none.")] = None,
    within_days: Annotated[int | None, Query(ge=0, le=366, description="The programme's warn_days if none.")] = None,
    kind: Annotated[str | None, Query(pattern="^(cmr_summary|safe_disposal)$")] = None,
    state: Annotated[DeadlineStateName | None, Query(description="Without it, what is still owed.")] = None,
    program_id: _Id = None,
    contract_id: _Id = None,
    member_id: _Id = None,
) -> Page[Deadline]:
    """Summaries first, then safe disposal. A page may hold fewer than its limit while `next_cursor` goes on."""
    app = request.app.state
    sources = Sources(app.eligibility, app.reviews, partial(sites.near, session), app.settings.wording)
    asked = Asked(as_of or app.clock().date(), within_days, state, program_id, contract_id, member_id)
    after = paging.after(str, str)
    walk, cursor = (str(after[0]), str(after[1]) or None) if after else (kind or SUMMARY, None)
    if walk == SUMMARY:
        items, following = await summary_deadlines(session, sources, asked, cursor, paging.limit)
    else:
        items, following = await disposal_deadlines(session, sources, asked, cursor, paging.limit)
    if following is not None:
        return Page[Deadline](items=items, next_cursor=encode_cursor(walk, following))
    more = encode_cursor(DISPOSAL, "") if walk == SUMMARY and kind is None else None
    return Page[Deadline](items=items, next_cursor=more)
