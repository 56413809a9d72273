"""Programmes, read, and what-ifs on them."""

from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Program, ProgramSummary
from mtm_shared.contracts.simulation import Simulation, SimulationRequest
from mtm_shared.storage import Transaction
from mtm_shared.web import PageQuery, Router, page_of, problem_responses

from mtm_eligibility.api.dependencies import Id, Loaded, Reader
from mtm_eligibility.usecases import programs
from mtm_eligibility.usecases.simulating import simulate

router = Router(prefix="/v1/programs", tags=["programs"])


@router.get("", summary="List the programmes")
async def list_programs(loaded: Loaded, page: PageQuery, _: Reader) -> Page[ProgramSummary]:
    """Every programme that this service knows, by id."""
    after = page.after(str)
    found = [
        program for program in programs.list_programs(loaded) if after is None or program.program_id > str(after[0])
    ]
    items, cursor = page_of(found[: page.limit + 1], page.limit, lambda program: (program.program_id,))
    return Page[ProgramSummary](items=items, next_cursor=cursor)


@router.get("/{program_id}", summary="Read a programme", responses=problem_responses(404))
async def read_program(program_id: Id, loaded: Loaded, _: Reader) -> Program:
    """The programme with every parameter, its citation and how sure it is."""
    return programs.get_program(loaded, program_id)


@router.post("/{program_id}/simulate", summary="Who would enter and who would leave", responses=problem_responses(404))
async def simulate_program(
    program_id: Id, body: SimulationRequest, session: Transaction, loaded: Loaded, _: Reader
) -> Simulation:
    """Stored members under other requirements, at most 200 at once: repeat with `after` until `next_after` is null."""
    return await simulate(session, loaded, program_id, body)
