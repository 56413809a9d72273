"""Drugs that a condition speaks against: reported (reason code MC) or seeming from other drugs (DC, inferred).

A rule names a drug set and a condition of the vocabulary, which has said of each of the member's codes what conditions
it shows, and what changes the answer: age, sex, route, dose, a protecting drug such as a proton-pump inhibitor or a
condition that excepts the member. One finding for each rule and drug, however many strengths of it or codes for the
condition there are. Pairs that are both indicated and harmful by the state of the disease (beta-blocker in heart
failure) are no rule at all. A finding on a condition that only seems to be there is never graver than moderate and
asks first whether it is; its id is another one, so that no decision on a question passes to the fact.
"""

from typing import Final

from mtm_review.domain.finding import Confidence, Finding, Screen, Severity
from mtm_review.domain.gates import Use
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, in_series, short_name

INFERRED_CODE: Final = "DC"
_AT_MOST_MODERATE: Final = {Severity.CONTRAINDICATED: Severity.MODERATE, Severity.MAJOR: Severity.MODERATE}


def screen_drug_disease(situation: Situation) -> Seen:
    """Findings and suppressions for the drugs that are active on the day."""
    return run_rules(situation, Screen.DRUG_DISEASE, _finding) if situation.held.by_id else Seen()


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    held = situation.held
    on_record = [name for name in rule.when.conditions if held.has(name)]
    condition_id = next((name for name in on_record if held.reported(name)), on_record[0])
    confidence = held.confidence(condition_id)
    if confidence is not Confidence.REPORTED:
        return _inferred(rule, use, situation, condition_id, confidence)
    conditions = sorted((c for c in held.by_id[condition_id] if not c.denied), key=lambda c: c.given)
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


def _inferred(rule: Rule, use: Use, situation: Situation, condition_id: str, confidence: Confidence) -> Finding:
    held, name = situation.held, situation.knowledge.conditions[condition_id]
    shown = held.shown_by.get(condition_id)
    why = "as whoever asked has inferred"
    if shown is not None:
        drugs = distinct(short_name(course.drug) for course in shown.courses)
        why = f"because {in_series(drugs)} {'is' if len(drugs) == 1 else 'are'} taken"
    given = shown.condition if shown is not None else held.by_id[condition_id][0].given
    found = finding_on(
        rule,
        use,
        situation,
        f"The member takes {short_name(use.courses[0].drug)} and seems to have {name}, {why}; nobody reported it.",
        evidence=[f"condition {given}, inferred: {name}, {why}"],
        condition=given,
        subject=f"{condition_id}?",
        confidence=confidence,
    )
    return found._replace(
        dur_code=INFERRED_CODE,
        severity=_AT_MOST_MODERATE.get(rule.severity, rule.severity),
        recommendation=f"Ask first whether the member has {name}. {rule.recommendation}",
    )
