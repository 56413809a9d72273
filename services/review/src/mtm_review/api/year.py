"""What is due for whom by when, what was done, appointments, preparation and reading again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Path, Query, Request, Response
from mtm_shared.contracts.appointments import (
    Appointment,
    AppointmentPatch,
    AppointmentRequest,
    AppointmentState,
    Preparation,
    PreparedQuestion,
)
from mtm_shared.contracts.common import Day, Identifier, Page, ShortText
from mtm_shared.contracts.deadlines import Deadline, DeadlineStateName
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.contracts.review import RefreshRequest, Review
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.pages import PageQuery, encode_cursor, page_of
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router
from sqlalchemy import RowMapping

from mtm_review.api.dependencies import KeptReviews, Now, Ongoing, ProfileSource, Reader, ReviewId, Writer
from mtm_review.domain.preparing import questions_of
from mtm_review.storage import appointments as store
from mtm_review.usecases import appointments, year
from mtm_review.usecases.ports import EnrollmentsAsked
from mtm_review.usecases.refreshing import refresh_review

router = Router(prefix="/v1", tags=["reviews"])
_Id = Annotated[Identifier | None, Query()]
AppointmentId = Annotated[Identifier, Path(description="The appointment's id.")]


@router.get("/deadlines", responses=problem_responses(), summary="Which reviews are due by when")
async def list_deadlines(
    session: Transaction,
    profiles: ProfileSource,
    paging: PageQuery,
    now: Now,
    _: Reader,
    as_of: Annotated[Day | None, Query(description="The day that is asked about; today if none.")] = None,
    within_days: Annotated[int | None, Query(ge=0, le=366, description="The programme's warn_days if none.")] = None,
    kind: Annotated[str | None, Query(pattern="^(cmr|tmr)$")] = None,
    state: Annotated[DeadlineStateName | None, Query(description="Without it, what is still owed.")] = None,
    program_id: _Id = None,
    contract_id: _Id = None,
    member_id: _Id = None,
) -> Page[Deadline]:
    """Overdue and due soon, before it is late. A page may hold fewer than its limit while `next_cursor` goes on."""
    # The cursor is eligibility's own, over enrolments: what comes after is what it says.
    after = paging.after(str)
    cursor = None if after is None else str(after[0])
    enrollments = EnrollmentsAsked(program_id, contract_id, member_id, cursor, paging.limit)
    asked = year.Asked(as_of or now.date(), within_days, state, kind, enrollments)
    items, following = await year.review_deadlines(session, profiles, asked)
    return Page[Deadline](items=items, next_cursor=None if following is None else encode_cursor(following))


@router.get("/activity", summary="What was done in a plan year, by enrolment")
async def list_activity(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    plan_year: Annotated[int, Query(ge=2000, le=2199)],
    contract_id: _Id = None,
    program_id: _Id = None,
) -> Page[EnrollmentActivity]:
    """Reviews, recommendations and resolutions as CMS counts them; an enrolment without any review is not there."""
    after = paging.after(str)
    found = await year.activity(
        session, plan_year, contract_id, program_id, str(after[0]) if after else None, paging.limit + 1
    )
    items, cursor = page_of(found, paging.limit, lambda one: (one.enrollment_id,))
    return Page[EnrollmentActivity](items=items, next_cursor=cursor)


@router.post("/reviews/{review_id}/refresh", responses=problem_responses(404, 409), summary="Read the record again")
async def refresh_open_review(body: RefreshRequest, work: Ongoing, profiles: ProfileSource) -> Review:
    """Today's claims on the list, screened again; what people said and decided stays."""
    return work.answer(
        await refresh_review(
            work.review_id, body.as_of, body.author, profiles, work.reviews, work.known, work.unchanged, work.now
        )
    )


@router.get("/reviews/{review_id}/preparation", responses=problem_responses(404), summary="What to ask")
async def read_preparation(review_id: ReviewId, reviews: KeptReviews, _: Reader) -> Preparation:
    """The pharmacist's sheet for the consultation: undecided findings by gravity, then what the record lacks."""
    review = await reviews.get(review_id)
    questions = [PreparedQuestion.model_validate(one, from_attributes=True) for one in questions_of(review)]
    listed = sum(line.status == "active" for line in review.medications)
    return Preparation(review_id=review_id, member_id=review.member_id, medications=listed, questions=questions)


@router.post(
    "/reviews/{review_id}/appointments",
    status_code=201,
    response_model=Appointment,
    responses=problem_responses(404, s409="The review is complete, or the provider is taken."),
    summary="Book an appointment",
)
async def create_appointment(
    request: Request,
    review_id: ReviewId,
    body: AppointmentRequest,
    session: Transaction,
    profiles: ProfileSource,
    now: Now,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """When, how and with whom the review is to be held; the review is then planned for that day."""

    async def create() -> Appointment:
        return _appointment(await appointments.book(session, review_id, body, profiles, now))

    return await idempotent(
        request, session, body, create, headers=lambda made: {"Location": f"/v1/appointments/{made.appointment_id}"}
    )


@router.get("/appointments", summary="List appointments")
async def list_appointments(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    on: Annotated[Day | None, Query(description="Appointments of this day (UTC).")] = None,
    provider: Annotated[ShortText | None, Query()] = None,
    state: Annotated[AppointmentState | None, Query()] = None,
    review_id: _Id = None,
) -> Page[Appointment]:
    """Appointments that fit every given filter."""
    after = paging.after(str)
    found = await store.page(
        session,
        first=None if on is None else _midnight(on),
        last=None if on is None else _midnight(on) + timedelta(days=1),
        provider=provider,
        state=state,
        review_id=review_id,
        after=str(after[0]) if after else None,
        limit=paging.limit + 1,
    )
    rows, cursor = page_of(found, paging.limit, lambda row: (str(row["appointment_id"]),))
    return Page[Appointment](items=[_appointment(row) for row in rows], next_cursor=cursor)


@router.get("/appointments/{appointment_id}", responses=problem_responses(404), summary="Read an appointment")
async def read_appointment(appointment_id: AppointmentId, session: Transaction, _: Reader) -> Appointment:
    """The appointment as it stands."""
    return _appointment(await appointments.read(session, appointment_id))


@router.patch("/appointments/{appointment_id}", responses=problem_responses(404, 409), summary="Change an appointment")
async def change_appointment(
    appointment_id: AppointmentId, body: AppointmentPatch, session: Transaction, now: Now, _: Writer
) -> Appointment:
    """Held, cancelled, missed, or at another time."""
    return _appointment(await appointments.move(session, appointment_id, body, now))


def _appointment(row: RowMapping) -> Appointment:
    return Appointment.model_validate(dict(row))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
