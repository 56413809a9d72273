"""Outreach: attempts to reach a member, where they lead, and whom to contact on a day."""

from typing import Annotated

from fastapi import Query, Request
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.outreach import Attempt, AttemptRequest, Outreach, WorklistItem
from mtm_shared.storage import Transaction
from mtm_shared.web import IdempotencyKey, PageQuery, Router, encode_cursor, idempotent, problem_responses
from starlette.responses import Response

from mtm_eligibility.api.dependencies import Id, Loaded, Reader, Writer
from mtm_eligibility.usecases import outreach, worklist

router = Router(prefix="/v1", tags=["outreach"])


@router.post(
    "/enrollments/{enrollment_id}/outreach",
    summary="Record an attempt to reach a member",
    status_code=201,
    response_model=Attempt,
    responses=problem_responses(
        404, s409="The member has left, asked not to be called, or is not represented by who is named."
    ),
)
async def create_attempt(
    request: Request,
    enrollment_id: Id,
    body: AttemptRequest,
    session: Transaction,
    loaded: Loaded,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """A letter, call, voicemail or message and what became of it. The first that offers the review counts as its offer;
    `declined_cmr` declines this year's review, `do_not_call` ends all calls."""

    async def create() -> Attempt:
        return await outreach.record_attempt(session, loaded, enrollment_id, body, request.app.state.clock())

    return await idempotent(request, session, body, create)


@router.get(
    "/enrollments/{enrollment_id}/outreach",
    summary="Read where outreach to a member stands",
    responses=problem_responses(404),
)
async def read_outreach(
    request: Request,
    enrollment_id: Id,
    session: Transaction,
    loaded: Loaded,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="Nothing after this day is looked at.")] = None,
) -> Outreach:
    """The status, the next step with its day and reason, and every attempt, oldest first."""
    return await outreach.get_outreach(session, loaded, enrollment_id, as_of, request.app.state.clock())


@router.get("/outreach-worklist", summary="List whom to contact on a day", responses=problem_responses(404))
async def list_worklist(
    request: Request,
    session: Transaction,
    loaded: Loaded,
    page: PageQuery,
    _: Reader,
    program_id: Annotated[Identifier, Query()],
    on: Annotated[Day | None, Query(description="The day; today if none is given.")] = None,
) -> Page[WorklistItem]:
    """Members of a programme whose next step is due on or before the day, by enrolment. A page goes through so many
    enrolments as its limit says, so it may hold fewer items while `next_cursor` goes on."""
    after = page.after(str)
    day = on or loaded.program(program_id).outreach.day_of(request.app.state.clock())
    items, last = await worklist.worklist(
        session, loaded, program_id, day, str(after[0]) if after else None, page.limit
    )
    return Page[WorklistItem](items=items, next_cursor=None if last is None else encode_cursor(last))
