"""Appointments for consultations: booked, moved and ended, and listed as a day's work."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response
from mtm_shared.contracts import appointments as wire
from mtm_shared.contracts.common import Day, Page, ShortText
from mtm_shared.storage.session import Transaction
from mtm_shared.web.etags import IfMatch, check_if_match, etag
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, Paging, page_of
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Now, PopulationSource, Reader, ReviewId, Writer
from mtm_review.domain.appointments import Appointment, AppointmentState, Moved, provider_key
from mtm_review.storage.appointments import AppointmentRepository, AppointmentsWanted
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.usecases.appointments import Booking, book, end, move
from mtm_review.usecases.ports import CursorRefused

router = Router(prefix="/v1", tags=["appointments"])
AppointmentId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
_REFUSED = problem_responses(404, s409="The review is completed, or the pharmacist has another appointment.")


@router.post(
    "/reviews/{review_id}/appointments",
    status_code=201,
    response_model=wire.Appointment,
    responses=_REFUSED,
    summary="Agree on a moment for the consultation",
)
async def book_appointment(
    request: Request,
    review_id: ReviewId,
    body: wire.AppointmentRequest,
    session: Transaction,
    population: PopulationSource,
    now: Now,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """By a method that the programme offers, ahead of now, and not while the named pharmacist is with someone else."""

    async def create() -> wire.Appointment:
        return _answer(await book(session, review_id, Booking(**body.model_dump()), population, now))

    return await idempotent(request, session, body, create, headers=lambda made: {"ETag": etag(made.appointment_id, 1)})


@router.patch(
    "/reviews/{review_id}/appointments/{appointment_id}",
    responses=problem_responses(404, s409="It has ended, has not begun, or the pharmacist has another appointment."),
    summary="Move an appointment, or say how it ended",
)
async def change_appointment(
    request: Request,
    response: Response,
    review_id: ReviewId,
    appointment_id: AppointmentId,
    body: wire.AppointmentPatch,
    session: Transaction,
    now: Now,
    _: Writer,
    if_match: IfMatch = None,
) -> wire.Appointment:
    """Held and missed ones have begun; a cancelled, held or missed one is not changed any more: book another."""

    def unchanged(before: Appointment) -> None:
        check_if_match(request, etag(before.appointment_id, before.version))

    if body.state is None:
        to = Moved(body.starts_at, body.minutes, body.provider)
        changed = await move(session, review_id, appointment_id, to, body.reason, body.author, unchanged, now)
    else:
        state = AppointmentState(body.state)
        changed = await end(session, review_id, appointment_id, state, body.reason, body.author, unchanged, now)
    response.headers["ETag"] = etag(changed.appointment_id, changed.version)
    return _answer(changed)


@router.get(
    "/reviews/{review_id}/appointments", responses=problem_responses(404), summary="The appointments of a review"
)
async def list_review_appointments(
    review_id: ReviewId, session: Transaction, paging: PageQuery, _: Reader
) -> Page[wire.Appointment]:
    """All of them with their history, in order of their moments."""
    await ReviewRepository(session).get(review_id)
    return await _page(session, AppointmentsWanted(review_id=review_id), paging)


@router.get("/appointments", summary="The appointments of a day or a span of days")
async def list_appointments(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    on: Annotated[Day | None, Query(description="This day only.")] = None,
    from_: Annotated[Day | None, Query(alias="from")] = None,
    to: Annotated[Day | None, Query(description="This day counts.")] = None,
    provider: Annotated[ShortText | None, Query()] = None,
    state: Annotated[wire.AppointmentState | None, Query()] = None,
) -> Page[wire.Appointment]:
    """In order of their moments. Days are those that members were told, in the zones of their appointments."""
    key = None if provider is None else provider_key(provider)
    first = max((day for day in (on, from_) if day is not None), default=None)
    last = min((day for day in (on, to) if day is not None), default=None)
    return await _page(session, AppointmentsWanted(None, first, last, key, state), paging)


async def _page(session: Transaction, wanted: AppointmentsWanted, paging: Paging) -> Page[wire.Appointment]:
    found = await AppointmentRepository(session).page(wanted, _after(paging), paging.limit + 1)
    shown, next_cursor = page_of(found, paging.limit, lambda one: (_text(one.starts_at), one.appointment_id))
    return Page(items=[_answer(one) for one in shown], next_cursor=next_cursor)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _after(paging: Paging) -> tuple[datetime, str] | None:
    after = paging.after(str, str)
    if after is None:
        return None
    try:
        moment = datetime.fromisoformat(str(after[0]))
    except ValueError:
        raise CursorRefused from None
    if moment.tzinfo is not UTC:
        raise CursorRefused
    return moment, str(after[1])


def _answer(appointment: Appointment) -> wire.Appointment:
    return wire.Appointment.model_validate(appointment, from_attributes=True, by_name=True)
