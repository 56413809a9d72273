"""In what order eligible members are reached, with the points that each reason gives.

CMS asks for an offer within 60 days of enrolment to everyone; which members a pharmacist calls first is the
programme's choice, and its weights live in the programme's file. Members who are not eligible have no priority. Age,
sex and income are no part of it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from mtm_shared.values.outcome import Outcome

from mtm_eligibility.domain.determination import Criterion, CriterionName, PriorityReason
from mtm_eligibility.domain.facts import Stay, StayKind
from mtm_eligibility.domain.program import PriorityComponent, Program
from mtm_eligibility.domain.taking import Takings

MOST = 100


def priority_reasons(
    tests: Mapping[CriterionName, Criterion], program: Program, takings: Takings, stays: tuple[Stay, ...], as_of: date
) -> tuple[PriorityReason, ...]:
    """Every reason that gives points, in the order of the programme's file."""
    weights = program.priority
    current = [taken for taken in takings.understood if taken.in_window]
    high_alert = sum(1 for taken in current if any(part.high_alert for part in taken.ingredients))
    prescribers = len({fill.prescriber_npi for taken in current for fill in taken.fills if fill.prescriber_npi})
    stayed = any(_recent(stay, weights.recent_stay_days, as_of) for stay in stays)
    at_risk = tests.get(CriterionName.DRUG_MANAGEMENT)
    limited = at_risk is not None and at_risk.outcome is Outcome.MET
    drugs, conditions = tests[CriterionName.PART_D_DRUGS], tests[CriterionName.CHRONIC_CONDITIONS]
    tenths = _tenths_over(tests[CriterionName.ANNUAL_COST])
    counts = (
        ("at risk with an active coverage limitation", weights.at_risk, limited),
        ("drugs above the minimum", weights.extra_drug, int(drugs.observed) - int(drugs.required)),
        ("conditions above the minimum", weights.extra_condition, int(conditions.observed) - int(conditions.required)),
        ("tenths of the cost threshold above it", weights.tenth_over_threshold, tenths),
        ("inpatient or nursing facility stay in recent weeks", weights.recent_stay, stayed),
        ("high-alert drugs", weights.high_alert_drug, high_alert),
        ("prescribers above the expected", weights.extra_prescriber, prescribers - weights.expected_prescribers),
    )
    return tuple(
        # What is so or not has no number to say.
        PriorityReason(reason if isinstance(count, bool) else f"{reason}: {count}", points)
        for reason, component, count in counts
        if (points := _points(component, count))
    )


def _tenths_over(cost: Criterion) -> int:
    over = Decimal(cost.observed) - Decimal(cost.required)
    return int(over * 10 / Decimal(cost.required)) if Decimal(cost.required) else 0


def _points(component: PriorityComponent, count: int) -> int:
    return min(component.at_most, component.each * count) if count > 0 else 0


def _recent(stay: Stay, days: int, as_of: date) -> bool:
    if stay.kind is StayKind.HOSPICE or stay.start > as_of:
        return False
    return stay.end is None or stay.end >= as_of - timedelta(days=days)


def priority_of(reasons: tuple[PriorityReason, ...]) -> int:
    """0 to 100: the points of all reasons."""
    return min(MOST, sum(reason.points for reason in reasons))
