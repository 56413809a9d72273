"""What is owed by when, and the facts of a plan year's enrolments that reports are made of."""

from typing import Annotated

from fastapi import Query, Request
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.deadlines import Deadline, DeadlineKind, DeadlineStateName
from mtm_shared.contracts.reporting import EnrollmentFacts
from mtm_shared.storage import Transaction
from mtm_shared.web import PageQuery, Router, encode_cursor, page_of

from mtm_eligibility.api.dependencies import Loaded, Reader
from mtm_eligibility.usecases.deadlines import Asked, offer_deadlines
from mtm_eligibility.usecases.reporting import enrollment_facts

router = Router(prefix="/v1", tags=["enrollments"])
Id = Annotated[Identifier | None, Query()]


@router.get("/deadlines", summary="Which offers are owed by when")
async def list_deadlines(
    request: Request,
    session: Transaction,
    runtime: Loaded,
    page: PageQuery,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="The day that is asked about; today if none.")] = None,
    within_days: Annotated[int | None, Query(ge=0, le=366, description="The programme's warn_days if none.")] = None,
    kind: Annotated[DeadlineKind | None, Query(description="Eligibility owes cmr_offer and nothing else.")] = None,
    state: Annotated[DeadlineStateName | None, Query(description="Without it, what is still owed.")] = None,
    program_id: Id = None,
    contract_id: Id = None,
    member_id: Id = None,
) -> Page[Deadline]:
    """Overdue and due soon, before it is late. A page may hold fewer than its limit while `next_cursor` goes on."""
    if kind not in (None, "cmr_offer"):
        return Page[Deadline](items=[])
    asked = Asked(as_of or request.app.state.clock().date(), within_days, state, program_id, contract_id, member_id)
    after = page.after(str)
    items, last = await offer_deadlines(session, runtime, asked, str(after[0]) if after else None, page.limit)
    return Page[Deadline](items=items, next_cursor=None if last is None else encode_cursor(last))


@router.get("/enrollment-facts", summary="Enrolments of a plan year with what a report names")
async def list_enrollment_facts(
    session: Transaction,
    page: PageQuery,
    _: Reader,
    plan_year: Annotated[int, Query(ge=2000, le=2199)],
    contract_id: Id = None,
    program_id: Id = None,
) -> Page[EnrollmentFacts]:
    """By enrolment id: names, coverage, stays, and when the criteria were met in the plan year."""
    after = page.after(str)
    found = await enrollment_facts(
        session, plan_year, contract_id, program_id, str(after[0]) if after else None, page.limit + 1
    )
    items, cursor = page_of(found, page.limit, lambda one: (one.enrollment.enrollment_id,))
    return Page[EnrollmentFacts](items=items, next_cursor=cursor)
