"""What the screen of gaps in care knows: for whom a drug is recommended, what would be that drug, and what excepts.

A gap speaks of members who have a condition (or fills that stand for it) or take a drug, and who lack every drug of
`wanted`. Points over conditions, age and sex (CHA2DS2-VASc) are a table of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from mtm_review.domain.knowledge.rules import Amount, DrugSet
from mtm_review.domain.knowledge.said import Said

# The questions of a gap in the order in which they are asked, each with the fields of which any must be there for it.
# Whether a condition was denied comes after what would end the gap silently, so that nothing is said to be silenced
# that was never there.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "age": ("min_age", "max_age"),
    "sex": ("sex",),
    "also": ("also",),
    "taken": ("taken",),
    "with_drugs": ("with_drugs",),
    "fills": ("min_fills",),
    "wanted": ("wanted",),
    "condition": ("conditions",),
    "days": ("days_over",),
    "enough": ("enough",),
    "score": ("score",),
    "excepted": ("unless_conditions", "unless_drugs"),
    "hospice": (),
    "allergy": ("wanted",),
    "absence": (),
    "lapsed": ("wanted",),
}


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One line of a score: points for any of the conditions, or for an age from `min_age` to `max_age`, or for a sex.

    What only a sex gives is shown and not counted towards a bound: the bounds for women and men that guidelines name
    differ by just that point.
    """

    name: str
    points: int
    conditions: tuple[str, ...]
    min_age: int
    max_age: int
    sex: str


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a guideline."""

    score_id: str
    name: str
    items: tuple[ScoreItem, ...]


@dataclass(frozen=True, slots=True)
class Enough:
    """The daily amount from which drugs of a set are what is wanted (a high-intensity statin)."""

    drug_set: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class CareGap:
    """For whom a drug is recommended, and who is excepted.

    Any of `conditions` must be on record (reported, not inferred), and any of `also`; `filled` stands for a condition
    by two fills on different days in a year. Any drug of `taken` must be active (by any of `taken_routes`), with at
    least `min_fills` fills in a year. `bound` is the number of points from which `score` asks for the drug.
    `over_the_counter` says that the drug wanted is often bought without a claim, so that its absence is known only
    where somebody asked the member.
    """

    said: Said
    conditions: tuple[str, ...]
    also: tuple[str, ...]
    filled: str
    taken: tuple[str, ...]
    taken_routes: frozenset[str]
    with_drugs: tuple[str, ...]
    min_fills: int
    wanted: tuple[str, ...]
    routes: frozenset[str]
    enough: tuple[Enough, ...]
    min_age: int
    max_age: int
    sex: str
    score: str
    bound: int
    days_over: int
    over_the_counter: bool
    unless_drugs: tuple[str, ...]
    unless_conditions: tuple[str, ...]
    asked: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note once which questions are asked, in their order, so that a screening asks no other."""
        object.__setattr__(self, "asked", tuple(name for name, fields in ASKED.items() if self._has(fields)))

    def _has(self, names: tuple[str, ...]) -> bool:
        return not names or any(getattr(self, name) for name in names)

    @property
    def named_conditions(self) -> tuple[str, ...]:
        """Every condition that the gap names."""
        return (*self.conditions, *self.also, *self.unless_conditions)

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The drug sets whose drugs bring the gap up."""
        return (*self.taken, self.filled) if self.filled else self.taken


@dataclass(frozen=True, slots=True)
class GapKnowledge:
    """Everything that the screen of gaps in care knows; `of` makes the indexes."""

    gaps: Mapping[str, CareGap]
    scores: Mapping[str, Score]
    by_condition: Mapping[str, tuple[CareGap, ...]]
    by_drug: Mapping[str, tuple[CareGap, ...]]

    @classmethod
    def of(cls, gaps: Iterable[CareGap], scores: Mapping[str, Score], drug_sets: Mapping[str, DrugSet]) -> Self:
        """The parts, which must already agree with each other, with their indexes."""
        by_id = {gap.said.rule_id: gap for gap in gaps}
        by_condition: defaultdict[str, list[CareGap]] = defaultdict(list)
        by_drug: defaultdict[str, dict[str, CareGap]] = defaultdict(dict)
        for gap in by_id.values():
            for name in gap.conditions:
                by_condition[name].append(gap)
            for set_id in gap.asked_of:
                for rxcui in drug_sets[set_id].names:
                    by_drug[rxcui][gap.said.rule_id] = gap
        return cls(
            gaps=by_id,
            scores=scores,
            by_condition={name: tuple(found) for name, found in by_condition.items()},
            by_drug={rxcui: tuple(found.values()) for rxcui, found in by_drug.items()},
        )

    @property
    def conditions(self) -> frozenset[str]:
        """Every condition that a gap or a score names."""
        gaps = {name for gap in self.gaps.values() for name in gap.named_conditions}
        scores = {name for score in self.scores.values() for item in score.items for name in item.conditions}
        return frozenset(gaps | scores)
