"""Where unused medicines can be handed in (42 CFR 422.111(j), applied to MTM by 423.153(d)(1)(vii)(E))."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

MINIMUM_SITES: Final = 2
"""At least two sites in the member's community are named: 42 CFR 422.111(j)(4)."""


@dataclass(frozen=True, slots=True)
class TakeBackSite:
    """A place that takes unused medicines back, from the sponsor's own table; never invented."""

    name: str
    address: str
    phone: str = ""
    distance_miles: Decimal | None = None
    hours: str = ""
