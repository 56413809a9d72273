"""Gathers what a confirmation of leaving says: the last thing that the member asked for."""

import asyncio

from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NothingToConfirm, NotThisSubject
from mtm_documents.usecases.ordering import Order, Sources, Subject


async def gather_opt_out_confirmation(sources: Sources, order: Order) -> Subject:
    """The confirmation of an enrolment; refused when its member has neither left nor declined the review."""
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    enrollment = await sources.eligibility.enrollment(order.enrollment_id)
    asked = [event for event in enrollment.events if event.event == "opted_out"]
    if not asked or not (enrollment.status == "opted_out" or enrollment.cmr_declined):
        raise NothingToConfirm
    member, program = await asyncio.gather(sources.member(enrollment.member_id), sources.program(enrollment.program_id))
    value = OptOutConfirmation(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=order.dated,
        asked_on=asked[-1].on,
        plan_year=program.plan_year,
        review_only=enrollment.status != "opted_out",
        permanent=enrollment.permanent,
    )
    return Subject(value, member, None, enrollment.enrollment_id, program.plan_year)
