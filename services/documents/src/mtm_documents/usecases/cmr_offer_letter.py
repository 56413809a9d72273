"""Gathers what an offer of a comprehensive medication review says: the enrolment, its clock and the programme.

Offered to newly targeted and continuing members alike, in any setting; not to one who said no to this year's review or
who left, for neither wants to be asked again.
"""

from datetime import date

from mtm_shared.contracts.eligibility import Enrollment, Program
from mtm_shared.contracts.member import Member

from mtm_documents.forms.cmr_offer_letter.value import CmrOfferLetter
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NotEnrolled, NotThisSubject, ReviewDeclined
from mtm_documents.usecases.ordering import Order, Sources, Subject


async def gather_offer(sources: Sources, order: Order) -> Subject:
    """The offer to whoever is enrolled, to be sent by the day that the offer is due."""
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    facts = await sources.letter_facts(order.enrollment_id)
    enrollment, member = facts.enrollment, facts.member
    program = await sources.program(enrollment.program_id)
    value = cmr_offer_letter(member, enrollment, program, order.dated)
    due = enrollment.cmr_offer_due
    return Subject(value, member, None, enrollment.enrollment_id, enrollment.plan_year, due)


def cmr_offer_letter(member: Member, enrollment: Enrollment, program: Program, dated: date) -> CmrOfferLetter:
    """The offer's value; refused when the member declined the review or left the programme."""
    if enrollment.status != "enrolled":
        raise NotEnrolled
    if enrollment.cmr_declined:
        raise ReviewDeclined
    return CmrOfferLetter(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=dated,
        plan_year=enrollment.plan_year,
        schedule_by=_schedule_by(enrollment, dated),
        cmr_minutes=program.cmr_minutes,
        cmr_methods=parties.meetings(program),
        summary_days=program.clocks.summary_within_days,
    )


def _schedule_by(enrollment: Enrollment, dated: date) -> date | None:
    """The day that the offer is due; for a letter written after it, the last day of the programme's year."""
    year_ends = date(enrollment.plan_year, 12, 31)
    due = enrollment.cmr_offer_due if enrollment.cmr_offer_due > dated else year_ends
    return min(due, year_ends) if dated <= min(due, year_ends) else None
