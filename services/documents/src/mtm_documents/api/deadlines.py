"""Which documents are owed by when."""

from typing import Annotated

from fastapi import Query, Request
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.deadlines import Deadline, DeadlineStateName
from mtm_shared.storage import Transaction
from mtm_shared.web import PageQuery, Router, encode_cursor, problem_responses

from mtm_documents.api.documents import Reader
from mtm_documents.usecases.deadlines import Asked, document_deadlines

router = Router(prefix="/v1", tags=["documents"])
_Id = Annotated[Identifier | None, Query()]


@router.get("/deadlines", responses=problem_responses(), summary="Which documents are owed by when")
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
    """Overdue and due soon, before it is late. A page may hold fewer than its limit while `next_cursor` goes on."""
    # The cursor is eligibility's own, over enrolments: what comes after is what it says.
    after = paging.after(str)
    services = request.app.state
    asked = Asked(
        as_of=as_of or services.clock().date(),
        within_days=within_days,
        state=state,
        kind=kind,
        program_id=program_id,
        contract_id=contract_id,
        member_id=member_id,
        cursor=None if after is None else str(after[0]),
        limit=paging.limit,
    )
    items, following = await document_deadlines(session, services.eligibility, services.reviews, asked)
    return Page[Deadline](items=items, next_cursor=None if following is None else encode_cursor(following))
