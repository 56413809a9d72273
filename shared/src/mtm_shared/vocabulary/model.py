"""What the vocabulary holds: products, conditions with their evidence policy, and the answer "not understood".

A condition's evidence policy is the claim rule of the CMS Chronic Conditions Warehouse (CCW): one claim from an
institutional setting, or several others on different days, within a look-back. CMS prescribes no rule for MTM
(42 CFR 423.153(d)), so each value is data with a citation and a status, and a programme may ask for less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mtm_shared.values.citation import Citation, Status


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An identifier that led to no drug: a stable code, what was given, why, and names that come close.

    `reason` is finer than the code where more is known, and as stable: `unknown_package` of an `unknown_ndc`.
    """

    code: str
    value: str
    detail: str
    suggestions: tuple[str, ...] = ()
    reason: str = ""

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
    """A condition by ICD-10-CM prefixes (no dots); the longest prefix that fits a code decides.

    `name` is what a clinician calls it; `plain_name` and `name_es` are what a letter calls it in English and Spanish,
    fit to stand after "has" and "tiene". `reasons` says for each prefix why it is in or out.
    """

    id: str
    name: str
    core_category: str | None
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    evidence: EvidencePolicy
    plain_name: str = ""
    name_es: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


class CodeMatch(NamedTuple):
    """Why a diagnosis code does or does not show a condition: the prefix that decided, in or out, and its source."""

    condition: str
    name: str
    prefix: str
    included: bool
    source: str


class SnomedConcept(NamedTuple):
    """A SNOMED CT concept that the vocabulary knows; it may show none of our conditions."""

    concept: str
    name: str
    conditions: frozenset[str]
    source: str
    status: Status


class RxHccLink(NamedTuple):
    """How the category of a CMS RxHCC model lies to a condition: `equal`, `within` it, or `overlaps` it."""

    condition: str
    relation: str


class RxHcc(NamedTuple):
    """A category of a CMS RxHCC model (`V08`, `RXHCC30`) with the conditions that it touches."""

    model: str
    category: str
    label: str
    links: tuple[RxHccLink, ...]
    source: str
    status: Status

    @property
    def conditions(self) -> frozenset[str]:
        """The conditions that a member of the category has: those that it equals or lies within."""
        return frozenset(link.condition for link in self.links if link.relation in ("equal", "within"))


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
