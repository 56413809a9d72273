"""Determinations: on a given record at once, or on stored facts and kept."""

from typing import Annotated

from fastapi import Body, Request
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Determination, DeterminationRequest, EvaluationRequest
from mtm_shared.storage import Transaction
from mtm_shared.web import (
    IdempotencyKey,
    PageQuery,
    Router,
    idempotent,
    page_of,
    problem_responses,
)
from starlette.responses import Response

from mtm_eligibility.api.dependencies import Id, Loaded, Reader, Writer
from mtm_eligibility.api.examples import EVALUATION
from mtm_eligibility.api.shapes import facts_of
from mtm_eligibility.usecases import determinations

router = Router(prefix="/v1", tags=["determinations"])


@router.post(
    "/determinations/evaluate",
    summary="Decide on a given record",
    response_model=Determination,
    responses=problem_responses(404),
)
async def evaluate(
    body: Annotated[EvaluationRequest, Body(openapi_examples=EVALUATION)], loaded: Loaded, _: Reader
) -> Response:
    """Whether this member must be offered MTM under a programme, and why. Nothing is stored."""
    facts = facts_of(body.record, loaded.lexicon)
    answer = determinations.evaluate(loaded, facts, body.program_id, body.as_of)
    # Written once: returning the model would validate and copy what the domain has just built.
    return Response(answer.__pydantic_serializer__.to_json(answer), media_type="application/json")


@router.post(
    "/members/{member_id}/determinations",
    summary="Decide on a stored member and keep the decision",
    status_code=201,
    response_model=Determination,
    responses=problem_responses(404, 409),
)
async def create_determination(
    request: Request,
    member_id: Id,
    body: DeterminationRequest,
    session: Transaction,
    loaded: Loaded,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Decide on everything stored of the member. Who is eligible is enrolled, by opt-out; a what-if enrols nobody."""

    async def create() -> Determination:
        now = request.app.state.clock()
        return await determinations.determine_member(session, loaded, member_id, body, now)

    return await idempotent(request, session, body, create)


@router.get(
    "/members/{member_id}/determinations",
    summary="List a member's determinations",
    responses=problem_responses(404),
)
async def list_determinations(member_id: Id, session: Transaction, page: PageQuery, _: Reader) -> Page[Determination]:
    """The kept determinations of a member, newest first."""
    after = page.after(str)
    found = await determinations.list_determinations(
        session, member_id, str(after[0]) if after else None, page.limit + 1
    )
    items, cursor = page_of(found, page.limit, lambda determination: (determination.determination_id or "",))
    return Page[Determination](items=items, next_cursor=cursor)
