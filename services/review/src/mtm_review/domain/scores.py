"""Points of a guideline's score (CHA2DS2-VASc), item by item, so that a finding can show how they came about.

Only what is reported counts. What a sex alone gives is told and not counted towards a bound (`knowledge.care_gaps`).
"""

from typing import NamedTuple

from mtm_review.domain.knowledge.care_gaps import Score, ScoreItem
from mtm_review.domain.situation import Situation


class Points(NamedTuple):
    """The points that count towards a bound, and the whole score with its items in words."""

    counted: int
    told: str


def points_of(score: Score, situation: Situation) -> Points:
    """The member's points on the day."""
    met = [item for item in score.items if _is_met(item, situation)]
    counted = sum(item.points for item in met if not item.sex)
    whole = sum(item.points for item in met)
    items = ", ".join(f"{item.name} {item.points}" for item in met)
    return Points(counted, f"{score.name} {whole} ({items})" if met else f"{score.name} 0")


def _is_met(item: ScoreItem, situation: Situation) -> bool:
    if item.conditions:
        return any(situation.held.reported(name) for name in item.conditions)
    if item.sex:
        return situation.patient.sex.value == item.sex
    return item.min_age <= situation.age <= item.max_age
