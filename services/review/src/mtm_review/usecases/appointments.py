"""Appointments of a review: booked, moved, ended. The review's planned day follows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mtm_shared.storage import one_at_a_time
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.appointments import (
    Appointment,
    AppointmentChange,
    AppointmentState,
    DoubleBooked,
    Moved,
    check_ahead,
    check_offered,
    ended,
    moved,
)
from mtm_review.domain.lifecycle import annotate, refuse_if_completed
from mtm_review.domain.review import ReviewStatus
from mtm_review.storage.appointments import AppointmentRepository
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.usecases.opening import new_id
from mtm_review.usecases.ports import Population

HELD_BY = "services.cmr_held_by"
Unchanged = Callable[[Appointment], None]
"""Raises when the appointment is not the one that the caller read (a stale `If-Match`)."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What is agreed on with the member."""

    starts_at: datetime
    minutes: int
    method: str
    with_: str
    author: str
    provider: str | None = None
    contact: str | None = None
    interpreter_language: str | None = None


async def book(
    session: AsyncSession, review_id: str, booking: Booking, population: Population, now: datetime
) -> Appointment:
    """The kept appointment; raises what its checks raise, and `ReviewCompleted`."""
    review = await ReviewRepository(session).get(review_id)
    refuse_if_completed(review)
    check_ahead(booking.starts_at, now)
    if review.program_id is not None:
        program = await population.program(review.program_id)
        held_by = next((one.value for one in program.parameters if one.name == HELD_BY), ())
        check_offered(booking.method, tuple(held_by))
    appointment = Appointment(
        appointment_id=new_id("apt", now),
        review_id=review_id,
        member_id=review.member_id,
        day=booking.starts_at.date(),
        starts_at=booking.starts_at,
        minutes=booking.minutes,
        method=booking.method,
        with_=booking.with_,
        history=(AppointmentChange("booked", booking.starts_at, "", booking.author, now),),
        provider=booking.provider,
        contact=booking.contact,
        interpreter_language=booking.interpreter_language,
    )
    repository = AppointmentRepository(session)
    await _refuse_double(session, appointment)
    await repository.add(appointment)
    await _plan(session, review_id, booking.author, now)
    return appointment


async def move(
    session: AsyncSession,
    review_id: str,
    appointment_id: str,
    to: Moved,
    reason: str,
    author: str,
    unchanged: Unchanged,
    now: datetime,
) -> Appointment:
    """The appointment at its new moment; its history keeps the old one."""
    repository = AppointmentRepository(session)
    before = await repository.for_change(review_id, appointment_id)
    unchanged(before)
    appointment = moved(before, to, reason, author, now)
    await _refuse_double(session, appointment)
    await repository.save(appointment)
    await _plan(session, review_id, author, now)
    return appointment


async def end(
    session: AsyncSession,
    review_id: str,
    appointment_id: str,
    state: AppointmentState,
    reason: str,
    author: str,
    unchanged: Unchanged,
    now: datetime,
) -> Appointment:
    """The appointment as it ended."""
    repository = AppointmentRepository(session)
    before = await repository.for_change(review_id, appointment_id)
    unchanged(before)
    appointment = ended(before, state, reason, author, now)
    await repository.save(appointment)
    await _plan(session, review_id, author, now)
    return appointment


async def _refuse_double(session: AsyncSession, appointment: Appointment) -> None:
    if appointment.provider_key is None:
        return
    await one_at_a_time(session, f"calendar:{appointment.provider_key}")
    if await AppointmentRepository(session).is_taken(appointment):
        raise DoubleBooked


async def _plan(session: AsyncSession, review_id: str, author: str, now: datetime) -> None:
    """The review's planned day is that of its next booked appointment; a completed review stays as it is."""
    reviews = ReviewRepository(session)
    review = await reviews.for_change(review_id)
    day = await AppointmentRepository(session).next_booked(review_id)
    if review.status is not ReviewStatus.COMPLETED and review.scheduled_for != day:
        await reviews.save(annotate(review, review.notes, day, author, now))
