"""Members, their coverage and claims, and the profile that a review reads."""

from typing import Annotated

from fastapi import Body, Query, Response
from mtm_shared.contracts.common import Day, Page
from mtm_shared.contracts.member import (
    DiagnosisBatch,
    DrugManagementBatch,
    FillBatch,
    MemberSummary,
    MemberUpsert,
    Profile,
    StayBatch,
    StoredMember,
    UpsertResult,
)
from mtm_shared.storage import Transaction
from mtm_shared.web import ApiProblem, IfMatch, PageQuery, Router, check_if_match, etag, page_of, problem_responses

from mtm_eligibility.api.dependencies import Id, Loaded, Reader, Writer
from mtm_eligibility.api.examples import COVERAGE, MEMBER
from mtm_eligibility.usecases import claims, fills, members, profiles

router = Router(prefix="/v1/members", tags=["members"])
Told = Annotated[
    MemberUpsert, Body(openapi_examples={"one member": {"value": {"member": MEMBER, "coverage": COVERAGE}}})
]


def _tag(stored: StoredMember) -> str:
    return etag(stored.model_dump_json())


@router.get("", summary="List the members")
async def list_members(session: Transaction, page: PageQuery, _: Reader) -> Page[MemberSummary]:
    """Every member by id, without names."""
    after = page.after(str)
    found = await members.list_members(session, str(after[0]) if after else None, page.limit + 1)
    items, cursor = page_of(found, page.limit, lambda member: (member.member_id,))
    return Page[MemberSummary](items=items, next_cursor=cursor)


@router.put("/{member_id}", summary="Store a member")
async def put_member(
    response: Response,
    member_id: Id,
    body: Told,
    session: Transaction,
    _: Writer,
    if_match: IfMatch = None,
) -> UpsertResult:
    """Insert or replace the member and tell one span of coverage; what it says replaces older spans of those days."""
    before = await members.find_member(session, member_id)
    if before is None and if_match is not None:
        raise ApiProblem(412, "stale_etag", "There is no such member to change.")
    if before is not None:
        check_if_match(if_match, _tag(before))
    stored = await members.put_member(session, member_id, body)
    response.headers["ETag"] = _tag(stored)
    return UpsertResult(accepted=before is None, replaced=before is not None, deleted=0)


@router.get("/{member_id}", summary="Read a member", responses=problem_responses(404))
async def read_member(response: Response, member_id: Id, session: Transaction, _: Reader) -> StoredMember:
    """The member with every span of coverage."""
    stored = await members.get_member(session, member_id)
    response.headers["ETag"] = _tag(stored)
    return stored


@router.get("/{member_id}/profile", summary="Read what a review needs", responses=problem_responses(404))
async def read_profile(
    member_id: Id,
    as_of: Annotated[Day, Query(description="Nothing after this day is in the profile.")],
    session: Transaction,
    loaded: Loaded,
    _: Reader,
) -> Profile:
    """Coverage, netted fills as understood drugs, diagnoses, stays, the enrolment, and what was not understood."""
    return await profiles.get_profile(session, loaded.lexicon, member_id, as_of)


@router.post("/{member_id}/fills", summary="Store fills", responses=problem_responses(404))
async def post_fills(member_id: Id, body: FillBatch, session: Transaction, _: Writer) -> UpsertResult:
    """Keep fills by claim: adjustment `A` replaces, `D` deletes, `R` stands after a deletion."""
    return await fills.post_fills(session, member_id, body.fills)


@router.post("/{member_id}/diagnoses", summary="Store diagnoses", responses=problem_responses(404))
async def post_diagnoses(member_id: Id, body: DiagnosisBatch, session: Transaction, _: Writer) -> UpsertResult:
    """Keep diagnoses by code, date, setting and claim."""
    return await claims.post_diagnoses(session, member_id, body.diagnoses)


@router.post("/{member_id}/drug-management", summary="Store drug management", responses=problem_responses(404))
async def post_drug_management(
    member_id: Id, body: DrugManagementBatch, session: Transaction, _: Writer
) -> UpsertResult:
    """Keep spans of at-risk status and coverage limitation by their first day."""
    return await claims.post_drug_management(session, member_id, body.drug_management)


@router.post("/{member_id}/stays", summary="Store stays", responses=problem_responses(404))
async def post_stays(member_id: Id, body: StayBatch, session: Transaction, _: Writer) -> UpsertResult:
    """Keep stays by kind and first day."""
    return await claims.post_stays(session, member_id, body.stays)
