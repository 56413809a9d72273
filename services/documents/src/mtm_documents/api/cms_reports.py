"""Reports to CMS: ordered here, made by the worker (`mtm-documents worker`), then kept as they are."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import Header, Path, Query, Request, Response
from mtm_shared.contracts.cms_reports import (
    CmsFinding,
    CmsMadeBy,
    CmsReportRequest,
    CmsReportStatus,
    Year,
)
from mtm_shared.contracts.common import CodeText, Identifier, Page
from mtm_shared.contracts.member import ContractId
from mtm_shared.storage import Transaction
from mtm_shared.values.citation import Citation
from mtm_shared.web import (
    IdempotencyKey,
    IfNoneMatch,
    PageQuery,
    Router,
    idempotent,
    not_modified,
    page_of,
    problem_responses,
)
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.api.accepting import most_liked
from mtm_documents.api.documents import Reader, Writer
from mtm_documents.domain.cms_file.findings import SOURCE
from mtm_documents.reference.cms import CmsRules
from mtm_documents.storage import cms_reports, cms_rows
from mtm_documents.usecases.cms_reports import STAGES, order_cms_report
from mtm_documents.usecases.errors import CmsReportNotDone, CmsReportUnknown

router = Router(prefix="/v1/cms-reports", tags=["cms-reports"])
ReportId = Annotated[Identifier, Path(description="The report's id.")]
Accept = Annotated[str | None, Header(description="`text/plain` (default) or `text/csv`.", max_length=500)]
_MEDIA_TYPES: Final = {"text": "text/plain; charset=us-ascii", "csv": "text/csv; charset=us-ascii; header=present"}
_RANGES: Final = {"text": ("text/plain", "text/*", "*/*"), "csv": ("text/csv", "text/*", "*/*")}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {"text/plain": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}},
    },
    304: {"description": "The bytes are those of the ETag."},
}


@router.post("", status_code=202, response_model=CmsReportStatus)
async def create_cms_report(
    request: Request, body: CmsReportRequest, session: Transaction, _: Writer, key: IdempotencyKey = None
) -> Response:
    """Orders the beneficiary-level file of a contract and year; the worker reads the facts and makes it."""
    state = request.app.state

    async def create() -> CmsReportStatus:
        report_id = await order_cms_report(session, body, state.cms_rules, state.clock())
        return await _status(session, report_id, state.cms_rules)

    return await idempotent(
        request,
        session,
        body,
        create,
        status=202,
        headers=lambda made: {"Location": f"/v1/cms-reports/{made.report_id}"},
    )


@router.get("")
async def list_cms_reports(
    request: Request,
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    contract_id: Annotated[ContractId | None, Query()] = None,
    year: Annotated[Year | None, Query()] = None,
) -> Page[CmsReportStatus]:
    """Reports in order of id, of one contract or year where one is named."""
    after = paging.after(str)
    filters = {"contract_id": contract_id, "year": year}
    rows = await cms_reports.page(session, filters, str(after[0]) if after else None, paging.limit)
    found, cursor = page_of(rows, paging.limit, lambda row: (str(row["report_id"]),))
    rules = request.app.state.cms_rules
    return Page[CmsReportStatus](items=[await _shown(session, row, rules) for row in found], next_cursor=cursor)


@router.get("/{report_id}", responses=problem_responses(404))
async def get_cms_report(request: Request, report_id: ReportId, session: Transaction, _: Reader) -> CmsReportStatus:
    """State, counts, scores by data validation standard, the completion rate, and what made it."""
    return await _status(session, report_id, request.app.state.cms_rules)


@router.get("/{report_id}/file", response_class=Response, responses={**_FILE, **problem_responses(404, 409)})
async def get_cms_report_file(
    report_id: ReportId,
    session: Transaction,
    _: Reader,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The exact bytes: fixed width as the layout says, or CSV with a header."""
    report = await _report(session, report_id)
    kind = most_liked(accept, _RANGES)
    found = await cms_rows.file(session, report_id, kind)
    if found is None:
        raise CmsReportNotDone
    content, sha256 = found
    headers = {"ETag": f'"{sha256}"', "Vary": "Accept"}
    if not_modified(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    name = f"{report['contract_id']}_{report['year']}_MTM.{'csv' if kind == 'csv' else 'txt'}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(content, media_type=_MEDIA_TYPES[kind], headers=headers)


@router.get("/{report_id}/findings", responses=problem_responses(404))
async def list_cms_report_findings(
    report_id: ReportId,
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    severity: Annotated[Literal["error", "warning"] | None, Query()] = None,
    rule: Annotated[CodeText | None, Query(description="A rule's id, such as `missing_mbi`.")] = None,
    member_id: Annotated[Identifier | None, Query()] = None,
) -> Page[CmsFinding]:
    """Every rule that a member breaks, in the file's order; a finding without a row is of a member who has none."""
    await _report(session, report_id)
    after = paging.after(int)
    filters = {"severity": severity, "rule": rule, "member_id": member_id}
    rows = await cms_rows.page_of_findings(session, report_id, filters, int(after[0]) if after else 0, paging.limit)
    items, cursor = page_of(rows, paging.limit, lambda row: (int(row["number"]),))
    return Page[CmsFinding](items=[CmsFinding(**_finding(row)) for row in items], next_cursor=cursor)


def _finding(row: RowMapping) -> dict[str, Any]:
    shown = {name: row[name] for name in CmsFinding.model_fields if name in row}
    return {**shown, "row": row["row_number"], "citation": _cited(SOURCE)}


def _cited(citation: Citation) -> dict[str, str]:
    return {"source": citation.source, "status": citation.status.value, "note": citation.note}


async def _report(session: AsyncSession, report_id: str) -> RowMapping:
    report = await cms_reports.get(session, report_id)
    if report is None:
        raise CmsReportUnknown
    return report


async def _status(session: AsyncSession, report_id: str, rules: CmsRules) -> CmsReportStatus:
    return await _shown(session, await _report(session, report_id), rules)


async def _shown(session: AsyncSession, report: RowMapping, rules: CmsRules) -> CmsReportStatus:
    # A done report keeps the citation that it was made by, whatever layouts there are today.
    layout = rules.layouts.get(report["year"])
    told = _cited(layout.citation if layout else SOURCE)
    hashes = await cms_rows.hashes(session, report["report_id"])
    shown = ("report_id", "contract_id", "year", "state", "created_at", "finished_at")
    values: dict[str, Any] = {"citation": told, **{name: report[name] for name in shown}, **(report["summary"] or {})}
    values |= {
        "progress": STAGES.index(report["stage"]) / (len(STAGES) - 1),
        "made_by": CmsMadeBy(**report["made_by"], as_of=report["as_of"]),
        "preliminary": report["as_of"] <= date(report["year"], 12, 31),
        "due_on": layout.due_on if layout else None,
        "file_url": f"/v1/cms-reports/{report['report_id']}/file",
        "sha256": hashes.get("text"),
        "csv_sha256": hashes.get("csv"),
    }
    return CmsReportStatus.model_validate(values)
