"""What the counting tests share: three-valued comparison of a count, and how near it is."""

from collections.abc import Iterable
from datetime import date

from mtm_shared.values.outcome import Outcome

MOST_NAMED = 8


def count_outcome(certain: int, possible: int, minimum: int) -> Outcome:
    """Met when the certain ones are enough; not met when even the possible ones are not; else cannot tell."""
    if certain >= minimum:
        return Outcome.MET
    return Outcome.CANNOT_TELL if certain + possible >= minimum else Outcome.NOT_MET


def share(observed: int, minimum: int) -> float:
    """How much of the minimum is there, from 0 to 1."""
    return min(1.0, observed / minimum) if minimum > 0 else 1.0


def listed(identifiers: Iterable[str]) -> str:
    """Identifiers in order, for a sentence; the first few where there are many (`not_checked` names every one)."""
    ordered = sorted(identifiers)
    if len(ordered) <= MOST_NAMED:
        return ", ".join(ordered)
    return f"{', '.join(ordered[:MOST_NAMED])} and {len(ordered) - MOST_NAMED} more"


def counted(number: int, noun: str) -> str:
    """`1 covered fill`, `2 covered fills`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def between(first: date, last: date) -> str:
    """A period in words, both ends inside."""
    return f"from {first} to {last}"
