"""What the review service knows: its rules with their citations, and the version that they make up."""

from mtm_shared.contracts.common import Answer, Citation
from mtm_shared.contracts.kinds import Screen, Severity


class RuleSummary(Answer):
    """A rule of the knowledge in a list."""

    rule_id: str
    screen: Screen
    title: str
    severity: Severity
    citation: Citation


class Rule(RuleSummary):
    """A rule with the drugs, conditions and exceptions that it names."""

    drugs: list[str]
    conditions: list[str] = []
    exceptions: list[str] = []
    consequence: str
    recommendation: str


class SeverityMeaning(Answer):
    """A step of the severity scale and what it means."""

    severity: Severity
    meaning: str


class Knowledge(Answer):
    """What the service knows: version, counts by screen and the rules.

    `statuses` counts rules by how sure their source is; `versions` are those that a review can be replayed on.
    """

    knowledge_version: str
    fingerprint: str
    counts: dict[str, int]
    statuses: dict[str, int] = {}
    severities: list[SeverityMeaning] = []
    versions: list[str] = []
    rules: list[RuleSummary]
