"""What-ifs: other minimums or another threshold over the stored members, who would enter and who would leave."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, Money, Request, example

MAXIMUM_MEMBERS = 200


class SimulationRequest(Request):
    """`POST /v1/programs/{program_id}/simulate`: at most 200 members at a time, in the order of ids after `after`.

    What is not given stays as the programme says. CMS bounds the values of a real programme (42 CFR 423.153(d)(2)); a
    what-if may leave them.
    """

    model_config = example(as_of="2026-06-30", chronic_conditions_minimum=2, annual_cost_threshold="1000.00")

    as_of: Day
    chronic_conditions_minimum: Annotated[int | None, Field(ge=1, le=20)] = None
    part_d_drugs_minimum: Annotated[int | None, Field(ge=1, le=50)] = None
    annual_cost_threshold: Annotated[Money | None, Field(ge=Decimal(0))] = None
    after: Identifier | None = None
    limit: Annotated[int, Field(ge=1, le=MAXIMUM_MEMBERS)] = 50

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        asked = (self.chronic_conditions_minimum, self.part_d_drugs_minimum, self.annual_cost_threshold)
        if all(value is None for value in asked):
            raise ValueError("give at least one alternative")
        return self


class SimulatedCounts(Answer):
    """Members = eligible + not_eligible + cannot_tell; `met` says how many meet each test."""

    eligible: int = 0
    not_eligible: int = 0
    cannot_tell: int = 0
    met: dict[str, int] = {}


class Simulation(Answer):
    """One page of a what-if; the counts of pages add up. Nothing is stored, and nobody is enrolled.

    `enters` and `leaves` name who would be eligible and is not, and the other way round. `next_after` is null when
    every member has been looked at.
    """

    program_id: str
    as_of: date
    members: int
    now: SimulatedCounts
    then: SimulatedCounts
    enters: list[str]
    leaves: list[str]
    next_after: str | None = None
