"""Why a rule is silent ("why not?"): a rule, a member, and the step at which the rule did not fire.

The steps come from the code that decides: the engine's own for rules about drugs, and a function `explain` in the file
of each screen that decides in another way. What the screen then shows is asked of the screen itself, so that an
explanation never claims a finding that a screening would not give.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mtm_review.domain import ruled
from mtm_review.domain.finding import Finding, Screen, Severity, Suppressed
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.once import ALIKE
from mtm_review.domain.readable import readable_rule
from mtm_review.domain.ruled import Step
from mtm_review.domain.screening import ScreeningOptions, screen_situation
from mtm_review.domain.screens import adherence, allergy, cost, cumulative_burden, duplicate_therapy, gap_in_care
from mtm_review.domain.situation import Situation

_ALL: Final = 1_000_000


class RuleNotFound(Exception):
    """The knowledge has no rule with this id."""


class CannotExplain(Exception):
    """The knowledge has the rule, and its screen cannot tell its steps yet."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps of a rule for a member, and what the screen shows of it."""

    rule_id: str
    screen: Screen
    severity: Severity
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]

    @property
    def fires(self) -> bool:
        """Whether a screening has a finding of the rule (before it is cut to the number that is shown)."""
        return bool(self.findings)


EXPLAINERS: Final[Mapping[Screen, Callable[[str, Situation], list[Step]]]] = {
    Screen.DUPLICATE_THERAPY: duplicate_therapy.explain,
    Screen.OLDER_ADULT: cumulative_burden.explain,
    Screen.ADHERENCE: adherence.explain,
    Screen.GAP_IN_CARE: gap_in_care.explain,
    Screen.COST: cost.explain,
    Screen.ALLERGY: allergy.explain,
}
"""The screens that are not made of rules of the common engine, each with its own account."""


def explain(rule_id: str, situation: Situation) -> Explanation:
    """Why the rule fires or does not; raises `RuleNotFound` and `CannotExplain`."""
    knowledge = situation.knowledge
    rule = knowledge.rules.get(rule_id) or readable_rule(knowledge, rule_id)
    if rule is None:
        raise RuleNotFound
    screen = rule.screen
    if isinstance(rule, Rule):
        steps = ruled.explain(rule, situation)
    elif screen in EXPLAINERS:
        steps = EXPLAINERS[screen](rule_id, situation)
    else:
        raise CannotExplain
    findings, suppressed = _seen(rule_id, frozenset((screen,)), situation)
    if not findings:
        steps = [_told_otherwise(step, suppressed) if _fires(step) else step for step in steps]
    elif screen in ALIKE:
        findings, told = _seen(rule_id, ALIKE, situation)
        steps = _told_by_another(steps, findings, [item for item in told if item not in suppressed])
        suppressed = told
    return Explanation(rule_id, screen, rule.severity, tuple(steps), findings, suppressed)


def _seen(
    rule_id: str, screens: frozenset[Screen], situation: Situation
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    seen = screen_situation(situation, (), ScreeningOptions(_ALL, screens))
    return (
        tuple(finding for finding in seen.findings if finding.rule_id == rule_id),
        tuple(item for item in seen.suppressed if item.rule_id == rule_id),
    )


def _fires(step: Step) -> bool:
    return step.step == "finding" and step.outcome == "passed"


def _told_by_another(steps: list[Step], findings: tuple[Finding, ...], told: list[Suppressed]) -> list[Step]:
    """What another screen's finding of the same medications says already ends in a step of its own."""
    left = steps if findings else [step for step in steps if not _fires(step)]
    asks = "No finding of another screen tells of the same medications."
    return [*left, *(Step("told_once", asks, "stopped", item.because) for item in told)]


def _told_otherwise(step: Step, suppressed: tuple[Suppressed, ...]) -> Step:
    """Every step of the rule is met, and its screen says nothing of it: another finding of the screen has told it."""
    because = suppressed[0].because if suppressed else "The screen tells of this by another finding, once."
    return step._replace(step="told_once", asks="Nothing else tells of it.", outcome="stopped", because=because)
