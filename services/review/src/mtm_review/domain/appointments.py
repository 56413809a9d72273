"""An appointment for a consultation: agreed on for a moment ahead, moved while it is booked, and ended once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

METHODS = {"phone": "telephone", "in_person": "face_to_face", "telehealth": "telehealth", "pharmacy": "face_to_face"}
"""How a programme's file says it, and how a consultation does."""


class AppointmentState(StrEnum):
    """Booked, or how it ended."""

    BOOKED = "booked"
    HELD = "held"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class InThePast(Exception):
    """Nobody can be met in the past."""


class NotBegun(Exception):
    """It has not begun: it was neither held nor missed."""


class AppointmentClosed(Exception):
    """It was held, cancelled or missed; another one is booked instead."""


class DoubleBooked(Exception):
    """The pharmacist has another appointment at that time."""


class MethodNotOffered(Exception):
    """The programme does not hold its reviews like this."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__("the programme does not offer this method")
        self.offered = offered


@dataclass(frozen=True, slots=True)
class AppointmentChange:
    """One line of the history."""

    change: str
    starts_at: datetime
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment as it stands. `day` is the day in the zone in which it was agreed on."""

    appointment_id: str
    review_id: str
    member_id: str
    day: date
    starts_at: datetime
    minutes: int
    method: str
    with_: str
    history: tuple[AppointmentChange, ...]
    provider: str | None = None
    contact: str | None = None
    interpreter_language: str | None = None
    state: AppointmentState = AppointmentState.BOOKED
    version: int = 1

    @property
    def ends_at(self) -> datetime:
        """The moment after its last minute."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def provider_key(self) -> str | None:
        """The pharmacist's name as two bookings compare it."""
        return None if self.provider is None else provider_key(self.provider)


def provider_key(name: str) -> str:
    """A pharmacist's name as two bookings compare it: case and blanks do not count."""
    return " ".join(name.casefold().split())[:200]


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an appointment is moved to; what is None stays."""

    starts_at: datetime | None = None
    minutes: int | None = None
    provider: str | None = None


def check_ahead(starts_at: datetime, now: datetime) -> None:
    """Refuse a moment that has passed; this very moment is too late."""
    if starts_at <= now:
        raise InThePast


def check_offered(method: str, held_by: tuple[str, ...]) -> None:
    """Refuse a method that the programme's file does not name; a file that names none restricts nothing."""
    offered = tuple(METHODS.get(name, name) for name in held_by)
    if offered and method not in offered:
        raise MethodNotOffered(offered)


def moved(appointment: Appointment, to: Moved, reason: str, author: str, now: datetime) -> Appointment:
    """The appointment at another moment, for another time or with another pharmacist."""
    _refuse_if_closed(appointment)
    starts_at = to.starts_at or appointment.starts_at
    check_ahead(starts_at, now)
    return replace(
        appointment,
        day=appointment.day if to.starts_at is None else to.starts_at.date(),
        starts_at=starts_at,
        minutes=to.minutes or appointment.minutes,
        provider=to.provider or appointment.provider,
        version=appointment.version + 1,
        history=(*appointment.history, AppointmentChange("moved", starts_at, reason, author, now)),
    )


def ended(appointment: Appointment, state: AppointmentState, reason: str, author: str, now: datetime) -> Appointment:
    """The appointment as it ended: held or missed once it has begun, cancelled at any time."""
    _refuse_if_closed(appointment)
    if state is not AppointmentState.CANCELLED and now < appointment.starts_at:
        raise NotBegun
    change = AppointmentChange(state.value, appointment.starts_at, reason, author, now)
    return replace(appointment, state=state, version=appointment.version + 1, history=(*appointment.history, change))


def _refuse_if_closed(appointment: Appointment) -> None:
    if appointment.state is not AppointmentState.BOOKED:
        raise AppointmentClosed
