"""What makes opioids dangerous: how much, with what, from how many, for whom, and what is missing beside them.

Morphine equivalents come by a named set of factors (`mtm_review.domain.opioids`), which every finding names. Three
programmes compare with nearly the same number and must not be confused: the care-coordination edit at the point of
sale speaks from 90 MME on (42 CFR 423.153(b)(2)), the Overutilization Monitoring System of an average over 90, and
OHD of an average of 90 or more over an episode. This screen looks at one day. Members in hospice or palliative care,
with cancer or with sickle cell disease are exempt, and it is said so.

Reason codes: HD for equivalents, AT for drugs whose effects add up, DD where one opioid blocks another, AD for what is
missing, SF for a form that beginners should not have, MX for a first supply that is too long, DM for many sources.
"""

from mtm_review.domain.finding import Finding, Screen, SuppressionReason
from mtm_review.domain.gates import Use, others
from mtm_review.domain.gates_of_opioids import sources_of
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, run_rules
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, in_series, short_name

POINT_OF_SALE = 90
_UNTOLD = frozenset({SuppressionReason.BELOW_THRESHOLD, SuppressionReason.DIFFERENT_ROUTE})


def screen_opioid_safety(situation: Situation) -> Seen:
    """Findings on the opioids that are active on the day; exemptions are told."""
    return run_rules(situation, Screen.OPIOID_SAFETY, _finding, _UNTOLD)


def _finding(rule: Rule, use: Use, situation: Situation) -> Finding:
    taken_with = others(rule, use, situation) if rule.when.with_drugs else []
    evidence = list(_counted(situation)) if rule.when.mme_from else []
    return finding_on(rule, use, situation, _because(rule, use, situation), others=taken_with, evidence=evidence)


def _because(rule: Rule, use: Use, situation: Situation) -> str:
    when, names = rule.when, use.name
    if when.with_drugs:
        also = in_series(distinct(short_name(c.drug) for c in others(rule, use, situation)))
        return f"The member takes {names} together with {also}."
    if when.mme_from and situation.opioid is not None:
        missing = f", and no {_said(when.unless_on_file)} is on file" if when.unless_on_file else ""
        return f"{names} comes to {situation.opioid.said}{missing}."
    if when.sources is not None:
        prescribers, pharmacies = sources_of(rule, situation)
        return (
            f"Opioids came from {len(prescribers)} prescribers and {len(pharmacies)} pharmacies "
            f"in {when.sources.days} days."
        )
    if when.naive_days:
        return f"{names} was started without an opioid in the {when.naive_days} days before."
    missing = in_series([_said((name,)) for name in (*when.unless_drugs, *when.unless_on_file)])
    return f"The member takes {names}, and no {missing} is on file." if missing else f"The member takes {names}."


def _said(set_ids: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in set_ids)


def _counted(situation: Situation) -> list[str]:
    """How the equivalents were counted, and what each programme makes of such a day."""
    total = situation.opioid
    if total is None:
        return []
    reached = "reached" if total.at_least >= POINT_OF_SALE else "not reached"
    over = "over it" if total.at_least > POINT_OF_SALE else "not over it"
    return [
        *[part.because for part in total.parts],
        f"factors {total.factor_set}; care-coordination edit (90 or more): {reached}; OMS (over 90): {over} that day",
    ]
