"""How a member wants to be contacted, and who may speak for the member."""

from typing import Annotated

from fastapi import Query, Request, Response
from mtm_shared.contracts.common import Day, Page
from mtm_shared.contracts.outreach import (
    ContactPreferences,
    ContactPreferencesRequest,
    Representative,
    RepresentativeRequest,
)
from mtm_shared.storage import Transaction
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

from mtm_eligibility.api.dependencies import Id, Reader, Writer
from mtm_eligibility.usecases import contacts

router = Router(prefix="/v1/members/{member_id}", tags=["contacts"])


def _tag(thing: ContactPreferences | Representative) -> str:
    return etag(thing.model_dump_json())


@router.get("/contact-preferences", summary="Read contact preferences", responses=problem_responses(404))
async def read_contact_preferences(
    response: Response, member_id: Id, session: Transaction, _: Reader
) -> ContactPreferences:
    """How the member wants to be contacted; a member who asked for nothing may be called."""
    found = await contacts.get_preferences(session, member_id)
    response.headers["ETag"] = _tag(found)
    return found


@router.put("/contact-preferences", summary="Store contact preferences", responses=problem_responses(404))
async def put_contact_preferences(
    request: Request,
    response: Response,
    member_id: Id,
    body: ContactPreferencesRequest,
    session: Transaction,
    _: Writer,
    if_match: IfMatch = None,
) -> ContactPreferences:
    """The member's wishes, the whole of them; a member who is not to be called gets letters."""
    check_if_match(if_match, _tag(await contacts.get_preferences(session, member_id, to_change=True)))
    kept = await contacts.put_preferences(session, member_id, body, request.app.state.clock())
    response.headers["ETag"] = _tag(kept)
    return kept


@router.delete(
    "/contact-preferences", summary="Remove contact preferences", status_code=204, responses=problem_responses(404)
)
async def delete_contact_preferences(member_id: Id, session: Transaction, _: Writer, if_match: IfMatch = None) -> None:
    """The member has no wish any more, and may be called."""
    check_if_match(if_match, _tag(await contacts.get_preferences(session, member_id, to_change=True)))
    await contacts.delete_preferences(session, member_id)


@router.post(
    "/representatives",
    summary="Store a representative",
    status_code=201,
    response_model=Representative,
    responses=problem_responses(404),
)
async def create_representative(
    request: Request,
    member_id: Id,
    body: RepresentativeRequest,
    session: Transaction,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Who may speak for the member, for what, on what ground, from when to when."""

    async def create() -> Representative:
        return await contacts.add_representative(session, member_id, body, request.app.state.clock())

    return await idempotent(request, session, body, create)


@router.get("/representatives", summary="List representatives", responses=problem_responses(404))
async def list_representatives(
    member_id: Id,
    session: Transaction,
    page: PageQuery,
    _: Reader,
    on: Annotated[Day | None, Query(description="Only those whose authority stands on this day.")] = None,
) -> Page[Representative]:
    """The member's representatives, those whose authority has ended too unless a day is given."""
    after = page.after(str)
    found = await contacts.list_representatives(
        session, member_id, on, str(after[0]) if after else None, page.limit + 1
    )
    items, cursor = page_of(found, page.limit, lambda one: (one.representative_id,))
    return Page[Representative](items=items, next_cursor=cursor)


@router.delete(
    "/representatives/{representative_id}",
    summary="End a representative's authority",
    responses=problem_responses(404, s409="The authority has been ended already."),
)
async def end_representative(
    request: Request,
    member_id: Id,
    representative_id: Id,
    session: Transaction,
    _: Writer,
    on: Annotated[Day | None, Query(description="First day without authority; today if none is given.")] = None,
    if_match: IfMatch = None,
) -> Representative:
    """From this day the representative is not accepted; the record of who was is kept."""
    day = on or request.app.state.clock().date()
    before = await contacts.get_representative(session, member_id, representative_id, to_change=True)
    check_if_match(if_match, _tag(before))
    return await contacts.end_representative(session, member_id, representative_id, day)
