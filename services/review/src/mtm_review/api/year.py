"""Reviews through the year: what was done for each enrolment, and what is owed by when."""

from typing import Annotated, Literal

from fastapi import Query
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.deadlines import Deadline, DeadlineStateName
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.storage.session import Transaction
from mtm_shared.web.pages import PageQuery, encode_cursor, page_of
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Now, PopulationSource, Reader
from mtm_review.usecases.activity import activity
from mtm_review.usecases.deadlines import Asked, review_deadlines
from mtm_review.usecases.ports import EnrollmentsAsked

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


@router.get("/deadlines", summary="Which reviews are owed by when")
async def list_deadlines(
    session: Transaction,
    population: PopulationSource,
    now: Now,
    paging: PageQuery,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="The day that is asked about; today if none.")] = None,
    within_days: Annotated[int | None, Query(ge=0, le=366, description="The programme's warn_days if none.")] = None,
    kind: Annotated[Literal["cmr", "tmr"] | None, Query()] = None,
    state: Annotated[DeadlineStateName | None, Query(description="Without it, what is still owed.")] = None,
    program_id: Id = None,
    contract_id: Id = None,
    member_id: Id = None,
) -> Page[Deadline]:
    """Overdue and due soon, before it is late. A page may hold fewer than its limit while `next_cursor` goes on."""
    asked = Asked(as_of or now.date(), within_days, kind, state)
    whom = EnrollmentsAsked(None, program_id, contract_id, member_id)
    after = paging.after(str)
    cursor = None if after is None else str(after[0])
    items, following = await review_deadlines(session, population, asked, whom, cursor, paging.limit)
    return Page[Deadline](items=items, next_cursor=None if following is None else encode_cursor(following))
