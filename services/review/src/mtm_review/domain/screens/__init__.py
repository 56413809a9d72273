"""One file for each screen: a pure function from a situation to what it saw; `SCREENS` are those that run, in order."""

from collections.abc import Callable, Mapping
from typing import Final

from mtm_review.domain.finding import Screen
from mtm_review.domain.screens.allergy import screen_allergies
from mtm_review.domain.screens.drug_disease import screen_drug_disease
from mtm_review.domain.screens.drug_drug import screen_drug_drug
from mtm_review.domain.screens.duplicate_therapy import screen_duplicates
from mtm_review.domain.situation import Seen, Situation

SCREENS: Final[Mapping[Screen, Callable[[Situation], Seen]]] = {
    Screen.DUPLICATE_THERAPY: screen_duplicates,
    Screen.DRUG_DISEASE: screen_drug_disease,
    Screen.DRUG_DRUG: screen_drug_drug,
    Screen.ALLERGY: screen_allergies,
}
