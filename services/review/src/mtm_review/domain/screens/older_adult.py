"""Drugs that older members should avoid or use with care (reason code PA, drug–age precaution).

The facts are those of the 2023 AGS Beers Criteria (Tables 2 and 4), a few FDA labels and other criteria, for members of
65 or more who are not in hospice or palliative care, with what changes the answer: dose, duration, route, release, a
first fill, and the diagnosis that excepts the member. What speaks against a drug only with a condition or a second drug
is told by other screens. The criteria are advice for a talk with the prescriber, not a ban.
"""

from mtm_shared.values.decimals import plain

from mtm_review.domain.dosing import DailyDose, total_dose
from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.gates import Use
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.patient import Condition
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct


def screen_older_adult(situation: Situation) -> Seen:
    """Findings and suppressions for the drugs that are active on the day."""
    return run_rules(situation, Screen.OLDER_ADULT, _finding)


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    name, conditions = _condition(rule, situation)
    dose = total_dose(use.courses, use.rxcuis) if rule.when.dose_over is not None else None
    much = f" {plain(dose.amount.value)} {dose.amount.unit} a day of" if isinstance(dose, DailyDose) else ""
    who = f"The member is {situation.age} years old"
    takes = f"takes{much} {use.name}"
    evidence = [f"condition {given}: {name}" for given in distinct([c.given for c in conditions])]
    return finding_on(
        rule,
        use,
        situation,
        f"{who}, {takes} and has {name}." if name else f"{who} and {takes}.",
        evidence=[*evidence, f"daily dose: {dose.because}"] if isinstance(dose, DailyDose) else evidence,
        condition=conditions[0].given if conditions else None,
    )


def _condition(rule: Rule, situation: Situation) -> tuple[str, list[Condition]]:
    """The first condition that the rule asks for and the member has: its name and what shows it."""
    for condition_id in rule.when.conditions:
        held = [c for c in situation.held.by_id.get(condition_id, ()) if not c.denied]
        if held:
            return situation.knowledge.conditions[condition_id], sorted(held, key=lambda c: c.given)
    return "", []
