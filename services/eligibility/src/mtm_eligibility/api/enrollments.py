"""Enrolments: who is in, whose review must be offered by when, who left."""

from typing import Annotated

from fastapi import Query, Request, Response
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.eligibility import Enrollment, EnrollmentStatus, OptInRequest, OptOutRequest
from mtm_shared.contracts.letters import LetterFactsFound, LetterFactsRequest
from mtm_shared.storage import Reading, Transaction
from mtm_shared.web import (
    IdempotencyKey,
    IfMatch,
    PageQuery,
    Router,
    check_if_match,
    etag,
    idempotent,
    page_of,
    problem_responses,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.api.dependencies import Id, Reader, Writer
from mtm_eligibility.usecases import enrollments
from mtm_eligibility.usecases.letters import letter_facts

router = Router(prefix="/v1/enrollments", tags=["enrollments"])


def _tag(enrollment: Enrollment) -> str:
    return etag(enrollment.model_dump_json())


def _headers(enrollment: Enrollment) -> dict[str, str]:
    return {"ETag": _tag(enrollment)}


async def _check_unchanged(session: AsyncSession, enrollment_id: str, if_match: str | None) -> None:
    if if_match is not None:
        check_if_match(if_match, _tag(await enrollments.get_enrollment(session, enrollment_id, to_change=True)))


@router.get("", summary="List enrolments")
async def list_enrollments(
    session: Transaction,
    page: PageQuery,
    _: Reader,
    status: Annotated[EnrollmentStatus | None, Query()] = None,
    due: Annotated[
        Day | None,
        Query(description="Enrolled, and the review must be offered by this day: neither offered nor declined."),
    ] = None,
    program_id: Annotated[Identifier | None, Query()] = None,
    contract_id: Annotated[Identifier | None, Query()] = None,
    member_id: Annotated[Identifier | None, Query()] = None,
    plan_year: Annotated[int | None, Query(ge=2000, le=2199)] = None,
) -> Page[Enrollment]:
    """Enrolments that fit every given filter. With `due` and no `status`, only members who are enrolled."""
    after = page.after(str)
    wanted = enrollments.Wanted(status, due, program_id, contract_id, member_id, plan_year)
    found = await enrollments.list_enrollments(session, wanted, str(after[0]) if after else None, page.limit + 1)
    items, cursor = page_of(found, page.limit, lambda enrollment: (enrollment.enrollment_id,))
    return Page[Enrollment](items=items, next_cursor=cursor)


@router.post("/letter-facts", summary="Read what letters are made of")
async def read_letter_facts(body: LetterFactsRequest, session: Reading, _: Reader) -> LetterFactsFound:
    """Enrolments with the member and the determination behind each; changes nothing. Unknown ids are named."""
    return await letter_facts(session, body.enrollment_ids)


@router.get("/{enrollment_id}", summary="Read an enrolment", responses=problem_responses(404))
async def read_enrollment(response: Response, enrollment_id: Id, session: Transaction, _: Reader) -> Enrollment:
    """The enrolment with its history."""
    enrollment = await enrollments.get_enrollment(session, enrollment_id)
    response.headers["ETag"] = _tag(enrollment)
    return enrollment


@router.post(
    "/{enrollment_id}/opt-out",
    summary="Take a member out",
    response_model=Enrollment,
    responses=problem_responses(
        404, s409="The member has left the programme, or declined this year's review, already."
    ),
)
async def opt_out(
    request: Request,
    enrollment_id: Id,
    body: OptOutRequest,
    session: Transaction,
    _: Writer,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """The member leaves the programme, or, with scope `cmr_only`, declines this year's comprehensive review."""

    async def change() -> Enrollment:
        await _check_unchanged(session, enrollment_id, if_match)
        return await enrollments.opt_out(session, enrollment_id, body, request.app.state.clock())

    return await idempotent(request, session, body, change, status=200, headers=_headers)


@router.post(
    "/{enrollment_id}/opt-in",
    summary="Take a member back",
    response_model=Enrollment,
    responses=problem_responses(
        404, s409="There is no opt-out to take back, or the member's record bears a day of death."
    ),
)
async def opt_in(
    request: Request,
    enrollment_id: Id,
    body: OptInRequest,
    session: Transaction,
    _: Writer,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """The member asks to come back; a permanent opt-out is taken back with it, and so is a death told in error."""

    async def change() -> Enrollment:
        await _check_unchanged(session, enrollment_id, if_match)
        return await enrollments.opt_in(session, enrollment_id, body, request.app.state.clock())

    return await idempotent(request, session, body, change, status=200, headers=_headers)
