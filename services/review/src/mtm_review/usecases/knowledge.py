"""What this service knows of a finding's rule, in everyday words."""

from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.review import KeptFinding


def condition_name(knowledge: Knowledge, finding: KeptFinding) -> str | None:
    """The condition that a finding speaks of, in everyday words; None where no rule of today's knowledge names it."""
    rule = knowledge.rules.get(finding.rule_id)
    return knowledge.conditions[rule.when.conditions[0]] if rule is not None and rule.when.conditions else None
