"""Drugs that are taken longer than their label or guideline means (MX, excessive duration).

Days on hand are counted without a break over all strengths of a drug, or within a window where it is the sum that
matters (antibiotics). A reported drug without a start is not judged, because nobody knows since when it is taken.
"""

from mtm_review.domain.finding import Finding, Screen, SuppressionReason
from mtm_review.domain.gates import Use, days_on_hand, others
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, in_series, short_name

_UNTOLD = frozenset({SuppressionReason.BELOW_THRESHOLD, SuppressionReason.DIFFERENT_ROUTE})


def screen_duration(situation: Situation) -> Seen:
    """Findings on drugs that are taken too long; what excepts a member is told."""
    return run_rules(situation, Screen.DURATION, _finding, _UNTOLD)


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    if rule.when.first_supply_over:
        text = f"{use.name} was first dispensed for more than {rule.when.first_supply_over} days."
        return finding_on(rule, use, situation, text)
    days = days_on_hand(use, situation, rule.when.days_within)
    within = rule.when.days_within
    span = f"on {days} of the last {within} days" if within else f"for {days} days without a break"
    taken_with = others(rule, use, situation) if rule.when.with_drugs else []
    also = f" together with {in_series(distinct(short_name(c.drug) for c in taken_with))}" if taken_with else ""
    return finding_on(
        rule,
        use,
        situation,
        f"{use.name} has been on hand{also} {span}, more than {rule.when.days_over}.",
        others=taken_with,
    )
