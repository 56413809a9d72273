"""A programme with other requirements, for what-ifs: everything that is not named stays as it is."""

from dataclasses import dataclass, replace
from decimal import Decimal

from mtm_shared.values.citation import Citation, Status

from mtm_eligibility.domain.cited import Cited, Value
from mtm_eligibility.domain.program import Program

WHAT_IF = Citation("What-if of the caller; not a requirement of any programme.", Status.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other requirements; None leaves the programme's own."""

    chronic_conditions_minimum: int | None = None
    part_d_drugs_minimum: int | None = None
    annual_cost_threshold: Decimal | None = None


def with_alternative(program: Program, other: Alternative) -> Program:
    """The programme as it would decide under the other requirements."""
    chronic, drugs, cost = program.chronic_conditions, program.part_d_drugs, program.annual_cost
    return replace(
        program,
        chronic_conditions=replace(chronic, minimum=_other(chronic.minimum, other.chronic_conditions_minimum)),
        part_d_drugs=replace(drugs, minimum=_other(drugs.minimum, other.part_d_drugs_minimum)),
        annual_cost=replace(cost, threshold=_other(cost.threshold, other.annual_cost_threshold)),
    )


def _other(own: Cited[Value], value: Value | None) -> Cited[Value]:
    return own if value is None else Cited(value, own.unit, WHAT_IF)
