"""Pure functions from a situation to what they saw; `SCREENS` are those that run, in order.

A screen may be made of several functions, each in a file of its own, where it asks questions of different kinds.
"""

from collections.abc import Callable, Mapping
from typing import Final

from mtm_review.domain.finding import Screen
from mtm_review.domain.screens.adherence import screen_adherence
from mtm_review.domain.screens.allergy import screen_allergies
from mtm_review.domain.screens.cost import screen_cost
from mtm_review.domain.screens.cumulative_burden import screen_burdens
from mtm_review.domain.screens.dose import screen_dose
from mtm_review.domain.screens.drug_disease import screen_drug_disease
from mtm_review.domain.screens.drug_drug import screen_drug_drug
from mtm_review.domain.screens.duplicate_therapy import screen_duplicates
from mtm_review.domain.screens.duration import screen_duration
from mtm_review.domain.screens.gap_in_care import screen_gaps
from mtm_review.domain.screens.older_adult import screen_older_adult
from mtm_review.domain.screens.opioid_safety import screen_opioid_safety
from mtm_review.domain.situation import Seen, Situation

SCREENS: Final[Mapping[Screen, tuple[Callable[[Situation], Seen], ...]]] = {
    Screen.DUPLICATE_THERAPY: (screen_duplicates,),
    Screen.DRUG_DISEASE: (screen_drug_disease,),
    Screen.DRUG_DRUG: (screen_drug_drug,),
    Screen.ALLERGY: (screen_allergies,),
    Screen.OLDER_ADULT: (screen_older_adult, screen_burdens),
    Screen.ADHERENCE: (screen_adherence,),
    Screen.GAP_IN_CARE: (screen_gaps,),
    Screen.COST: (screen_cost,),
    Screen.OPIOID_SAFETY: (screen_opioid_safety,),
    Screen.DOSE: (screen_dose,),
    Screen.DURATION: (screen_duration,),
}
