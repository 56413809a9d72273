"""Pairs that look like duplicates and are meant: basal with mealtime insulin, a long- with a short-acting opioid.

A pair may ask for a condition on record (a stent, for aspirin with clopidogrel). Where nothing on record shows it, the
pair is told, but no more gravely than the pair says: claims forget old events, and a stopped course that goes on for
years is worth a question (ARCHITECTURE.md, law 2).
"""

from mtm_shared.values.drug import Drug

from mtm_review.domain.knowledge import Differ, DuplicateKnowledge, IntendedPair, Side
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.screens.overlap import Use, together
from mtm_review.domain.situation import Situation


def intended_pair(
    situation: Situation, left: Exposure, left_use: Use, right: Exposure, right_use: Use
) -> IntendedPair | None:
    """The listed pair that the two uses are, one whose conditions are met before any other."""
    knowledge: DuplicateKnowledge = situation.knowledge.duplicates
    theirs = knowledge.pairs_by_ingredient.get(right.ingredient.rxcui, ())
    if not theirs:
        return None
    within = left is right
    usual: IntendedPair | None = None
    for pair in knowledge.pairs_by_ingredient.get(left.ingredient.rxcui, ()):
        if (within and not pair.within_ingredient) or pair not in theirs:
            continue
        if (
            (_fits(pair.first, left, left_use) and _fits(pair.second, right, right_use))
            or (_fits(pair.first, right, right_use) and _fits(pair.second, left, left_use))
        ) and _as_asked(pair, left_use, right_use, situation.day):
            if on_record(pair, situation):
                return pair
            usual = usual or (pair if pair.otherwise else None)
    return usual


def on_record(pair: IntendedPair, situation: Situation) -> bool:
    """True when the pair asks for no condition, or one of those it asks for holds."""
    return not pair.conditions or any(situation.held.has(name) for name in pair.conditions)


def unexplained(pair: IntendedPair, situation: Situation) -> str:
    """Why a pair that is usually meant is told, in a sentence."""
    names = [situation.knowledge.conditions[name] for name in pair.conditions]
    return f"It is usually meant where one of these is on record, and none is: {'; '.join(names)}."


def _fits(side: Side, exposure: Exposure, use: Use) -> bool:
    return all(side.fits(exposure.ingredient.rxcui, exposure.route, c.long_acting) for c in use.courses)


def _as_asked(pair: IntendedPair, left: Use, right: Use, day: int) -> bool:
    """True when the two differ, come from one prescriber and stay brief where the pair asks that."""
    if pair.one_prescriber and not left.prescribers & right.prescribers:
        return False
    if pair.up_to_days and together(left, right, day, 0)[0] > pair.up_to_days:
        return False
    return pair.differ is None or _differ(pair.differ, left.courses[0].drug, right.courses[0].drug)


def _differ(kind: Differ, one: Drug, other: Drug) -> bool:
    if kind is Differ.COMBINATION:
        return one.key != other.key
    if kind is Differ.PRODUCT:
        return (one.key, one.strength, one.dose_form) != (other.key, other.strength, other.dose_form)
    told = {one.strength, other.strength} if kind is Differ.STRENGTH else {one.dose_form, other.dose_form}
    return one.key == other.key and len(told) == 2 and None not in told
