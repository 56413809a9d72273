"""Reports to CMS, worked off by the worker: enrolments, the work on them, what was sent, rows, and the file.

Each step reads one page or makes the rows of some members, and notes in the same transaction how far it has come: a
report that was killed goes on where it stopped. A report is a snapshot of the days on which it was read; when it is
done nothing changes it.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from mtm_shared.clients.errors import NotAllowed, Unavailable
from mtm_shared.contracts.cms_reports import CmsReportRequest
from mtm_shared.storage import JobQueue
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.cms_file.building import normal_mbi
from mtm_documents.reference.cms import CmsRules
from mtm_documents.storage import cms_reports, tables
from mtm_documents.usecases.cms_facts import kept_facts, kept_sent, kept_work
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_rows import finish, make_rows, tell_of_unknown
from mtm_documents.usecases.errors import YearNotOffered
from mtm_documents.usecases.ports import Begin

JOB_KIND: Final = "cms_report"
MAX_ATTEMPTS: Final = 20
AT_ONCE: Final = 200
_UNTIL_CREDENTIALS_CHANGE: Final = 60
STAGES: Final = ("facts", "work", "sent", "rows", "file", "done")


async def order_cms_report(session: AsyncSession, request: CmsReportRequest, rules: CmsRules, now: datetime) -> str:
    """Keeps the report and puts its job in the queue, in one transaction; answers the report's id."""
    if request.year not in rules.years:
        raise YearNotOffered(rules.years)
    report_id = uuid.uuid4().hex
    report = {
        "report_id": report_id,
        "contract_id": request.contract_id,
        "year": request.year,
        "state": "queued",
        "stage": STAGES[0],
        "as_of": now.date(),
        "made_by": _made_by(rules, request.year),
        "created_at": now,
    }
    await cms_reports.add(session, report)
    queue = JobQueue(tables.jobs)
    await queue.enqueue(session, JOB_KIND, {"report_id": report_id}, now=now, key=report_id, max_attempts=MAX_ATTEMPTS)
    return report_id


async def work_off_cms_report(
    report_id: str,
    begin: Begin,
    sources: CmsSources,
    clock: Callable[[], datetime],
    checkpoint: Callable[[], Awaitable[None]],
) -> None:
    """Goes on with the report until it is done; `checkpoint` may raise to leave between two steps."""
    while True:
        async with begin() as session:
            report = await cms_reports.get(session, report_id)
            if report is None or report["state"] in {"done", "failed"}:
                return
            if report["state"] == "queued":
                await cms_reports.move(session, report_id, state="running")
        await checkpoint()
        await _STEPS[report["stage"]](report, begin, sources, clock())


async def fail_cms_report(report_id: str, begin: Begin, now: datetime) -> None:
    """Says that the last attempt failed."""
    async with begin() as session:
        report = await cms_reports.get(session, report_id)
        if report is None or report["state"] == "done":
            return
        await cms_reports.move(session, report_id, state="failed", finished_at=now)
        await _tell(session, report_id, "failed", {}, now)


async def _read_facts(report: RowMapping, begin: Begin, sources: CmsSources, _: datetime) -> None:
    page = await _allowed(sources.eligibility.enrollment_facts_page(**_page(report)))
    rows = [
        {
            "report_id": report["report_id"],
            "enrollment_id": facts.enrollment.enrollment_id,
            "member_id": facts.enrollment.member_id,
            "mbi": normal_mbi(facts.mbi),
            "facts": kept_facts(facts),
        }
        for facts in page.items
    ]
    async with begin() as session:
        await cms_reports.keep_facts(session, rows)
        await _move_on(session, report, page.next_cursor)


async def _read_work(report: RowMapping, begin: Begin, sources: CmsSources, _: datetime) -> None:
    page = await _allowed(sources.reviews.activity_page(**_page(report)))
    rows = [
        {
            "report_id": report["report_id"],
            "enrollment_id": activity.enrollment_id,
            "member_id": activity.member_id,
            "work": kept_work(activity),
        }
        for activity in page.items
    ]
    async with begin() as session:
        await cms_reports.keep_work(session, rows)
        await _move_on(session, report, page.next_cursor)


async def _look_up_sent(report: RowMapping, begin: Begin, sources: CmsSources, _: datetime) -> None:
    report_id = report["report_id"]
    async with begin() as session:
        some = await cms_reports.enrollments_after(session, report_id, report["cursor"], AT_ONCE)
        sent = await sources.sent(session, [enrollment_id for enrollment_id, _ in some], report["year"])
        rows = [
            {
                "report_id": report_id,
                "enrollment_id": enrollment_id,
                "member_id": member_id,
                "sent": kept_sent(sent[enrollment_id]),
            }
            for enrollment_id, member_id in some
            if enrollment_id in sent
        ]
        await cms_reports.keep_sent(session, rows)
        await _move_on(session, report, some[-1][0] if some else None)


async def _make_rows(report: RowMapping, begin: Begin, sources: CmsSources, now: datetime) -> None:
    report_id, made_by = report["report_id"], _made_by(sources.rules, report["year"])
    # When the rules change under a report that is being made, one set of rules makes all of its rows.
    after = report["cursor"] if report["made_by"] == made_by else None
    async with begin() as session:
        if after is None:
            await cms_reports.forget_rows(session, report_id)
            await cms_reports.move(session, report_id, made_by=made_by)
        last = await make_rows(session, report, after, sources.rules.layouts[report["year"]], now)
        if last is None:
            await tell_of_unknown(session, report_id)
        await _move_on(session, report, last)


async def _keep_file(report: RowMapping, begin: Begin, sources: CmsSources, now: datetime) -> None:
    if report["made_by"] != _made_by(sources.rules, report["year"]):
        async with begin() as session:
            await cms_reports.move(session, report["report_id"], stage="rows", cursor=None)
        return
    async with begin() as session:
        counts = await finish(session, report, sources.rules, now)
        await _tell(session, report["report_id"], "done", counts, now)


_STEPS: Final = {
    "facts": _read_facts,
    "work": _read_work,
    "sent": _look_up_sent,
    "rows": _make_rows,
    "file": _keep_file,
}


async def _move_on(session: AsyncSession, report: Mapping[Any, Any], cursor: str | None) -> None:
    """To the next page, or to the next stage after the last."""
    stage = report["stage"] if cursor is not None else STAGES[STAGES.index(report["stage"]) + 1]
    await cms_reports.move(session, report["report_id"], stage=stage, cursor=cursor)


async def _tell(session: AsyncSession, report_id: str, state: str, counts: Mapping[str, Any], now: datetime) -> None:
    data = {"run_id": report_id, "kind": JOB_KIND, "state": state, "counts": counts}
    await tables.outbox.emit(session, "run.finished", data, now=now)


async def _allowed(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except NotAllowed:
        # The fault of this service's credentials: the job waits for better ones.
        raise Unavailable(_UNTIL_CREDENTIALS_CHANGE) from None


def _page(report: RowMapping) -> dict[str, Any]:
    return {
        "plan_year": report["year"],
        "contract_id": report["contract_id"],
        "cursor": report["cursor"],
        "limit": AT_ONCE,
    }


def _made_by(rules: CmsRules, year: int) -> dict[str, str]:
    return {
        "layout_fingerprint": rules.layouts[year].fingerprint,
        "measure_fingerprint": rules.measures[year].fingerprint,
        "scoring_fingerprint": rules.scoring.fingerprint,
        "service_version": version("openmtm-documents"),
    }
