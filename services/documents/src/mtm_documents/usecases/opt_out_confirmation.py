"""Gathers what a confirmation of leaving says: the last thing that the member asked for."""

from datetime import date

from mtm_shared.contracts.eligibility import Enrollment

from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NothingToConfirm, NotThisSubject
from mtm_documents.usecases.ordering import Order, Sources, Subject


async def gather_opt_out_confirmation(sources: Sources, order: Order) -> Subject:
    """The confirmation of an enrolment; refused where nobody asked for anything."""
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    facts = await sources.letter_facts(order.enrollment_id)
    enrollment, member = facts.enrollment, facts.member
    asked_on = _asked_on(enrollment)
    if asked_on is None:
        raise NothingToConfirm
    program = await sources.program(enrollment.program_id)
    value = OptOutConfirmation(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=order.dated,
        asked_on=asked_on,
        plan_year=program.plan_year,
        review_only=enrollment.status != "opted_out",
        permanent=enrollment.permanent,
    )
    return Subject(value, member, None, enrollment.enrollment_id, program.plan_year)


def _asked_on(enrollment: Enrollment) -> date | None:
    """The day of the wish that holds now. Who died or left the plan asked for nothing, whatever was declined before."""
    if enrollment.status == "opted_out":
        return enrollment.opted_out_on
    if enrollment.status != "enrolled" or not enrollment.cmr_declined:
        return None
    declined = [event.on for event in enrollment.events if event.event == "opted_out" and event.scope == "cmr_only"]
    return declined[-1] if declined else None
