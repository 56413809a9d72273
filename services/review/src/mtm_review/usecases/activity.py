"""What was done in a plan year for each enrolment, counted as CMS counts it (CMS-10185, section II).

A comprehensive review is told from the day that its consultation was held, because its summary is owed from then on;
it counts once it is completed, which `completed_on` says. A targeted one is told when it is completed.
"""

from collections.abc import Sequence

from mtm_shared.contracts.reporting import CmrDone, EnrollmentActivity, TmrDone
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import ReviewKind
from mtm_review.storage.activity import ActivityRepository, Done
from mtm_review.storage.recommendations import problems_counted


async def activity(
    session: AsyncSession,
    plan_year: int,
    program_id: str | None,
    contract_id: str | None,
    after: str | None,
    limit: int,
) -> list[EnrollmentActivity]:
    """Up to `limit` enrolments with a review of the plan year, by id."""
    repository = ActivityRepository(session)
    rows = await repository.enrollments(plan_year, program_id, contract_id, after, limit)
    ids = [str(row["enrollment_id"]) for row in rows]
    done = await repository.done(ids, held_too=True)
    counted = await problems_counted(session, ids, plan_year)
    told: list[EnrollmentActivity] = []
    for row, enrollment_id in zip(rows, ids, strict=True):
        mine = [one for one in done if one.enrollment_id == enrollment_id]
        told.append(_told(row, mine, counted.get(enrollment_id, (0, 0))))
    return told


def _told(row: RowMapping, done: Sequence[Done], counted: tuple[int, int]) -> EnrollmentActivity:
    cmrs = [_cmr(one) for one in done if one.kind is ReviewKind.CMR and one.consultation is not None]
    return EnrollmentActivity(
        **dict(row),
        cmrs=sorted(cmrs, key=lambda cmr: (cmr.held_on, cmr.review_id)),
        tmrs=[
            TmrDone(review_id=one.review_id, done_on=one.completed_on, follow_up=one.follow_up)
            for one in done
            if one.kind is ReviewKind.TMR and one.completed_on is not None
        ],
        recommendations=counted[0],
        resolutions=counted[1],
    )


def _cmr(one: Done) -> CmrDone:
    held = one.consultation
    assert held is not None
    return CmrDone.model_validate(
        {
            "review_id": one.review_id,
            "held_on": held.held_on,
            "method": held.method,
            "recipient": held.recipient,
            "provider_type": held.provider_type,
            "cognitively_impaired": held.cognitively_impaired,
            "minutes": held.minutes,
            "completed_on": one.completed_on,
        }
    )
