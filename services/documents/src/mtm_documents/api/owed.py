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
    """Summaries first, then safe disposal; what last year left undone is still owed, and comes before this year's.

    A page may hold fewer than its limit while `next_cursor` goes on.
    """
    app = request.app.state
    sources = Sources(app.eligibility, app.reviews, partial(sites.near, session), app.settings.wording)
    asked = Asked(as_of or app.clock().date(), within_days, state, program_id, contract_id, member_id)
    walks = [(what, asked.as_of.year - back) for what in (SUMMARY, DISPOSAL) if kind in (None, what) for back in (1, 0)]
    after = paging.after(int, str)
    place, cursor = (int(after[0]), str(after[1]) or None) if after else (0, None)
    if not 0 <= place < len(walks):
        return Page[Deadline](items=[])
    what, plan_year = walks[place]
    walk = summary_deadlines if what == SUMMARY else disposal_deadlines
    items, following = await walk(session, sources, asked, plan_year, cursor, paging.limit)
    if following is not None:
        return Page[Deadline](items=items, next_cursor=encode_cursor(place, following))
    more = encode_cursor(place + 1, "") if place + 1 < len(walks) else None
    return Page[Deadline](items=items, next_cursor=more)
