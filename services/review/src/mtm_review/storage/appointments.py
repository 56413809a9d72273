"""Keeps appointments with their history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.appointments import Appointment, AppointmentChange, AppointmentState
from mtm_review.storage.appointment_tables import appointment_changes, appointments
from mtm_review.storage.errors import AppointmentNotFound, ReviewChangedMeanwhile

_FIELDS = (
    "appointment_id", "review_id", "member_id", "day", "starts_at", "ends_at", "minutes", "method", "with_",
    "provider", "provider_key", "contact", "interpreter_language", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppointmentsWanted:
    """What a list asks for; both days count."""

    review_id: str | None = None
    first: date | None = None
    last: date | None = None
    provider_key: str | None = None
    state: str | None = None


class AppointmentRepository:
    """Appointments in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, appointment: Appointment) -> None:
        """Keep a new appointment."""
        await self._session.execute(insert(appointments).values(_columns(appointment)))
        await self._add_changes(appointment, 0)

    async def save(self, appointment: Appointment) -> None:
        """Keep the next state; raises `ReviewChangedMeanwhile` when it does not follow the stored one."""
        mine = appointments.c.appointment_id == appointment.appointment_id
        changed = await self._session.execute(
            update(appointments)
            .where(mine, appointments.c.version == appointment.version - 1)
            .values(_columns(appointment))
            .returning(appointments.c.appointment_id)
        )
        if changed.first() is None:
            raise ReviewChangedMeanwhile
        await self._add_changes(appointment, len(appointment.history) - 1)

    async def _add_changes(self, appointment: Appointment, kept: int) -> None:
        for position, change in enumerate(appointment.history[kept:], kept):
            values = {name: getattr(change, name) for name in AppointmentChange.__slots__}
            values |= {"appointment_id": appointment.appointment_id, "position": position}
            await self._session.execute(insert(appointment_changes).values(values))

    async def for_change(self, review_id: str, appointment_id: str) -> Appointment:
        """The review's appointment, locked until the transaction ends; raises `AppointmentNotFound`."""
        query = (
            select(appointments)
            .where(appointments.c.appointment_id == appointment_id, appointments.c.review_id == review_id)
            .with_for_update()
        )
        found = await self._read((await self._session.execute(query)).mappings().all())
        if not found:
            raise AppointmentNotFound
        return found[0]

    async def page(
        self, wanted: AppointmentsWanted, after: tuple[datetime, str] | None, limit: int
    ) -> list[Appointment]:
        """Up to `limit` appointments in order of their moments."""
        columns = appointments.c
        query = select(appointments).order_by(columns.starts_at, columns.appointment_id).limit(limit)
        for column, value in (
            (columns.review_id, wanted.review_id),
            (columns.provider_key, wanted.provider_key),
            (columns.state, wanted.state),
        ):
            query = query if value is None else query.where(column == value)
        if wanted.first is not None:
            query = query.where(columns.day >= wanted.first)
        if wanted.last is not None:
            query = query.where(columns.day <= wanted.last)
        if after is not None:
            query = query.where(tuple_(columns.starts_at, columns.appointment_id) > tuple_(*after))
        return await self._read((await self._session.execute(query)).mappings().all())

    async def is_taken(self, appointment: Appointment) -> bool:
        """True when the pharmacist has another booked appointment that overlaps this one."""
        found = await self._session.scalar(
            select(appointments.c.appointment_id)
            .where(
                appointments.c.provider_key == appointment.provider_key,
                appointments.c.state == AppointmentState.BOOKED.value,
                appointments.c.appointment_id != appointment.appointment_id,
                appointments.c.starts_at < appointment.ends_at,
                appointments.c.ends_at > appointment.starts_at,
            )
            .limit(1)
        )
        return found is not None

    async def next_booked(self, review_id: str) -> date | None:
        """The day of the review's earliest appointment that is still booked."""
        return await self._session.scalar(
            select(appointments.c.day)
            .where(appointments.c.review_id == review_id, appointments.c.state == AppointmentState.BOOKED.value)
            .order_by(appointments.c.starts_at)
            .limit(1)
        )

    async def _read(self, rows: Sequence[RowMapping]) -> list[Appointment]:
        told: defaultdict[str, list[AppointmentChange]] = defaultdict(list)
        ids = [row["appointment_id"] for row in rows]
        query = select(appointment_changes).where(appointment_changes.c.appointment_id.in_(ids))
        query = query.order_by(appointment_changes.c.appointment_id, appointment_changes.c.position)
        for change in (await self._session.execute(query)).mappings():
            line = {name: change[name] for name in AppointmentChange.__slots__}
            told[change["appointment_id"]].append(AppointmentChange(**line))
        return [_appointment(row, tuple(told[row["appointment_id"]])) for row in rows]


def _columns(appointment: Appointment) -> dict[str, object]:
    return {name: getattr(appointment, name) for name in _FIELDS} | {"state": appointment.state.value}


def _appointment(row: RowMapping, history: tuple[AppointmentChange, ...]) -> Appointment:
    return Appointment(
        appointment_id=row["appointment_id"],
        review_id=row["review_id"],
        member_id=row["member_id"],
        day=row["day"],
        starts_at=row["starts_at"],
        minutes=row["minutes"],
        method=row["method"],
        with_=row["with_"],
        history=history,
        provider=row["provider"],
        contact=row["contact"],
        interpreter_language=row["interpreter_language"],
        state=AppointmentState(row["state"]),
        version=row["version"],
    )
