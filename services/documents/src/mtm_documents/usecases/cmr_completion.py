"""The completion rate from a report's snapshot, member by member, as of any day.

Live facts of thousands of enrolments would take minutes to read on every look; a report has them, says when they were
read, and gives the same rate tomorrow (ADR 30). A day after the report's asks what will be if nothing more is done.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from mtm_shared.contracts.cms_reports import (
    CompletionMember,
    CompletionRate,
    CutPoint,
    Entering,
    Exclusion,
    WhatWouldChange,
)
from mtm_shared.contracts.common import Citation
from mtm_shared.values import citation as cited
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.cmr_measure import MeasureRules, Reason, Standing, State, cmrs_needed, standing
from mtm_documents.storage import cms_reports, cms_rows
from mtm_documents.usecases.cms_facts import measured
from mtm_documents.usecases.errors import CmsReportNotDone, CmsReportUnknown, NoCmsReport

_AT_ONCE: Final = 1000
_RATE: Final = Decimal("0.0001")
_BECAUSE: Final[Mapping[Reason, str]] = {
    Reason.CONFLICTING_FACTS: "Facts about the member disagree, so that the file has no row of the member.",
    Reason.NOT_REPORTED: "The file has no row of the member; the findings say why.",
    Reason.UNDER_AGE: "The member was too young on the first day of the period.",
    Reason.NOT_CMS_CRITERIA: "The member did not meet CMS's own targeting criteria within the period.",
    Reason.AT_RISK_ONLY: "The member is targeted as at-risk only, which this measure is set to leave out.",
    Reason.HOSPICE: "The member was in hospice on at least one day of the period.",
    Reason.TOO_FEW_DAYS: "The member was enrolled for too few days and received no review.",
    Reason.CMR_RECEIVED: "A comprehensive review was held while enrolled, and its summary was sent.",
    Reason.NO_CMR: "Every condition of the denominator holds, and no review was received.",
}
_NOTHING: Final = "Nothing that can still be done."


class Asked(NamedTuple):
    """Of which report, programme and day."""

    report: RowMapping
    rules: MeasureRules
    as_of: date
    program_id: str | None


async def reports_of(
    session: AsyncSession, year: int, contract_id: str | None, report_id: str | None
) -> list[RowMapping]:
    """The named report, or the latest one of each contract; raises when the named one is not there or not done."""
    if report_id is not None:
        report = await cms_reports.get(session, report_id)
        if report is None or report["year"] != year or contract_id not in {None, report["contract_id"]}:
            raise CmsReportUnknown
        if report["state"] != cms_reports.DONE:
            raise CmsReportNotDone
        return [report]
    found = await cms_reports.latest(session, year, contract_id)
    if contract_id is not None and not found:
        raise NoCmsReport
    return found


async def completion_rate(
    session: AsyncSession,
    report: RowMapping,
    rules: MeasureRules,
    as_of: date,
    program_id: str | None,
    cut_points: Sequence[Decimal],
) -> CompletionRate:
    """The rate with each exclusion, the gap to cut points and what would change it."""
    stands = [stand async for _, stand in _standings(session, Asked(report, rules, as_of, program_id))]
    states = Counter(stand.state for stand in stands)
    numerator = states[State.IN_NUMERATOR]
    denominator = numerator + states[State.MISSING]
    reasons = Counter(stand.reason for stand in stands if stand.state is State.EXCLUDED)
    change = _what_would_change(stands)
    return CompletionRate(
        contract_id=report["contract_id"],
        year=report["year"],
        as_of=as_of,
        program_id=program_id,
        report_id=report["report_id"],
        report_as_of=report["as_of"],
        members=len(stands),
        denominator=denominator,
        numerator=numerator,
        rate=(Decimal(numerator) / denominator).quantize(_RATE, ROUND_HALF_UP) if denominator else None,
        rated=denominator >= rules.minimum_denominator,
        minimum_denominator=rules.minimum_denominator,
        standing=rules.standing,
        exclusions=[Exclusion(reason=reason.value, members=reasons[reason]) for reason in _exclusions()],
        cut_points=[_cut_point(cut, numerator, denominator, change.can_still_receive) for cut in cut_points],
        what_would_change=change,
        citation=_citation(rules.citation),
    )


async def completion_members(
    session: AsyncSession, asked: Asked, state: str | None, after: str | None, limit: int
) -> list[CompletionMember]:
    """Members in order of id who stand so, one more than `limit` where there are more."""
    found: list[CompletionMember] = []
    async for row, stand in _standings(session, asked, after):
        if state is None or stand.state == state:
            found.append(_member(asked.report, row, stand))
            if len(found) > limit:
                break
    return found


async def _standings(
    session: AsyncSession, asked: Asked, after: str | None = None
) -> AsyncIterator[tuple[RowMapping, Standing]]:
    report_id = asked.report["report_id"]
    while rows := await cms_rows.measured_after(session, report_id, asked.program_id, after, _AT_ONCE):
        for row in rows:
            yield row, standing(measured(row["measure"]), asked.rules, asked.as_of)
        after = rows[-1]["member_id"]


def _exclusions() -> list[Reason]:
    return [reason for reason in Reason if reason not in {Reason.CMR_RECEIVED, Reason.NO_CMR}]


def _what_would_change(stands: Sequence[Standing]) -> WhatWouldChange:
    missing = [stand for stand in stands if stand.state is State.MISSING]
    entering = Counter(stand.enters_on for stand in stands if stand.enters_on is not None)
    return WhatWouldChange(
        missing=len(missing),
        can_still_receive=sum(stand.reachable or stand.unsent for stand in missing),
        summaries_not_sent=sum(stand.unsent for stand in missing),
        entering=[Entering(on=day, members=number) for day, number in sorted(entering.items())],
    )


def _cut_point(cut: Decimal, numerator: int, denominator: int, can_still: int) -> CutPoint:
    needed = cmrs_needed(cut, numerator, denominator)
    return CutPoint(cut_point=cut, reached=needed == 0, cmrs_needed=needed, reachable=needed <= can_still)


def _citation(citation: cited.Citation) -> Citation:
    return Citation(source=citation.source, status=citation.status.value, note=citation.note)


def _member(report: RowMapping, row: Mapping[Any, Any], stand: Standing) -> CompletionMember:
    return CompletionMember(
        contract_id=report["contract_id"],
        report_id=report["report_id"],
        member_id=row["member_id"],
        enrollment_id=row["enrollment_id"],
        program_id=row["program_id"],
        state=stand.state.value,
        reason=stand.reason.value,
        also=[reason.value for reason in stand.also],
        because=_BECAUSE[stand.reason],
        days_enrolled=stand.days,
        cmr_on=stand.cmr_on,
        enters_on=stand.enters_on,
        what_would_change=_change(stand),
    )


def _change(stand: Standing) -> str:
    if stand.state is State.MISSING and stand.unsent:
        return "A consultation was held: send its written summary."
    if stand.state is State.MISSING and stand.reachable:
        return "A comprehensive review, held while enrolled and within the period, with its summary sent."
    if stand.reason is Reason.TOO_FEW_DAYS and stand.enters_on is not None:
        return (
            f"Enters the denominator on {stand.enters_on:%Y-%m-%d} unless the member leaves; a review counts at once."
        )
    if stand.reason is Reason.TOO_FEW_DAYS and (stand.reachable or stand.unsent):
        return "A comprehensive review with its summary sent would count in numerator and denominator."
    if stand.reason in {Reason.CONFLICTING_FACTS, Reason.NOT_REPORTED}:
        return "Correct the facts that the findings name, and make a new report."
    return _NOTHING
