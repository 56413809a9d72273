"""What the screen of adherence knows: classes whose days covered are measured, and what refilling too early means."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from mtm_review.domain.knowledge.rules import DrugSet
from mtm_review.domain.knowledge.said import Said


@dataclass(frozen=True, slots=True)
class Measure:
    """A class of drugs of which so many percent of the days should be covered (`threshold`).

    A fill of any of `unless_drugs` in the period, or any of `unless_conditions`, excludes the member. A drug of
    `switch_sets` that is started when the class ends explains the end.
    """

    said: Said
    drug_sets: tuple[str, ...]
    routes: frozenset[str]
    threshold: int
    min_age: int
    unless_drugs: tuple[str, ...]
    unless_conditions: tuple[str, ...]
    switch_sets: tuple[str, ...]

    @property
    def measure_id(self) -> str:
        """The id without that of the screen."""
        return self.said.rule_id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class EarlyRefills:
    """When refills come too early: drugs of these schedules (none: drugs that are not controlled), within a window.

    Either more than `on_hand_over` days are still on hand of earlier fills, or the last `in_a_row` refills each came
    with more than `early_percent` percent of the supply before them left.
    """

    said: Said
    schedules: frozenset[str]
    routes: frozenset[str]
    window_days: int
    on_hand_over: int
    in_a_row: int
    early_percent: int


@dataclass(frozen=True, slots=True)
class AdherenceKnowledge:
    """Everything that the screen of adherence knows; `of` makes the index by ingredient."""

    measures: Mapping[str, Measure]
    early_refills: Mapping[str, EarlyRefills]
    measures_of: Mapping[str, tuple[Measure, ...]]

    @classmethod
    def of(
        cls, measures: Iterable[Measure], early_refills: Iterable[EarlyRefills], drug_sets: Mapping[str, DrugSet]
    ) -> Self:
        """The parts, which must already agree with each other, with their index."""
        by_id = {measure.said.rule_id: measure for measure in measures}
        index: defaultdict[str, dict[str, Measure]] = defaultdict(dict)
        for measure in by_id.values():
            for name in measure.drug_sets:
                for rxcui in drug_sets[name].names:
                    index[rxcui][measure.said.rule_id] = measure
        return cls(
            measures=by_id,
            early_refills={rule.said.rule_id: rule for rule in early_refills},
            measures_of={rxcui: tuple(found.values()) for rxcui, found in index.items()},
        )

    @property
    def conditions(self) -> frozenset[str]:
        """Every condition that a measure names."""
        return frozenset(name for measure in self.measures.values() for name in measure.unless_conditions)
