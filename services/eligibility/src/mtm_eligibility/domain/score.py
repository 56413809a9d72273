"""How near a member is to being targeted, so that near misses can be seen and put in order.

The score is this project's own and no requirement of CMS. It is 100 exactly when the member is eligible; below that,
the three tests share the points by the programme's weights, and the at-risk pathway counts by itself. A test that is
not met never lets a member reach 100, however near the figures are.
"""

from collections.abc import Mapping
from math import floor

from mtm_eligibility.domain.determination import Criterion, CriterionName, Eligibility
from mtm_eligibility.domain.program import ScoreWeights

FULL = 100
NEARLY = 99


def score_of(outcome: Eligibility, criteria: Mapping[CriterionName, Criterion], weights: ScoreWeights) -> int:
    """0 to 100; 100 exactly when eligible."""
    if outcome is Eligibility.ELIGIBLE:
        return FULL
    tests = (
        weights.chronic_conditions * criteria[CriterionName.CHRONIC_CONDITIONS].nearness
        + weights.part_d_drugs * criteria[CriterionName.PART_D_DRUGS].nearness
        + weights.annual_cost * criteria[CriterionName.ANNUAL_COST].nearness
    )
    at_risk = criteria.get(CriterionName.DRUG_MANAGEMENT)
    pathway = FULL * at_risk.nearness if at_risk is not None else 0.0
    return min(NEARLY, floor(max(tests, pathway)))
