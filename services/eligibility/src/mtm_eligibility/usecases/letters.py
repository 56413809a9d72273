"""The facts that letters are made of, for many enrolments in a few queries."""

from collections.abc import Sequence

from mtm_shared.contracts.eligibility import Determination
from mtm_shared.contracts.letters import LetterFacts, LetterFactsFound
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage.determinations import determinations_by_id
from mtm_eligibility.storage.enrollments import enrollments_by_id
from mtm_eligibility.storage.reporting import people
from mtm_eligibility.usecases.enrollments import with_history
from mtm_eligibility.usecases.members import member_of


async def letter_facts(session: AsyncSession, enrollment_ids: Sequence[str]) -> LetterFactsFound:
    """Each known enrolment once, in the order asked, with its member and the determination behind it."""
    asked = list(dict.fromkeys(enrollment_ids))
    rows = await enrollments_by_id(session, asked)
    known = [rows[one] for one in asked if one in rows]
    persons = await people(session, {row["member_id"] for row in known})
    bodies = await determinations_by_id(session, [row["determination_id"] for row in known if row["determination_id"]])
    items = [
        LetterFacts(
            enrollment=enrollment,
            member=member_of(persons[enrollment.member_id]),
            determination=_decided(bodies.get(enrollment.determination_id or "")),
        )
        for enrollment in await with_history(session, known)
    ]
    return LetterFactsFound(items=items, unknown=[one for one in asked if one not in rows])


def _decided(body: str | None) -> Determination | None:
    return None if body is None else Determination.model_validate_json(body)
