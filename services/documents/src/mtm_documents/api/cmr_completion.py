"""The rate of completed comprehensive medication reviews: by contract, and member by member."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from fastapi import Query, Request
from mtm_shared.contracts.cms_reports import CompletionDashboard, CompletionMember, Year
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.member import ContractId
from mtm_shared.storage import Transaction
from mtm_shared.web import PageQuery, Router, page_of, problem_responses
from sqlalchemy import RowMapping

from mtm_documents.api.documents import Reader
from mtm_documents.domain.cmr_measure import MeasureRules
from mtm_documents.usecases.cmr_completion import Asked, completion_members, completion_rate, reports_of
from mtm_documents.usecases.errors import YearNotOffered

router = Router(prefix="/v1/cmr-completion", tags=["cmr-completion"])
_CUT_POINT: Final = r"(0(\.[0-9]{1,4})?|1(\.0{1,4})?)"
YearQuery = Annotated[Year, Query(description="The measure year.")]
ContractQuery = Annotated[ContractId | None, Query(description="One contract; without it, every contract.")]
ProgramQuery = Annotated[Identifier | None, Query()]
ReportQuery = Annotated[
    Identifier | None, Query(description="A report of the year; without it, the latest of each contract that is done.")
]
AsOf = Annotated[
    Day | None,
    Query(description="The last day looked at; the report's own by default. A later day: if nothing more is done."),
]
CutPoints = Annotated[
    str | None,
    Query(
        description="Shares, such as `0.60,0.75`.",
        max_length=100,
        pattern=rf"^{_CUT_POINT}(,{_CUT_POINT}){{0,9}}$",
        examples=["0.60,0.75"],
    ),
]


@router.get("", responses=problem_responses(404, 409))
async def get_cmr_completion(
    request: Request,
    session: Transaction,
    _: Reader,
    year: YearQuery,
    contract_id: ContractQuery = None,
    program_id: ProgramQuery = None,
    report_id: ReportQuery = None,
    as_of: AsOf = None,
    cut_points: CutPoints = None,
) -> CompletionDashboard:
    """Rate, numerator, denominator and every exclusion, how far from given cut points, and what would change it."""
    cuts = [Decimal(cut) for cut in cut_points.split(",")] if cut_points else []
    rates = []
    for report in await reports_of(session, year, contract_id, report_id):
        rules = _rules(request, report)
        day: date = as_of or report["as_of"]
        rates.append(await completion_rate(session, report, rules, day, program_id, cuts))
    return CompletionDashboard(year=year, contracts=rates)


@router.get("/members", responses=problem_responses(404, 409))
async def list_cmr_completion_members(
    request: Request,
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    year: YearQuery,
    contract_id: Annotated[ContractId, Query()],
    program_id: ProgramQuery = None,
    report_id: ReportQuery = None,
    as_of: AsOf = None,
    state: Annotated[Literal["in_numerator", "missing", "excluded"] | None, Query()] = None,
) -> Page[CompletionMember]:
    """Who is in and out and why, in order of member id, and what would change it for that member."""
    after = paging.after(str)
    report = (await reports_of(session, year, contract_id, report_id))[0]
    asked = Asked(report, _rules(request, report), as_of or report["as_of"], program_id)
    found = await completion_members(session, asked, state, str(after[0]) if after else None, paging.limit)
    items, cursor = page_of(found, paging.limit, lambda member: (member.member_id,))
    return Page[CompletionMember](items=items, next_cursor=cursor)


def _rules(request: Request, report: RowMapping) -> MeasureRules:
    rules: MeasureRules | None = request.app.state.cms_rules.measures.get(report["year"])
    if rules is None:
        raise YearNotOffered(request.app.state.cms_rules.years)
    return rules
