"""What a report names of enrolled members: who they are, under which coverage, and when they met the criteria."""

from collections.abc import Sequence
from datetime import date

from mtm_shared.contracts.eligibility import Enrollment
from mtm_shared.contracts.member import Coverage, Stay
from mtm_shared.contracts.reporting import EnrollmentFacts
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.facts import Stay as StayFact
from mtm_eligibility.domain.facts import StayKind
from mtm_eligibility.storage import reporting as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.enrollments import list_enrollments
from mtm_eligibility.storage.members import read_coverage
from mtm_eligibility.usecases.enrollments import with_history
from mtm_eligibility.usecases.profiles import merged_stays

_NAMES = ("mbi", "first_name", "middle_initial", "last_name", "birth_date", "death_date", "zip_code", "language")


async def enrollment_facts(
    session: AsyncSession,
    plan_year: int,
    contract_id: str | None,
    program_id: str | None,
    after: str | None,
    limit: int,
) -> list[EnrollmentFacts]:
    """Enrolments of a plan year by id, with what a report names of each member; a few queries for all of them."""
    rows = await list_enrollments(
        session,
        status=None,
        due=None,
        member_id=None,
        program_id=program_id,
        contract_id=contract_id,
        plan_year=plan_year,
        after=after,
        limit=limit,
    )
    member_ids = sorted({row["member_id"] for row in rows})
    people = await store.people(session, member_ids)
    spans = await read_coverage(session, member_ids)
    stays = await store.stays_in_year(session, member_ids, plan_year)
    met = await store.first_eligible(session, member_ids, plan_year)
    return [
        _facts(
            enrollment,
            people[enrollment.member_id],
            spans[enrollment.member_id],
            _stays(stays.get(enrollment.member_id, []), plan_year),
            met.get((enrollment.member_id, enrollment.program_id)),
        )
        for enrollment in await with_history(session, rows)
    ]


def _facts(
    enrollment: Enrollment, person: Row, spans: Sequence[Row], stays: Sequence[Stay], met: date | None
) -> EnrollmentFacts:
    return EnrollmentFacts(
        enrollment=enrollment,
        plan_year=enrollment.plan_year,
        **{name: person[name] for name in _NAMES},
        criteria_met_on=met,
        coverage=[Coverage(**{name: span[name] for name in Coverage.model_fields}) for span in spans],
        hospice=[stay for stay in stays if stay.kind == "hospice"],
        facility=[stay for stay in stays if stay.kind != "hospice"],
    )


def _stays(rows: Sequence[Row], plan_year: int) -> list[Stay]:
    facts = [StayFact(StayKind(row["kind"]), row["start_date"], row["end_date"]) for row in rows]
    first = date(plan_year, 1, 1)
    return [
        Stay.model_validate({"kind": stay.kind.value, "from": stay.start, "to": stay.end})
        for stay in merged_stays(facts)
        if stay.end is None or stay.end >= first
    ]
