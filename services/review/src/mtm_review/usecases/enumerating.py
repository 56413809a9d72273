"""Takes the members of a programme into a run, page by page; the cursor moves in the transaction that keeps a page."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date

from mtm_shared.contracts.eligibility import Enrollment
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.targeted import DETAILS, left_by
from mtm_review.storage.run_members import RunMembers
from mtm_review.storage.runs import Run, RunRepository, Taken
from mtm_review.usecases.ports import EnrollmentsAsked, Population

PAGE = 500


async def take_members_in(
    run: Run, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]], population: Population
) -> Run:
    """The run after one more page of the programme's enrolments."""
    page = await population.enrollments(EnrollmentsAsked(program_id=run.program_id), run.cursor, PAGE)
    taken = [_taken(enrollment, run.as_of) for enrollment in page.items]
    async with begin() as session:
        await RunMembers(session).take(run, taken, page.next_cursor)
        return await RunRepository(session).get(run.review_run_id)


def _taken(enrollment: Enrollment, as_of: date) -> Taken:
    left_on = None if enrollment.status == "enrolled" else enrollment.opted_out_on
    code = left_by(enrollment.opt_out_reason, left_on, enrollment.enrolled_on, as_of)
    return Taken(enrollment.member_id, code, None if code is None else DETAILS[code])
