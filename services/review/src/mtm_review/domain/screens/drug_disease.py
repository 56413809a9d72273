"""Drugs that a condition speaks against (reason code MC, drug–disease reported).

A rule names a drug set and a condition of the vocabulary, which has said of each of the member's codes what conditions
it shows, and what changes the answer: age, sex, route, dose, a protecting drug such as a proton-pump inhibitor or a
condition that excepts the member. One finding for each rule and drug, however many strengths of it or codes for the
condition there are. Pairs that are both indicated and harmful by the state of the disease (beta-blocker in heart
failure) are no rule at all.
"""

from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.gates import Use
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, short_name


def screen_drug_disease(situation: Situation) -> Seen:
    """Findings and suppressions for the drugs that are active on the day."""
    return run_rules(situation, Screen.DRUG_DISEASE, _finding) if situation.held.by_id else Seen()


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    (condition_id,) = rule.when.conditions
    conditions = sorted((c for c in situation.held.by_id[condition_id] if not c.denied), key=lambda c: c.given)
    name = situation.knowledge.conditions[condition_id]
    return finding_on(
        rule,
        use,
        situation,
        f"The member takes {short_name(use.courses[0].drug)} and has {name}.",
        evidence=[f"condition {given}: {name}" for given in distinct([c.given for c in conditions])],
        condition=conditions[0].given,
        subject=condition_id,
    )
