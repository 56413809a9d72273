"""What the vocabulary holds: products, conditions with their evidence policy, and the answer "not understood".

A condition's evidence policy is the claim rule of the CMS Chronic Conditions Warehouse (CCW): one claim from an
institutional setting, or several others on different days, within a look-back. CMS prescribes no rule for MTM
(42 CFR 423.153(d)), so each value is data with a citation and a status, and a programme may ask for less.
"""

from dataclasses import dataclass
from typing import NamedTuple

from mtm_shared.values.citation import Citation


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An identifier that led to no drug: a stable code, what was given, why, and names that come close."""

    code: str
    value: str
    detail: str
    suggestions: tuple[str, ...] = ()

    @property
    def explanation(self) -> str:
        """Why, and what may have been meant; a suggestion is never taken silently."""
        if not self.suggestions:
            return self.detail
        return f"{self.detail}; did you mean {' or '.join(self.suggestions)}?"


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """How many claims show a condition: `single_claim_minimum` claims from a setting in `single_claim_settings`,
    or `other_claim_minimum` from any other setting at least `days_apart` days apart, within `look_back_days`."""

    single_claim_settings: tuple[str, ...]
    single_claim_minimum: int
    other_claim_minimum: int
    days_apart: int
    look_back_days: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class ConditionDefinition:
    """A condition by ICD-10-CM prefixes (no dots); the longest prefix that fits a code decides."""

    id: str
    name: str
    core_category: str | None
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    evidence: EvidencePolicy


class Product(NamedTuple):
    """An RxNorm concept above the ingredient: clinical drug (SCD), branded drug (SBD), component, brand or salt.

    `ingredients` are RxCUIs in ascending order; `strengths` stand in the same order, or are empty.
    """

    rxcui: str
    tty: str
    name: str
    ingredients: tuple[str, ...]
    strength: str
    form: str
    route: str
    brand: str

    @property
    def strengths(self) -> tuple[str, ...]:
        """One strength for each ingredient, such as `("12.5 MG", "10 MG")`."""
        return tuple(self.strength.split(" / ")) if self.strength else ()
