"""Daily doses over or under what the label allows, also for the member's age and kidneys (HD high, LD low).

The total is over all products and strengths of the ingredient that are taken on the day, so that acetaminophen in a
cold remedy adds to that in a pain reliever. Where several bounds of one ingredient are passed (the label's, that of
the kidneys), the gravest is told and the others are listed as said by it. Being within a bound is the rule and not
worth a line.
"""

from mtm_shared.values.decimals import plain

from mtm_review.domain.dosing import Unknown, shown
from mtm_review.domain.finding import Finding, Screen, Severity, Suppressed, SuppressionReason
from mtm_review.domain.gates import Use, others, result_of
from mtm_review.domain.gates_of_doses import dose_now
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, in_series, short_name

_UNTOLD = frozenset({SuppressionReason.BELOW_THRESHOLD, SuppressionReason.DIFFERENT_ROUTE})
_GRAVITY = list(Severity)


def screen_dose(situation: Situation) -> Seen:
    """Findings on doses, the gravest of each ingredient, and which facts were missing."""
    seen = run_rules(situation, Screen.DOSE, _finding, _UNTOLD)
    if len(seen.findings) > 1:
        _keep_gravest(seen, situation)
    return seen


def _keep_gravest(seen: Seen, situation: Situation) -> None:
    rules = situation.knowledge.rules
    told: dict[str, Finding] = {}
    for finding in sorted(seen.findings, key=lambda f: _order(f, rules[f.rule_id])):
        drug_set = rules[finding.rule_id].drug_set
        graver = told.setdefault(drug_set, finding)
        if graver is not finding:
            because = f"{finding.because} The finding {graver.rule_id} says it already."
            seen.suppressed.append(
                Suppressed(Screen.DOSE, finding.rule_id, finding.medications, SuppressionReason.POLICY, because)
            )
    seen.findings[:] = told.values()


def _order(finding: Finding, rule: Rule) -> tuple[int, bool, object, str]:
    """Gravest first; of equals what has a reason beyond the label's common bound, then the lowest bound."""
    bound = rule.when.dose_over
    return (_GRAVITY.index(finding.severity), rule.when.lab is None, bound.value if bound else 0, rule.rule_id)


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    when, name = rule.when, in_series(distinct(_names(rule, situation)))
    dose = dose_now(use, situation) if when.dose_over or when.dose_under else None
    evidence: list[str] = []
    if dose is None or isinstance(dose, Unknown):
        because = f"The member takes {name}"
    else:
        side = f"more than {when.dose_over}" if when.dose_over else f"less than {when.dose_under}"
        because = f"{name} comes to {shown(dose.amount)} a day, {side}"
        evidence.append(dose.because)
    taken_with = others(rule, use, situation) if when.with_drugs else []
    if taken_with:
        because += f", together with {in_series(distinct(short_name(c.drug) for c in taken_with))}"
    if when.min_age:
        because += f", at the age of {situation.age}"
    if when.lab is not None and (lab := result_of(when.lab, situation)) is not None:
        test = next(t for t in (when.lab.lab, when.lab.instead) if situation.labs.get(t) is lab)
        because += f", and {situation.knowledge.labs[test].name} was {plain(lab.value)} {lab.unit} on {lab.on}"
    condition = next((c for name in when.conditions for c in situation.held.by_id.get(name, ()) if not c.denied), None)
    if condition is not None:
        because += f", with {in_series([situation.knowledge.conditions[c] for c in when.conditions])} on record"
    return finding_on(
        rule,
        use,
        situation,
        f"{because}.",
        others=taken_with,
        evidence=evidence,
        condition=condition.given if condition else None,
    )


def _names(rule: Rule, situation: Situation) -> list[str]:
    """The ingredients of the rule that are taken: of a combination, the one that is meant."""
    return [name for rxcui, name in situation.knowledge.names_of(rule.drug_set).items() if rxcui in situation.active]
