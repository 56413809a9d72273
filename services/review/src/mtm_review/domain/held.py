"""The conditions that hold on the day, by the ids of the vocabulary that rules name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mtm_review.domain.finding import Confidence
from mtm_review.domain.patient import Condition


@dataclass(frozen=True, slots=True)
class Held:
    """What the member was given that holds on the day, by the condition of the vocabulary that it shows.

    `inferred` says of a condition that is on record only because of the drugs taken how sure that is.
    """

    by_id: Mapping[str, tuple[Condition, ...]]
    inferred: Mapping[str, Confidence]

    def has(self, condition_id: str) -> bool:
        """True when something that holds shows the condition and nobody denied it."""
        return any(not condition.denied for condition in self.by_id.get(condition_id, ()))

    def reported(self, condition_id: str) -> bool:
        """True when it was reported, and not only inferred from drugs."""
        return condition_id not in self.inferred and self.has(condition_id)

    def confidence(self, condition_id: str) -> Confidence:
        """How sure it is that the member has the condition."""
        return self.inferred.get(condition_id, Confidence.REPORTED)


def held_conditions(conditions: Iterable[Condition], as_of: date, named: Collection[str]) -> Held:
    """Each that holds on the day, under every condition it shows that rules name."""
    by_id: defaultdict[str, list[Condition]] = defaultdict(list)
    for condition in conditions:
        if condition.problem or not condition.holds_on(as_of):
            continue
        for condition_id in condition.conditions:
            if condition_id in named:
                by_id[condition_id].append(condition)
    return Held({condition_id: tuple(found) for condition_id, found in by_id.items()}, {})
