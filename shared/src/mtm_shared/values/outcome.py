"""Three-valued outcomes: a decision is met, not met, or cannot be told from the facts at hand.

Missing facts give `CANNOT_TELL`, never a default (ARCHITECTURE.md, law 2). Conjunction and disjunction follow
Kleene's strong logic, so that an unknown only matters where it could change the answer.
"""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """Whether one test holds."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Met when every part is met; not met as soon as one part is not; otherwise cannot tell."""
    seen = set(outcomes)
    if Outcome.NOT_MET in seen:
        return Outcome.NOT_MET
    return Outcome.CANNOT_TELL if Outcome.CANNOT_TELL in seen else Outcome.MET


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Met as soon as one part is met; not met when none can be; otherwise cannot tell."""
    seen = set(outcomes)
    if Outcome.MET in seen:
        return Outcome.MET
    return Outcome.CANNOT_TELL if Outcome.CANNOT_TELL in seen else Outcome.NOT_MET
