"""What the counting tests share: three-valued comparison of a count, and how near it is."""

from datetime import date

from mtm_shared.values.outcome import Outcome


def count_outcome(certain: int, possible: int, minimum: int) -> Outcome:
    """Met when the certain ones are enough; not met when even the possible ones are not; else cannot tell."""
    if certain >= minimum:
        return Outcome.MET
    return Outcome.CANNOT_TELL if certain + possible >= minimum else Outcome.NOT_MET


def share(observed: int, minimum: int) -> float:
    """How much of the minimum is there, from 0 to 1."""
    return min(1.0, observed / minimum) if minimum > 0 else 1.0


def between(first: date, last: date) -> str:
    """A period in words, both ends inside."""
    return f"from {first} to {last}"
