"""What-ifs over the stored members, a bounded number at a time; nothing is kept."""

from collections import Counter
from collections.abc import Iterable

from mtm_shared.contracts.simulation import SimulatedCounts, Simulation, SimulationRequest
from mtm_shared.values.outcome import Outcome
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.alternatives import Alternative, with_alternative
from mtm_eligibility.domain.determination import Determination, Eligibility
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.storage.members import list_members
from mtm_eligibility.usecases.facts import member_facts, read_facts
from mtm_eligibility.usecases.runtime import Runtime


async def simulate(session: AsyncSession, runtime: Runtime, program_id: str, request: SimulationRequest) -> Simulation:
    """Decide on each member under the programme as it is and as it would be."""
    program = runtime.program(program_id)
    other = Alternative(request.chronic_conditions_minimum, request.part_d_drugs_minimum, request.annual_cost_threshold)
    alternative = with_alternative(program, other)
    rows = await list_members(session, request.after, request.limit + 1)
    pairs: list[tuple[Determination, Determination]] = []
    for row in rows[: request.limit]:
        facts = member_facts(await read_facts(session, row["member_id"]), runtime.lexicon)
        pairs.append((determine(facts, program, request.as_of), determine(facts, alternative, request.as_of)))
    return Simulation(
        program_id=program_id,
        as_of=request.as_of,
        members=len(pairs),
        now=_counts(now for now, _ in pairs),
        then=_counts(then for _, then in pairs),
        enters=[then.member_id for now, then in pairs if _eligible(then) and not _eligible(now)],
        leaves=[then.member_id for now, then in pairs if _eligible(now) and not _eligible(then)],
        next_after=pairs[-1][0].member_id if len(rows) > request.limit else None,
    )


def _eligible(decided: Determination) -> bool:
    return decided.outcome is Eligibility.ELIGIBLE


def _counts(decided: Iterable[Determination]) -> SimulatedCounts:
    outcomes: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for one in decided:
        outcomes[one.outcome.value] += 1
        for test in one.criteria:
            met[test.criterion.value] += test.outcome is Outcome.MET
    return SimulatedCounts(
        eligible=outcomes[Eligibility.ELIGIBLE],
        not_eligible=outcomes[Eligibility.NOT_ELIGIBLE],
        cannot_tell=outcomes[Eligibility.CANNOT_TELL],
        met=dict(sorted(met.items())),
    )
