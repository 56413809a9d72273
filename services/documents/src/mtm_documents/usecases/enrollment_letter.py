"""Gathers what an enrolment letter says: the enrolment, the determination behind it and the programme."""

from datetime import date
from decimal import Decimal, InvalidOperation

from mtm_shared.contracts.eligibility import Criterion, Determination, Enrollment, Program
from mtm_shared.contracts.member import Member

from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.forms.enrollment_letter.value import (
    Comparison,
    CriterionKind,
    EnrollmentLetter,
    Qualification,
)
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NotThisSubject
from mtm_documents.usecases.ordering import Order, Sources, Subject, zip_code


async def gather_enrollment_letter(sources: Sources, order: Order) -> Subject:
    """The letter of an enrolment."""
    if order.enrollment_id is None:
        raise NotThisSubject(order.kind, "enrollment_id")
    facts = await sources.letter_facts(order.enrollment_id)
    enrollment, member = facts.enrollment, facts.member
    program = await sources.program(enrollment.program_id)
    near = await sources.near(zip_code(member))
    value = enrollment_letter(member, enrollment, facts.determination, program, near, order.dated)
    return Subject(value, member, None, enrollment.enrollment_id, program.plan_year)


def enrollment_letter(
    member: Member,
    enrollment: Enrollment,
    determination: Determination | None,
    program: Program,
    sites: tuple[TakeBackSite, ...],
    dated: date,
) -> EnrollmentLetter:
    """The letter's value; without a determination it names no reason, which the form reports as a gap."""
    return EnrollmentLetter(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=dated,
        enrolled_on=enrollment.enrolled_on,
        plan_year=program.plan_year,
        qualified_by=_reasons(determination, program) if determination else (),
        cmr_minutes=program.cmr_minutes,
        cmr_methods=parties.meetings(program),
        uses_callback_pin=program.uses_callback_pin,
        health_facts_for_program_only=program.health_facts_for_program_only,
        take_back_sites=sites,
    )


def _reasons(determination: Determination, program: Program) -> tuple[Qualification, ...]:
    """The tests of the pathways that the member came by; the tests of a pathway not met are not named."""
    by_tests = determination.pathway in ("chronic_drugs_cost", "both")
    by_risk = determination.pathway in ("at_risk", "both")
    return tuple(
        _qualification(criterion, program)
        for criterion in determination.criteria
        if criterion.outcome == "met" and (by_risk if criterion.criterion == "drug_management" else by_tests)
    )


def _qualification(criterion: Criterion, program: Program) -> Qualification:
    kind = CriterionKind(criterion.criterion)
    if kind is CriterionKind.DRUG_MANAGEMENT:
        return Qualification(kind)
    maintenance = kind is CriterionKind.PART_D_DRUGS and program.drugs_counted == "part_d_maintenance"
    return Qualification(kind, _number(criterion.required), Comparison(criterion.comparison), maintenance)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("the determination's requirement is not a number") from None
