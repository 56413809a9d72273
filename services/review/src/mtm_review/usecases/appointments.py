"""Appointments: booked in a way that the programme offers, in the future, and never two at once for one provider."""

from datetime import datetime, timedelta
from typing import Any

from mtm_shared.contracts.appointments import AppointmentPatch, AppointmentRequest
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.lifecycle import annotate, refuse_if_completed
from mtm_review.storage import appointments as store
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.usecases.opening import new_id
from mtm_review.usecases.ports import Profiles

_HELD_BY = {"telephone": "phone", "telehealth": "telehealth", "face_to_face": "in_person"}


class AppointmentNotFound(Exception):
    """No such appointment."""


class AppointmentInPast(Exception):
    """An appointment is booked for a moment to come."""


class AppointmentOver(Exception):
    """The appointment was held, missed or cancelled; nothing about it changes any more."""


class ProviderTaken(Exception):
    """The provider has another appointment at that time."""


class MethodNotOffered(Exception):
    """The programme does not hold reviews that way."""


async def book(
    session: AsyncSession, review_id: str, asked: AppointmentRequest, profiles: Profiles, now: datetime
) -> RowMapping:
    """Keep an appointment; the review is then planned for its day."""
    reviews = ReviewRepository(session)
    review = await reviews.for_change(review_id)
    refuse_if_completed(review)
    if review.program_id is not None:
        await _check_method(profiles, review.program_id, asked.method)
    await _check_time(session, asked.starts_at, asked.minutes, asked.provider, now, None)
    appointment_id = new_id("apt", now)
    row = asked.model_dump() | {"appointment_id": appointment_id, "review_id": review_id}
    await store.add(session, row | {"state": "booked", "changed_at": now})
    await reviews.save(annotate(review, review.notes, asked.starts_at.date(), asked.author, now))
    return await read(session, appointment_id)


async def read(session: AsyncSession, appointment_id: str) -> RowMapping:
    """The appointment, or `AppointmentNotFound`."""
    row = await store.get(session, appointment_id)
    if row is None:
        raise AppointmentNotFound
    return row


async def move(session: AsyncSession, appointment_id: str, asked: AppointmentPatch, now: datetime) -> RowMapping:
    """Say what became of an appointment, or give it another time."""
    row = await read(session, appointment_id)
    if row["state"] != "booked":
        raise AppointmentOver
    values: dict[str, Any] = asked.model_dump(exclude_none=True) | {"changed_at": now}
    if asked.starts_at is not None:
        await _check_time(session, asked.starts_at, row["minutes"], row["provider"], now, appointment_id)
        reviews = ReviewRepository(session)
        review = await reviews.for_change(row["review_id"])
        refuse_if_completed(review)
        await reviews.save(annotate(review, review.notes, asked.starts_at.date(), asked.author, now))
    await store.change(session, appointment_id, values)
    return await read(session, appointment_id)


async def _check_method(profiles: Profiles, program_id: str, method: str) -> None:
    program = await profiles.program(program_id)
    offered = next((one.value for one in program.parameters if one.name == "services.cmr_held_by"), None)
    if offered is not None and _HELD_BY[method] not in offered:
        raise MethodNotOffered


async def _check_time(
    session: AsyncSession, starts_at: datetime, minutes: int, provider: str | None, now: datetime, itself: str | None
) -> None:
    if starts_at <= now:
        raise AppointmentInPast
    ends_at = starts_at + timedelta(minutes=minutes)
    for other in await store.booked_for(session, provider, starts_at) if provider else ():
        other_ends = other["starts_at"] + timedelta(minutes=other["minutes"])
        if other["appointment_id"] != itself and other["starts_at"] < ends_at and starts_at < other_ends:
            raise ProviderTaken
