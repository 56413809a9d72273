"""What members say that they take on their own, in their language and as they would spell it.

Claims do not show what is bought over the counter, given as a sample or paid in cash. Each row says in the truth which
ingredient is meant, so that name resolution can be measured: right, suggested, or silently wrong.
"""

from functools import cache
from typing import NamedTuple

from deploy.local.sample.chance import Draw, Weighted, one_of
from deploy.local.sample.knowledge import Reported, rates, reported

_SPANISH_IN_ENGLISH = 0.3  # Spanish speakers read many labels in English
_DIRECTIONS = ("1d", "prn1", "1d", "1food")


class Told(NamedTuple):
    """A reported medication; `meant` is the name of the ingredient."""

    name: str
    kind: str
    meant: str
    misspelt: bool
    status: str
    directions: str
    as_needed: bool


@cache
def _choices() -> Weighted[Reported]:
    return Weighted((one, one.chance) for one in reported())


def told_by(language: str, draw: Draw) -> list[Told]:
    """Up to four things."""
    known = rates()
    found: list[Told] = []
    if draw() >= known["reported"]:
        return found
    seen: set[str] = set()
    for _ in range(1 + int(draw() * 4)):
        thing = _choices().pick(draw)
        spoken = "en" if language == "en" or draw() < _SPANISH_IN_ENGLISH else "es"
        misspelt = draw() < known["misspelt"]
        name = one_of((thing.misspelt if misspelt else thing.names)[spoken], draw)
        directions = one_of(_DIRECTIONS, draw)
        status = "stopped" if draw() < 0.06 else "active"
        if thing.reported_id not in seen:
            seen.add(thing.reported_id)
            found.append(Told(name, thing.kind, thing.ingredient, misspelt, status, directions, directions == "prn1"))
    return found
