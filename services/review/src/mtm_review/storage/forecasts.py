"""Keeps forecasts of alert burden, and what the screenings of each of their members showed.

The population is fixed when the forecast is ordered: the latest review of each member up to the day. A member's row
changes once, from waiting to done, so that a forecast that was stopped goes on where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.burden import AlertBurden, MemberSeen
from mtm_review.domain.patient import Patient
from mtm_review.domain.review import ListedMedication, MadeBy
from mtm_review.storage import codec
from mtm_review.storage.errors import ForecastNotFound
from mtm_review.storage.tables import forecast_members, forecasts, reviews

WAITING, DONE = "waiting", "done"
_COLUMNS: Final = ("forecast_id", "as_of", "program_id", "policy_id", "policy", "screens", "author", "state", "asked")


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a forecast was asked for, how far it is and what came of it.

    `policy` is a policy that was sent with the request, `policy_id` names one that is loaded; both are None where the
    policy is that of each member's payer. `asked` is how many members were named.
    """

    forecast_id: str
    as_of: date
    program_id: str | None
    policy_id: str | None
    policy: Mapping[str, Any] | None
    screens: tuple[str, ...]
    author: str
    state: str
    asked: int | None
    created_at: datetime
    made_by: MadeBy | None = None
    burden: AlertBurden | None = None
    finished_at: datetime | None = None


class Waiting(NamedTuple):
    """A member who is still to be screened, as the latest review keeps them."""

    position: int
    as_of: date
    program_id: str | None
    contract_id: str | None
    patient: Patient
    medications: tuple[ListedMedication, ...]


class ForecastRepository:
    """Forecasts in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, forecast: Forecast, member_ids: Sequence[str]) -> None:
        """Keep a new forecast with its population waiting; no `member_ids` means every member."""
        columns = {name: getattr(forecast, name) for name in _COLUMNS}
        columns |= {"screens": list(forecast.screens), "created_at": forecast.created_at}
        await self._session.execute(insert(forecasts).values(columns))
        place = func.row_number().over(
            partition_by=reviews.c.member_id, order_by=(reviews.c.as_of.desc(), reviews.c.review_id.desc())
        )
        numbered = select(reviews.c.review_id, place.label("place")).where(reviews.c.as_of <= forecast.as_of)
        if forecast.program_id is not None:
            numbered = numbered.where(reviews.c.program_id == forecast.program_id)
        if member_ids:
            numbered = numbered.where(reviews.c.member_id.in_(member_ids))
        latest = numbered.subquery()
        population = select(
            literal(forecast.forecast_id),
            func.row_number().over(order_by=latest.c.review_id),
            latest.c.review_id,
            literal(WAITING),
        ).where(latest.c.place == 1)
        await self._session.execute(
            insert(forecast_members).from_select(["forecast_id", "position", "review_id", "state"], population)
        )

    async def get(self, forecast_id: str) -> Forecast:
        """The forecast; raises `ForecastNotFound`."""
        found = await self._session.execute(select(forecasts).where(forecasts.c.forecast_id == forecast_id))
        row = found.mappings().first()
        if row is None:
            raise ForecastNotFound
        made, burden = row["made_by"], row["burden"]
        return Forecast(
            **{name: row[name] for name in _COLUMNS if name != "screens"},
            screens=tuple(row["screens"]),
            created_at=row["created_at"],
            made_by=None if made is None else codec.MADE_BY.read(made),
            burden=None if burden is None else codec.BURDEN.read(burden),
            finished_at=row["finished_at"],
        )

    async def counts(self, forecast_id: str) -> Mapping[str, int]:
        """How many members are in each state."""
        found = await self._session.execute(
            select(forecast_members.c.state, func.count())
            .where(forecast_members.c.forecast_id == forecast_id)
            .group_by(forecast_members.c.state)
        )
        return {str(row[0]): int(row[1]) for row in found.all()}

    async def waiting(self, forecast_id: str, limit: int) -> Sequence[Waiting]:
        """The next members to be screened, with what their reviews keep."""
        found = await self._session.execute(
            select(
                forecast_members.c.position,
                reviews.c.as_of,
                reviews.c.program_id,
                reviews.c.contract_id,
                reviews.c.patient,
                reviews.c.medications,
            )
            .join(reviews, reviews.c.review_id == forecast_members.c.review_id)
            .where(forecast_members.c.forecast_id == forecast_id, forecast_members.c.state == WAITING)
            .order_by(forecast_members.c.position)
            .limit(limit)
        )
        return [Waiting(*row[:4], codec.PATIENT.read(row[4]), codec.MEDICATIONS.read(row[5])) for row in found.all()]

    async def note(self, forecast_id: str, seen: Mapping[int, MemberSeen]) -> None:
        """Keep what the screenings of waiting members showed, by their positions."""
        statement = (
            update(forecast_members)
            .where(
                forecast_members.c.forecast_id == forecast_id,
                forecast_members.c.position == bindparam("at"),
                forecast_members.c.state == WAITING,
            )
            .values(state=DONE, seen=bindparam("what"))
        )
        # The table's own statement: an ORM-enabled bulk update would want the primary key in every row.
        connection = await self._session.connection()
        rows = [{"at": position, "what": codec.MEMBER_SEEN.write(one)} for position, one in seen.items()]
        await connection.execute(statement, rows)

    async def seen(self, forecast_id: str, after: int, limit: int) -> Sequence[tuple[int, MemberSeen]]:
        """What was seen of the next members that are done, in order of their positions."""
        found = await self._session.execute(
            select(forecast_members.c.position, forecast_members.c.seen)
            .where(
                forecast_members.c.forecast_id == forecast_id,
                forecast_members.c.state == DONE,
                forecast_members.c.position > after,
            )
            .order_by(forecast_members.c.position)
            .limit(limit)
        )
        return [(int(row[0]), codec.MEMBER_SEEN.read(row[1])) for row in found.all()]

    async def advance(self, forecast_id: str, state: str, finished_at: datetime | None = None) -> None:
        """Set the forecast's state."""
        await self._session.execute(
            update(forecasts).where(forecasts.c.forecast_id == forecast_id).values(state=state, finished_at=finished_at)
        )

    async def finish(self, forecast_id: str, burden: AlertBurden, made: MadeBy, finished_at: datetime) -> None:
        """Keep the result."""
        await self._session.execute(
            update(forecasts)
            .where(forecasts.c.forecast_id == forecast_id)
            .values(
                state=DONE,
                finished_at=finished_at,
                burden=codec.BURDEN.write(burden),
                made_by=codec.MADE_BY.write(made),
            )
        )
