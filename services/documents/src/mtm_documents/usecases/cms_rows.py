"""Makes the rows of a report from what was read for it, some members at a time, and at the end the file itself."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from mtm_shared.storage.audit import worked
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.cms_file.building import Built, build
from mtm_documents.domain.cms_file.edits import Context, run_edits
from mtm_documents.domain.cms_file.findings import Finding, Severity, Standard
from mtm_documents.domain.cms_file.layout import Layout
from mtm_documents.domain.cms_file.scoring import score
from mtm_documents.domain.cms_file.writing import as_csv, csv_header, fixed_width, texts
from mtm_documents.reference.cms import CmsRules
from mtm_documents.storage import cms_reports, cms_rows
from mtm_documents.storage.tables import audit_trail
from mtm_documents.usecases.cmr_completion import completion_rate
from mtm_documents.usecases.cms_facts import facts_of, measure_facts

MEMBERS_AT_ONCE: Final = 200
_ROWS_AT_ONCE: Final = 1000
FORMATS: Final = {"text": fixed_width, "csv": as_csv}
_UNKNOWN: Final = Finding(
    "work_without_enrollment",
    "",
    Severity.WARNING,
    Standard.E2,
    "Reviews were done for an enrolment that is not in the contract and year.",
)


async def make_rows(
    session: AsyncSession, report: RowMapping, after: str | None, layout: Layout, now: datetime
) -> str | None:
    """The rows and findings of the next members; answers the last of them, None when there are no more."""
    report_id, contract_id = report["report_id"], report["contract_id"]
    found = await cms_reports.facts_after(session, report_id, after, MEMBERS_AT_ONCE)
    mbis = [row["mbi"] for row in found if row["mbi"]]
    shared = await cms_reports.shared_mbis(session, report_id, mbis)
    number, finding_number = await cms_rows.last_numbers(session, report_id)
    members: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for _, rows in groupby(found, key=lambda row: row["member_id"]):
        built = build([facts_of(row) for row in rows], layout, contract_id, shared)
        number += built.row is not None
        row_number = number if built.row is not None else None
        members.append(_member(report_id, built, row_number, layout))
        for finding in _findings(built, layout, contract_id):
            finding_number += 1
            ids = (built.facts.member_id, built.facts.enrollment_id)
            told.append(_finding(report_id, finding_number, row_number, ids, finding))
    await cms_rows.add_members(session, members)
    await cms_rows.add_findings(session, told)
    seen = [member["member_id"] for member in members]
    await audit_trail.record(session, worked(now, "cms_report.row", seen, report_id=report_id))
    return found[-1]["member_id"] if found else None


async def tell_of_unknown(session: AsyncSession, report_id: str) -> None:
    """A finding for each enrolment that review has worked on and eligibility does not know."""
    _, number = await cms_rows.last_numbers(session, report_id)
    unknown = await cms_reports.without_facts(session, report_id)
    rows = [
        _finding(report_id, number + place, None, (member_id, enrollment_id), _UNKNOWN)
        for place, (enrollment_id, member_id) in enumerate(unknown, start=1)
    ]
    await cms_rows.add_findings(session, rows)


async def finish(session: AsyncSession, report: RowMapping, rules: CmsRules, now: datetime) -> dict[str, Any]:
    """Keeps the file's bytes and the summary of the report; answers the counts."""
    report_id, layout = report["report_id"], rules.layouts[report["year"]]
    await _keep_files(session, report_id, layout)
    counts = await _counts(session, report_id)
    broken = await cms_rows.in_error(session, report_id)
    scores = score(rules.scoring, counts["members"], {Standard(name): number for name, number in broken.items()})
    measure = rules.measures[report["year"]]
    completion = await completion_rate(session, report, measure, report["as_of"], None, ())
    citation = {"source": layout.citation.source, "status": layout.citation.status, "note": layout.citation.note}
    standards = [
        {
            "standard": each.standard,
            "members": each.members,
            "in_error": each.in_error,
            "percent": f"{each.percent:f}",
            "score": each.score,
        }
        for each in scores
    ]
    summary = {
        "counts": counts,
        "standards": standards,
        "completion": completion.model_dump(mode="json"),
        "citation": citation,
    }
    await cms_reports.move(session, report_id, stage="done", state="done", summary=summary, finished_at=now)
    return counts


async def _keep_files(session: AsyncSession, report_id: str, layout: Layout) -> None:
    contents = {"text": bytearray(), "csv": bytearray(csv_header(layout))}
    after = 0
    while rows := await cms_rows.texts_after(session, report_id, after, _ROWS_AT_ONCE):
        written = [row["texts"] for row in rows]
        for kind, write in FORMATS.items():
            contents[kind] += b"".join(write(written, layout))
        after = rows[-1]["row_number"]
    for kind, content in contents.items():
        await cms_rows.put_file(session, report_id, kind, bytes(content), hashlib.sha256(content).hexdigest())


async def _counts(session: AsyncSession, report_id: str) -> dict[str, Any]:
    by_reject = await cms_rows.rejects(session, report_id)
    severities = await cms_rows.severities(session, report_id)
    rejects = {code: number for code, number in sorted(by_reject.items(), key=str) if code is not None}
    rows = by_reject.get(None, 0)
    return {
        "enrollments": await cms_reports.count_enrollments(session, report_id),
        "members": rows + sum(rejects.values()),
        "rows": rows,
        "rejected": sum(rejects.values()),
        "rejects": rejects,
        "work_without_enrollment": len(await cms_reports.without_facts(session, report_id)),
        "errors": severities.get(Severity.ERROR, 0),
        "warnings": severities.get(Severity.WARNING, 0),
    }


def _member(report_id: str, built: Built, row_number: int | None, layout: Layout) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "member_id": built.facts.member_id,
        "row_number": row_number,
        "enrollment_id": built.facts.enrollment_id,
        "program_id": built.facts.program_id,
        "reject": built.reject,
        "texts": texts(built.row, layout) if built.row is not None else None,
        "measure": measure_facts(built.facts, built.reject, layout.period),
    }


def _findings(built: Built, layout: Layout, contract_id: str) -> Iterator[Finding]:
    yield from built.findings
    if built.row is not None:
        yield from run_edits(built.row, Context(layout, contract_id, built.facts))


def _finding(
    report_id: str, number: int, row_number: int | None, ids: tuple[str, str], finding: Finding
) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "number": number,
        "row_number": row_number,
        "member_id": ids[0],
        "enrollment_id": ids[1],
        "rule": finding.rule,
        "field": finding.field,
        "severity": finding.severity,
        "standard": finding.standard,
        "text": finding.text,
    }
