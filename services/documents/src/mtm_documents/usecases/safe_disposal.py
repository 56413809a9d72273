"""Gathers what the yearly letter on safe disposal says: the member, the programme, and the sites near the member."""

from mtm_documents.forms.safe_disposal.value import SafeDisposal
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NotEnrolled, NotThisSubject
from mtm_documents.usecases.ordering import Order, Sources, Subject, zip_code


async def gather_safe_disposal(sources: Sources, order: Order) -> Subject:
    """The letter of an enrolment; owed to enrollees, so that none goes out to who left or died."""
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    facts = await sources.letter_facts(order.enrollment_id)
    enrollment, member = facts.enrollment, facts.member
    if enrollment.status != "enrolled":
        raise NotEnrolled
    program = await sources.program(enrollment.program_id)
    value = SafeDisposal(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=order.dated,
        plan_year=program.plan_year,
        take_back_sites=await sources.near(zip_code(member)),
    )
    return Subject(value, member, None, enrollment.enrollment_id, program.plan_year)
