"""Cumulative burdens: drugs that are each acceptable and together too much for an older member.

Two or more anticholinergics, or three or more drugs that act on the brain, raise the risk of falls, fractures and
confusion (AGS Beers Criteria 2023, Table 5). How they are counted follows the measures Poly-ACH and Poly-CNS of the
Pharmacy Quality Alliance; their lists of drugs are licensed, so that the lists here are the project's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Severity


@dataclass(frozen=True, slots=True)
class Burden:
    """At least `at_least` ingredients of `members`, on hand together on `least_days` of the last `within_days`.

    `members` says of each ingredient (RxCUI) by what name of a group it counts. `unless_conditions` except a member.
    """

    rule_id: str
    name: str
    min_age: int
    at_least: int
    least_days: int
    within_days: int
    unless_conditions: tuple[str, ...]
    scored: bool
    severity: Severity
    consequence: str
    recommendation: str
    citation: Citation
    members: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """How anticholinergic an ingredient is on a published scale: 1 possibly, 2 and 3 definitely."""

    rxcui: str
    name: str
    points: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class BurdenKnowledge:
    """Burdens by rule id, anticholinergic scores by RxCUI, and what they name."""

    burdens: Mapping[str, Burden]
    scores: Mapping[str, Score]
    ingredients: frozenset[str]
    conditions: frozenset[str]

    @classmethod
    def of(cls, burdens: Iterable[Burden], scores: Mapping[str, Score]) -> Self:
        """The burdens with what they name gathered; a score alone makes no drug a checked one."""
        by_id = {burden.rule_id: burden for burden in burdens}
        return cls(
            burdens=by_id,
            scores=scores,
            ingredients=frozenset(rxcui for burden in by_id.values() for rxcui in burden.members),
            conditions=frozenset(name for burden in by_id.values() for name in burden.unless_conditions),
        )
