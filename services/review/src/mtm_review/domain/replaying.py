"""What another version of the knowledge finds in a review that was kept, and which rule did it.

Causes are told by trial, not by guess. The kept findings stand against those that the kept version gives today, with
today's vocabulary and engine on the day asked for: what differs there is not the knowledge's doing. Those stand against
the findings of the other version: what differs there is, and the comparison of the two versions says whether the rule
is new, gone or changed, or whether another rule's finding took its place in the list.

A decided finding that stopped firing when the list was changed stays in a review as a record
(`mtm_review.domain.lifecycle`); it is named as settled and is no difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mtm_review.domain.comparing import Comparison, RuleChange, What
from mtm_review.domain.review import KeptFinding, MadeBy

# A rank moves with every finding that comes before it, and a decision is the pharmacist's.
COMPARED = (
    "severity", "tier", "confidence", "dur_code", "condition", "because", "consequence", "recommendation", "evidence",
    "citation", "medications",
)  # fmt: skip


class Cause(StrEnum):
    """Why a finding differs."""

    RULE_NEW = "rule_new"
    RULE_GONE = "rule_gone"
    RULE_CHANGED = "rule_changed"
    OTHER_RULES = "other_rules"
    KNOWLEDGE_CHANGED = "knowledge_changed"
    VOCABULARY_CHANGED = "vocabulary_changed"
    SERVICE_CHANGED = "service_changed"
    DAY_CHANGED = "day_changed"
    POLICY_CHANGED = "policy_changed"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding that was added, removed or changed; `fields` names what changed of it."""

    finding: KeptFinding
    causes: tuple[Cause, ...]
    fields: tuple[str, ...] = ()
    before: KeptFinding | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """The differences between a review as kept and the same review on another version."""

    made_before: MadeBy
    made_after: MadeBy
    added: tuple[Difference, ...]
    removed: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    unchanged: int
    settled: tuple[str, ...]
    rules: Mapping[str, RuleChange]

    @property
    def differs(self) -> bool:
        """True when anything was added, removed or changed."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Trial:
    """What each step of the replay found.

    `kept` is the review's own; `again` the kept version's today, None where that version is not at hand; `after` the
    other version's. `comparison` is of the two versions, None where the kept one is not at hand.
    """

    made_before: MadeBy
    made_after: MadeBy
    kept: Sequence[KeptFinding]
    again: Sequence[KeptFinding] | None
    after: Sequence[KeptFinding]
    comparison: Comparison | None


def replay_of(trial: Trial) -> Replay:
    """The differences with their causes, in the order of the findings."""
    before = {finding.finding_id: finding for finding in trial.kept}
    after = {finding.finding_id: finding for finding in trial.after}
    again = None if trial.again is None else {finding.finding_id: finding for finding in trial.again}
    rules = {} if trial.comparison is None else {change.rule_id: change for change in trial.comparison.rules}
    settled = _settled(before, after, again, trial)
    tell = _Tell(trial, before, again, after, rules)
    removed = tuple(
        Difference(finding, tell.causes(finding.finding_id, finding.rule_id))
        for finding_id, finding in before.items()
        if finding_id not in after and finding_id not in settled
    )
    added = tuple(
        Difference(finding, tell.causes(finding.finding_id, finding.rule_id))
        for finding_id, finding in after.items()
        if finding_id not in before
    )
    changed = tuple(
        Difference(finding, tell.causes(finding_id, finding.rule_id), changed_fields, before[finding_id])
        for finding_id, finding in after.items()
        if finding_id in before and (changed_fields := _fields(before[finding_id], finding))
    )
    named = {each.finding.rule_id for each in (*added, *removed, *changed)}
    return Replay(
        trial.made_before,
        trial.made_after,
        added,
        removed,
        changed,
        unchanged=len(after) - len(added) - len(changed),
        settled=tuple(sorted(settled)),
        rules={rule_id: rules[rule_id] for rule_id in sorted(named & rules.keys())},
    )


def _settled(
    before: Mapping[str, KeptFinding],
    after: Mapping[str, KeptFinding],
    again: Mapping[str, KeptFinding] | None,
    trial: Trial,
) -> frozenset[str]:
    """Decided findings that the kept version does not give on the kept list either: the list was changed since."""
    if again is None or _surroundings(trial):
        return frozenset()
    return frozenset(
        finding_id
        for finding_id, finding in before.items()
        if finding.decided is not None and finding_id not in again and finding_id not in after
    )


def _fields(before: KeptFinding, after: KeptFinding) -> tuple[str, ...]:
    return tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))


def _surroundings(trial: Trial) -> tuple[Cause, ...]:
    """What differs beside the knowledge."""
    before, after = trial.made_before, trial.made_after
    pairs = (
        (before.vocabulary_version, after.vocabulary_version, Cause.VOCABULARY_CHANGED),
        (before.service_version, after.service_version, Cause.SERVICE_CHANGED),
        (before.as_of, after.as_of, Cause.DAY_CHANGED),
        (before.policy_version, after.policy_version, Cause.POLICY_CHANGED),
    )
    return tuple(cause for old, new, cause in pairs if old != new)


@dataclass(frozen=True, slots=True)
class _Tell:
    """Says why a finding differs."""

    trial: Trial
    before: Mapping[str, KeptFinding]
    again: Mapping[str, KeptFinding] | None
    after: Mapping[str, KeptFinding]
    rules: Mapping[str, RuleChange]

    def causes(self, finding_id: str, rule_id: str) -> tuple[Cause, ...]:
        """Every cause that the trial shows, the knowledge's first."""
        found: list[Cause] = []
        if self.again is None:
            found.append(Cause.KNOWLEDGE_CHANGED)
            found += _surroundings(self.trial)
            return tuple(found)
        if self._differs(self.again, self.after, finding_id):
            found.append(self._of_rule(rule_id))
        if self._differs(self.before, self.again, finding_id):
            found += _surroundings(self.trial) or (Cause.UNEXPLAINED,)
        return tuple(found)

    def _of_rule(self, rule_id: str) -> Cause:
        """What happened to the rule; where nothing did, other rules took the finding's place or made room for it."""
        change = self.rules.get(rule_id)
        if change is None:
            return Cause.OTHER_RULES
        return {What.NEW: Cause.RULE_NEW, What.GONE: Cause.RULE_GONE, What.CHANGED: Cause.RULE_CHANGED}[change.what]

    @staticmethod
    def _differs(left: Mapping[str, KeptFinding], right: Mapping[str, KeptFinding], finding_id: str) -> bool:
        one, other = left.get(finding_id), right.get(finding_id)
        if one is None or other is None:
            return one is not other
        return bool(_fields(one, other))
