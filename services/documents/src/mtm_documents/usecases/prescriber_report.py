"""Gathers what a report to a prescriber says: the recommendations to one prescriber, with their findings."""

import asyncio
from collections.abc import Mapping, Sequence

from mtm_shared.contracts.recommendations import Recommendation
from mtm_shared.contracts.review import FindingMedication, Review, ReviewFinding

from mtm_documents.forms.prescriber_report.value import PrescriberReport, Problem
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NoProgram, NothingToSay, NotThisSubject, SeveralPrescribers
from mtm_documents.usecases.ordering import Order, Sources, Subject


async def gather_prescriber_report(sources: Sources, order: Order) -> Subject:
    """One prescriber's report on a review; with several prescribers the order names which."""
    if order.review_id is None:
        raise NotThisSubject(order.kind, "review_id")
    review, recommended = await asyncio.gather(
        sources.reviews.review(order.review_id), sources.reviews.recommendations(order.review_id)
    )
    if review.program_id is None:
        raise NoProgram
    npi, mine = _one_prescriber(recommended, order.prescriber_npi)
    member, program = await asyncio.gather(sources.member(review.member_id), sources.program(review.program_id))
    names = {prescriber.npi: prescriber.name for prescriber in member.prescribers}
    findings = {finding.finding_id: finding for finding in review.findings}
    value = PrescriberReport(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        dated=order.dated,
        prescriber_name=names.get(npi) or "",
        prescriber_npi=npi,
        member_name=parties.full_name(member),
        birth_date=member.birth_date,
        reviewed_on=review.as_of,
        problems=tuple(_problem(one, findings, review) for one in mine),
    )
    return Subject(value, member, review.review_id, review.enrollment_id, program.plan_year)


def _one_prescriber(recommended: Sequence[Recommendation], asked: str | None) -> tuple[str, list[Recommendation]]:
    to_prescribers = [one for one in recommended if one.to == "prescriber" and one.prescriber_npi]
    known = sorted({str(one.prescriber_npi) for one in to_prescribers})
    if asked is None and len(known) > 1:
        raise SeveralPrescribers(known)
    npi = asked or (known[0] if known else "")
    mine = [one for one in to_prescribers if one.prescriber_npi == npi]
    if not mine:
        raise NothingToSay
    return npi, mine


def _problem(one: Recommendation, findings: Mapping[str, ReviewFinding], review: Review) -> Problem:
    finding = findings.get(one.finding_id or "")
    if finding is None:
        return Problem(
            category=one.problem_category,
            suggestion=one.text,
            token=one.reply_token or "",
        )
    return Problem(
        category=one.problem_category,
        severity=finding.severity,
        medications=tuple(_named(medication, review) for medication in finding.medications),
        because=finding.because,
        consequence=finding.consequence,
        suggestion=one.text,
        evidence=tuple(finding.evidence),
        source=f"{finding.citation.source} ({finding.citation.status})",
        token=one.reply_token or "",
    )


def _named(medication: FindingMedication, review: Review) -> str:
    """The medication, with who prescribes it where the review knows it: the reader may not be the one who does."""
    lines = {line.medication_id: line.prescriber for line in review.medications}
    prescriber = lines.get(medication.medication_id)
    return f"{medication.name} ({prescriber})" if prescriber else medication.name
