"""Pairs that look like duplicates and are meant: basal with mealtime insulin, a long- with a short-acting opioid."""

from mtm_review.domain.knowledge import DuplicateKnowledge, IntendedPair, Side
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.screens.overlap import Use


def intended_pair(
    knowledge: DuplicateKnowledge, left: Exposure, left_use: Use, right: Exposure, right_use: Use
) -> IntendedPair | None:
    """The listed pair that the two uses are, if any."""
    theirs = knowledge.pairs_by_ingredient.get(right.ingredient.rxcui, ())
    if not theirs:
        return None
    for pair in knowledge.pairs_by_ingredient.get(left.ingredient.rxcui, ()):
        if pair in theirs and (
            (_fits(pair.first, left, left_use) and _fits(pair.second, right, right_use))
            or (_fits(pair.first, right, right_use) and _fits(pair.second, left, left_use))
        ):
            return pair
    return None


def _fits(side: Side, exposure: Exposure, use: Use) -> bool:
    return all(side.fits(exposure.ingredient.rxcui, exposure.route, c.long_acting) for c in use.courses)
