"""Factors that turn opioids into morphine milligram equivalents (MME), in named sets.

CDC changed its factors in 2022 (hydromorphone, methadone, tramadol), while measures and edits of Part D were built on
earlier tables, so that a total is only comparable with another of the same set. A factor is of an ingredient in a form;
it stands for milligrams, micrograms or, of patches, micrograms an hour. Of methadone some sets have tiers: the factor
of the highest tier that the daily dose is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class OpioidForm(StrEnum):
    """Forms between which factors differ."""

    ORAL = "oral"
    PATCH = "patch"
    BUCCAL = "buccal"
    FILM = "film"
    ORAL_SPRAY = "oral_spray"
    NASAL_SPRAY = "nasal_spray"
    RECTAL = "rectal"
    INJECTION = "injection"


class FactorUnit(StrEnum):
    """What a factor multiplies; `none` says that the opioid has no equivalent on purpose (buprenorphine)."""

    MG = "mg"
    MCG = "mcg"
    MCG_PER_HOUR = "mcg_per_hour"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MmeFactor:
    """One factor; `over` is the daily dose in mg above which it holds."""

    rxcui: str
    forms: frozenset[OpioidForm]
    unit: FactorUnit
    over: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class OpioidKnowledge:
    """The factor sets by name and ingredient, highest tier first; `cough_partners` mark cough and cold products."""

    sets: Mapping[str, Mapping[str, tuple[MmeFactor, ...]]]
    cough_partners: frozenset[str]

    @property
    def ingredients(self) -> frozenset[str]:
        """Every opioid of any set."""
        return frozenset(rxcui for factors in self.sets.values() for rxcui in factors)
