"""Gathers what a written summary says: a completed review with its consultation, as the member knows it.

42 CFR 423.153(d)(1)(vii)(B) and (D): after each comprehensive medication review, in CMS's standardized format.
"""

import asyncio
from datetime import date
from typing import Final

from mtm_shared.contracts.eligibility import Program
from mtm_shared.contracts.member import Member
from mtm_shared.contracts.review import Consultation, Review, ReviewMedication

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.forms.cmr_summary.content import ACTION_PLAN
from mtm_documents.forms.cmr_summary.value import (
    CmrSummary,
    DataSource,
    ListedMedication,
    MedicationSource,
    Provider,
    TodoItem,
)
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NoProgram, NotThisSubject, ReviewNotComplete
from mtm_documents.usecases.ordering import Order, Sources, Subject, summary_due, zip_code

_SOURCES: Final = {
    "claim": MedicationSource.PRESCRIPTION,
    "reported": MedicationSource.PRESCRIPTION,
    "otc": MedicationSource.OTC,
    "herbal": MedicationSource.HERBAL,
    "supplement": MedicationSource.SUPPLEMENT,
    "sample": MedicationSource.SAMPLE,
}


async def gather_summary(sources: Sources, order: Order) -> Subject:
    """The summary of a completed review, owed within days of its consultation."""
    if order.review_id is None:
        raise NotThisSubject(order.kind, "review_id")
    review = await sources.reviews.review(order.review_id)
    if review.program_id is None:
        raise NoProgram
    member, program = await asyncio.gather(sources.member(review.member_id), sources.program(review.program_id))
    near = await sources.near(zip_code(member))
    value = cmr_summary(member, review, program, near, order.dated, order.format_edition)
    due = None if review.consultation is None else summary_due(review.consultation.held_on, program)
    return Subject(value, member, review.review_id, review.enrollment_id, program.plan_year, due)


def cmr_summary(
    member: Member,
    review: Review,
    program: Program,
    sites: tuple[TakeBackSite, ...],
    dated: date,
    edition: str | None,
) -> CmrSummary:
    """The summary's value; refused while the review is open."""
    held = review.consultation
    if review.status != "completed" or held is None:
        raise ReviewNotComplete
    told = edition or program.summary_edition
    return CmrSummary(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member, _representative(held)),
        member_name=parties.full_name(member),
        birth_date=member.birth_date,
        dated=dated,
        reviewed_on=held.held_on,
        provider=Provider(held.provider_name, held.provider_title),
        todo_items=tuple(TodoItem(item.topic, tuple(item.actions)) for item in review.todo_items),
        medications=tuple(_listed(medication) for medication in review.medications if _belongs(medication, told)),
        allergies=_lines(held.allergies),
        side_effects=_lines(held.side_effects),
        other_information=_lines(held.other_information),
        informant=_informant(held),
        take_back_sites=sites,
        data_sources=_data_sources(review, held),
        edition=told,
    )


def _belongs(medication: ReviewMedication, edition: str) -> bool:
    """Edition 2013 tells when and why a medicine was stopped; edition 2022 lists only what is taken now."""
    return medication.status == "active" or edition == ACTION_PLAN


def _data_sources(review: Review, held: Consultation) -> tuple[DataSource, ...]:
    """What the list was made from; whoever took part for the member is named as the informant instead."""
    sources = []
    if any(medication.source == "claim" for medication in review.medications):
        sources.append(DataSource.CLAIMS)
    if held.recipient == "beneficiary" or not held.recipient_name:
        sources.append(DataSource.MEMBER)
    return tuple(sources or (DataSource.CLAIMS,))


def _listed(medication: ReviewMedication) -> ListedMedication:
    is_stopped = medication.status == "stopped"
    return ListedMedication(
        name=medication.name,
        directions=medication.directions or "",
        reason=medication.reason or "",
        prescriber=medication.prescriber or "",
        source=_SOURCES[medication.source],
        started=medication.start,
        is_stopped=is_stopped,
        stopped=medication.end if is_stopped else None,
    )


def _representative(held: Consultation) -> str | None:
    """For a member who could not take part, the letter is addressed to the caregiver or representative who did."""
    acts_for_member = held.recipient in ("caregiver", "other_authorized") and held.cognitively_impaired == "Y"
    return held.recipient_name if acts_for_member else None


def _informant(held: Consultation) -> str:
    return held.recipient_name or "" if held.recipient != "beneficiary" else ""


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
