"""Deciding on a member: at once on given facts, or on stored facts with the decision kept."""

from dataclasses import replace
from datetime import date, datetime

from mtm_shared.contracts.common import MadeBy
from mtm_shared.contracts.eligibility import Determination, DeterminationRequest
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain import determination as domain
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.domain.facts import MemberFacts
from mtm_eligibility.domain.periods import coverage_on
from mtm_eligibility.storage.determinations import keep_determination, read_determinations
from mtm_eligibility.storage.members import read_member
from mtm_eligibility.usecases import answers
from mtm_eligibility.usecases.enrolling import enroll
from mtm_eligibility.usecases.errors import UnknownMember
from mtm_eligibility.usecases.facts import member_facts, read_facts
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.runtime import Runtime

_OPTED_OUT = domain.Notice(
    "opted_out", "The member has opted out of this programme, or of MTM for good, and is not enrolled again."
)


def evaluate(runtime: Runtime, facts: MemberFacts, program_id: str, as_of: date) -> Determination:
    """Decide on given facts; nothing is stored."""
    program = runtime.program(program_id)
    decided = determine(facts, program, as_of)
    return answers.determination(decided, _made_by(runtime, program_id, as_of))


async def determine_member(
    session: AsyncSession, runtime: Runtime, member_id: str, request: DeterminationRequest, now: datetime
) -> Determination:
    """Decide on stored facts, keep the decision, and enrol an eligible member unless told otherwise.

    A programme applied to another year is a what-if and enrols nobody: nobody can be in a programme that is not on.
    """
    program = runtime.program(request.program_id)
    facts = member_facts(await read_facts(session, member_id), runtime.lexicon)
    decided = determine(facts, program, request.as_of)
    determination_id = new_id("det", now)
    enrollment_id = None
    span = coverage_on(facts.coverage, request.as_of)
    running = program.plan_year == request.as_of.year
    eligible = decided.outcome is domain.Eligibility.ELIGIBLE
    if request.enroll and running and eligible and span is not None:
        enrollment_id = await enroll(session, program, decided, span.contract_id, determination_id, now)
        if enrollment_id is None:
            decided = replace(decided, notices=(*decided.notices, _OPTED_OUT))
    made = _made_by(runtime, program.program_id, request.as_of)
    answer = answers.determination(decided, made, determination_id=determination_id, enrollment_id=enrollment_id)
    await keep_determination(
        session,
        determination_id=determination_id,
        member_id=member_id,
        program_id=program.program_id,
        as_of=request.as_of,
        outcome=answer.outcome,
        created_at=now,
        body=answer.model_dump_json(),
    )
    return answer


async def list_determinations(
    session: AsyncSession, member_id: str, before: str | None, limit: int
) -> list[Determination]:
    """The member's kept determinations, newest first."""
    if await read_member(session, member_id) is None:
        raise UnknownMember
    rows = await read_determinations(session, member_id, before, limit)
    return [Determination.model_validate_json(row["body"]) for row in rows]


def _made_by(runtime: Runtime, program_id: str, as_of: date) -> MadeBy:
    program = runtime.program(program_id)
    return answers.made_by(program, runtime.fingerprints[program_id], runtime.versions, as_of)
