"""What a finding says, for rules that are not made of the common grammar: who says it, how grave, why and what next."""

from dataclasses import dataclass

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Screen, Severity


@dataclass(frozen=True, slots=True)
class Said:
    """The part of a rule that its findings carry unchanged; `name` is its plain name."""

    rule_id: str
    screen: Screen
    dur_code: str
    name: str
    severity: Severity
    consequence: str
    recommendation: str
    citation: Citation
