"""A pair that is a duplicate and that a label forbids as an interaction is told once, by the screen of interactions.

Sacubitril with valsartan beside an ACE inhibitor is two drugs on one system, and by its label contraindicated for
another reason (angioedema): a pharmacist reads the graver of the two. What the screen of duplicates then leaves to the
other stays readable as suppressed. Only contraindicated interactions count, because no policy hides those. Asked only
where a class was found twice, which is rare.
"""

from collections.abc import Collection

from mtm_review.domain.finding import Finding, Severity, Suppressed, SuppressionReason
from mtm_review.domain.medication import Medication
from mtm_review.domain.screens.drug_drug import screen_drug_drug
from mtm_review.domain.situation import Seen, Situation


def left_to_interactions(seen: Seen, situation: Situation) -> Seen:
    """What the screen of duplicates saw, without the pairs of a class that are told as contraindicated."""
    if all(finding.dur_code != "TD" for finding in seen.findings):
        return seen
    forbidden = [each for each in screen_drug_drug(situation).findings if each.severity is Severity.CONTRAINDICATED]
    kept: list[Finding] = []
    left: list[Suppressed] = []
    for finding in seen.findings:
        graver = next((each for each in forbidden if _tells(each, finding, situation)), None)
        if graver is None:
            kept.append(finding)
            continue
        because = f"{finding.because} The rule {graver.rule_id} tells of it as {graver.severity}."
        reason = SuppressionReason.POLICY
        left.append(Suppressed(finding.screen, finding.rule_id, finding.medications, reason, because))
    return Seen(kept, [*seen.suppressed, *left], seen.not_checked) if left else seen


def _tells(interaction: Finding, duplicate: Finding, situation: Situation) -> bool:
    """Whether the interaction is graver, and between the very drugs that are the duplicate."""
    if duplicate.dur_code != "TD" or duplicate.severity is Severity.CONTRAINDICATED:
        return False
    within = {each.medication_id for each in interaction.medications}
    if any(each.medication_id not in within for each in duplicate.medications):
        return False
    knowledge = situation.knowledge
    own = knowledge.names_of(knowledge.rules[interaction.rule_id].drug_set)
    others = knowledge.with_ingredients[interaction.rule_id]
    return any(
        _holds(one, own) and _holds(other, others)
        for one in duplicate.medications
        for other in duplicate.medications
        if one is not other
    )


def _holds(medication: Medication, rxcuis: Collection[str]) -> bool:
    return medication.drug is not None and any(each.rxcui in rxcuis for each in medication.drug.ingredients)
