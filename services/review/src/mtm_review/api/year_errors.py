"""Errors of a review's way through the year: consultations, appointments, programmes. No detail names a member."""

from collections.abc import Mapping, Sequence
from typing import Final

from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web.problems import ProblemSpec

from mtm_review.domain.appointments import AppointmentClosed, DoubleBooked, InThePast, MethodNotOffered, NotBegun
from mtm_review.domain.consultation import ConsultationRefused, ProxyNotAllowed, UnknownProviderType
from mtm_review.storage.errors import AppointmentNotFound
from mtm_review.usecases.completing import CmrDeclined, MemberLeft
from mtm_review.usecases.ports import CursorRefused, EnrollmentNotFound, ProgramNotFound
from mtm_review.usecases.removing import NoSuchMedication, ToldByClaims


def _faults(error: ConsultationRefused) -> Sequence[ProblemError]:
    return [ProblemError(pointer=f"/{one.field}", code=one.code, message=one.message) for one in error.faults]


def _offered(error: MethodNotOffered) -> Sequence[ProblemError]:
    message = f"The programme offers: {', '.join(error.offered)}."
    return [ProblemError(pointer="/method", code="method_not_offered", message=message)]


def at(pointer: str, code: str, message: str) -> ProblemSpec:
    """A 422 about one field of the body."""
    fault = ProblemError(pointer=pointer, code=code, message=message)
    return ProblemSpec(422, code, message, errors=lambda _: [fault])


YEAR_PROBLEMS: Final[Mapping[type[Exception], ProblemSpec]] = {
    ProxyNotAllowed: ProblemSpec(
        422, "proxy_not_allowed", "The member takes part in the consultation, unless unable to.", errors=_faults
    ),
    UnknownProviderType: ProblemSpec(
        422, "unknown_provider_type", "The provider_type is not in the list; see errors.", errors=_faults
    ),
    ConsultationRefused: ProblemSpec(
        422, "consultation_refused", "A consultation like this does not count; see errors.", errors=_faults
    ),
    AppointmentNotFound: ProblemSpec(404, "appointment_not_found", "The review has no appointment with this id."),
    InThePast: at("/starts_at", "in_the_past", "An appointment is agreed on for a moment ahead."),
    MethodNotOffered: ProblemSpec(
        422, "method_not_offered", "The programme does not hold its reviews like this; see errors.", errors=_offered
    ),
    NotBegun: ProblemSpec(409, "appointment_not_begun", "It has not begun: it was neither held nor missed."),
    AppointmentClosed: ProblemSpec(
        409, "appointment_closed", "It was held, cancelled or missed; book another one instead."
    ),
    DoubleBooked: ProblemSpec(409, "double_booked", "The pharmacist has another appointment at that time."),
    NoSuchMedication: ProblemSpec(404, "medication_not_found", "The review lists no medication with this id."),
    ToldByClaims: ProblemSpec(
        409, "told_by_claims", "Claims tell of this medication: reconcile it as stopped instead of removing it."
    ),
    CmrDeclined: ProblemSpec(
        409, "cmr_declined", "The member declined the comprehensive review; take that back in eligibility first."
    ),
    MemberLeft: ProblemSpec(409, "member_left", "The member had left the programme when the consultation was held."),
    ProgramNotFound: at("/program_id", "unknown_program", "Eligibility does not know this programme."),
    EnrollmentNotFound: ProblemSpec(
        409, "enrollment_not_found", "Eligibility does not know the enrolment that the review was opened for."
    ),
    CursorRefused: at("#/query/cursor", "invalid_cursor", "Use the next_cursor of an answer, unchanged."),
}
