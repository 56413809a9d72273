"""The conditions that hold on the day, by the ids of the vocabulary that rules name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Confidence
from mtm_review.domain.patient import INFERRED, Condition

_in_order = attrgetter("given", "source", "denied")


class Inferred(NamedTuple):
    """A condition that nobody reported and that drugs show; `shows` are it and the wider ones that hold with it."""

    condition: str
    name: str
    confidence: Confidence
    because: str
    courses: tuple[Course, ...]
    shows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """What the member was given that holds on the day, by the condition of the vocabulary that it shows.

    `inferred` says of a condition that is on record only because of the drugs taken how sure that is, and `shown_by`
    what shows it; a condition that the caller gave as inferred is in the first alone.
    """

    by_id: Mapping[str, tuple[Condition, ...]]
    inferred: Mapping[str, Confidence]
    shown_by: Mapping[str, Inferred] = field(default_factory=dict)

    def has(self, condition_id: str) -> bool:
        """True when something that holds shows the condition and nobody denied it."""
        return any(not condition.denied for condition in self.by_id.get(condition_id, ()))

    def reported(self, condition_id: str) -> bool:
        """True when it was reported, and not only inferred from drugs."""
        return condition_id not in self.inferred and self.has(condition_id)

    def confidence(self, condition_id: str) -> Confidence:
        """How sure it is that the member has the condition."""
        return self.inferred.get(condition_id, Confidence.REPORTED)

    def answered(self, condition_id: str) -> bool:
        """True when it was reported or denied, so that drugs have nothing to add."""
        return any(condition.denied or condition.source != INFERRED for condition in self.by_id.get(condition_id, ()))

    def denied(self, condition_id: str) -> bool:
        """True when it was denied and nothing reported shows it."""
        return condition_id in self.by_id and not self.has(condition_id)

    def shown_only_by(self, condition_id: str, keys: Collection[str]) -> bool:
        """True when nobody reported it and no drug shows it but those with these keys."""
        shown = self.shown_by.get(condition_id)
        return shown is not None and all(course.key in keys for course in shown.courses)

    def with_inferred(self, found: Sequence[Inferred]) -> "Held":
        """The same with what the drugs show; the surest comes first, and what was reported or denied stays as it is."""
        by_id, inferred, shown_by = dict(self.by_id), dict(self.inferred), dict(self.shown_by)
        for each in found:
            for condition_id in each.shows:
                if condition_id not in shown_by and not self.answered(condition_id):
                    given = Condition(each.condition, code=each.condition, source=INFERRED, conditions=each.shows)
                    by_id[condition_id] = (*by_id.get(condition_id, ()), given)
                    inferred[condition_id] = each.confidence
                    shown_by[condition_id] = each
        return Held(by_id, inferred, shown_by)


def held_conditions(conditions: Iterable[Condition], as_of: date, named: Collection[str]) -> Held:
    """Each that holds on the day, under every condition it shows that rules name.

    What the caller gave as inferred, by drugs that we may not see, holds with low confidence. Of several codes for one
    condition the first by name is told, in whatever order they came.
    """
    by_id: defaultdict[str, list[Condition]] = defaultdict(list)
    unsure = False
    for condition in sorted(conditions, key=_in_order):
        if condition.problem or not condition.holds_on(as_of):
            continue
        unsure = unsure or condition.source == INFERRED
        for condition_id in condition.conditions:
            if condition_id in named:
                by_id[condition_id].append(condition)
    held = Held({condition_id: tuple(found) for condition_id, found in by_id.items()}, {})
    if not unsure:
        return held
    return Held(held.by_id, {name: Confidence.INFERRED_LOW for name in held.by_id if not held.answered(name)})
