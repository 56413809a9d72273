"""The gates of daily doses: more than a bound, or less.

An unknown dose is a missing fact. Of two drugs that harm each other the least that can be taken may be enough to tell:
where nobody said how many tablets, one tablet a day is asked, so that simvastatin 20 mg beside verapamil is not passed
over because a list names no directions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtm_review.domain.asking import Gate, Stop, Use
from mtm_review.domain.dosing import DailyDose, Unknown, one_unit, taken_now, total_dose
from mtm_review.domain.finding import SuppressionReason

if TYPE_CHECKING:
    from mtm_review.domain.knowledge import Rule
    from mtm_review.domain.knowledge.rules import Amount
    from mtm_review.domain.situation import Situation


def dose_now(use: Use, situation: Situation) -> DailyDose | Unknown:
    """The total daily dose of what is taken on the day, worked out once however many rules ask for it."""
    key = (use.rxcuis, *map(id, use.courses))
    known = situation.doses
    return known.get(key) or known.setdefault(key, total_dose(taken_now(use.courses, situation.day), use.rxcuis))


def _one_is_enough(rule: Rule, use: Use, situation: Situation, bound: Amount) -> bool:
    """Whether one tablet a day would already be more than the other drug allows."""
    if not rule.when.with_drugs:
        return False
    one = one_unit(taken_now(use.courses, situation.day), use.rxcuis)
    return one is not None and one.unit == bound.unit and one.value > bound.value


def _dose_over(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    bound = rule.when.dose_over
    assert bound is not None
    dose = dose_now(use, situation)
    if isinstance(dose, Unknown) and _one_is_enough(rule, use, situation, bound):
        return None
    if isinstance(dose, Unknown) or dose.amount.unit != bound.unit:
        return _untold(use, dose, bound.unit)
    # Less than a quarter of a tablet is no dose that is taken, but a package that does not fit the days.
    if dose.amount.value - dose.slack > bound.value:
        return None
    return Stop(lambda: f"{use.name}: {dose.amount} a day is not more than {bound}.", SuppressionReason.BELOW_THRESHOLD)


def _dose_under(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    bound = rule.when.dose_under
    assert bound is not None
    dose = dose_now(use, situation)
    if isinstance(dose, Unknown) or dose.amount.unit != bound.unit:
        return _untold(use, dose, bound.unit)
    if dose.amount.value + dose.slack < bound.value:
        return None
    return Stop(lambda: f"{use.name}: {dose.amount} a day is not less than {bound}.", SuppressionReason.BELOW_THRESHOLD)


def _untold(use: Use, dose: DailyDose | Unknown, unit: str) -> Stop:
    if isinstance(dose, Unknown):
        return Stop(dose.because, missing="daily_dose")
    return Stop(f"The dose of {use.name} is in {dose.amount.unit}, the rule's in {unit}.", missing="daily_dose")


OVER: Final = Gate(lambda rule, _: f"At more than {rule.when.dose_over} a day.", _dose_over)
UNDER: Final = Gate(lambda rule, _: f"At less than {rule.when.dose_under} a day.", _dose_under)
