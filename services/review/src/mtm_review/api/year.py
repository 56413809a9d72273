"""Reviews through the year: what was done for each enrolment, and what is owed by when."""

from typing import Annotated

from fastapi import Query
from mtm_shared.contracts.common import Identifier, Page
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.storage.session import Transaction
from mtm_shared.web.pages import PageQuery, page_of
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Reader
from mtm_review.usecases.activity import activity

router = Router(prefix="/v1", tags=["programme"])
Id = Annotated[Identifier | None, Query()]


@router.get("/activity", summary="What was done in a plan year for each enrolment")
async def list_activity(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    plan_year: Annotated[int, Query(ge=2000, le=2199)],
    program_id: Id = None,
    contract_id: Id = None,
) -> Page[EnrollmentActivity]:
    """By enrolment id, of enrolments with at least one review of the year: reviews done, and problems told."""
    after = paging.after(str)
    found = await activity(
        session, plan_year, program_id, contract_id, None if after is None else str(after[0]), paging.limit + 1
    )
    items, next_cursor = page_of(found, paging.limit, lambda one: (one.enrollment_id,))
    return Page(items=items, next_cursor=next_cursor)
