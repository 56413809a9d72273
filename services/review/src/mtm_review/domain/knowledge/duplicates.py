"""What the screen of duplicate therapy knows: general rules, classes with an allowance, and pairs that are meant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Severity

INDICATION_TIER = 3


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """A rule of duplication that needs no list of drugs: the same ingredient, or the same family."""

    rule_id: str
    name: str
    severity: Severity
    consequence: str
    recommendation: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DuplicateClass:
    """Drugs of which a member should take at most `allowance` at a time by the routes that count.

    `prn_counts` says that an as-needed drug still duplicates (pain relief, where totals do the harm); `high_risk`
    raises the severity of what is found by one step when prescribers or pharmacies differ. `rule_id` is what its
    findings carry; `best_tier` is 3 where drugs of different classes only share an indication.
    """

    class_id: str
    rule_id: str
    name: str
    allowance: int
    parent: str | None
    routes: frozenset[str]
    severity: Severity
    high_risk: bool
    prn_counts: bool
    best_tier: int
    consequence: str
    recommendation: str
    citation: Citation
    members: Mapping[str, str]
    depth: int = 0

    @property
    def by_indication(self) -> bool:
        """True when its drugs share no more than what they are taken for."""
        return self.best_tier == INDICATION_TIER


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an intended pair: ingredients, and where needed the route group or the release of the product."""

    ingredients: frozenset[str]
    route: str = ""
    release: str = ""

    def fits(self, ingredient: str, route: str, long_acting: bool) -> bool:
        """True when a use of the ingredient by the route and release is this side of the pair."""
        return (
            ingredient in self.ingredients
            and (not self.route or self.route == route)
            and (not self.release or (self.release == "long_acting") == long_acting)
        )


class Differ(StrEnum):
    """In what two supplies of one ingredient must differ, so that they are a pair that is meant."""

    STRENGTH = "strength"
    FORM = "form"
    PRODUCT = "product"
    COMBINATION = "combination"


@dataclass(frozen=True, slots=True)
class IntendedPair:
    """Two drugs of one class, or two supplies of one ingredient, that are meant to be taken together.

    `conditions` are those of which one must be on record; where none is, a finding is no graver than `otherwise`.
    `differ` lets the pair hold within one ingredient, `one_prescriber` only where a prescriber ordered both,
    `up_to_days` (0: for good) only while they are together no longer than that.
    """

    pair_id: str
    first: Side
    second: Side
    conditions: tuple[str, ...]
    otherwise: Severity | None
    differ: Differ | None
    one_prescriber: bool
    up_to_days: int
    rationale: str
    citation: Citation

    @property
    def within_ingredient(self) -> bool:
        """True when two supplies of one ingredient can be the pair: only if something tells them apart."""
        released = bool(self.first.release and self.second.release and self.first.release != self.second.release)
        return released or self.differ is not None


@dataclass(frozen=True, slots=True)
class DuplicateKnowledge:
    """Everything that the screen of duplicate therapy knows; `of` makes the indexes by ingredient."""

    general: Mapping[str, GeneralRule]
    classes: Mapping[str, DuplicateClass]
    pairs: tuple[IntendedPair, ...]
    classes_by_ingredient: Mapping[str, tuple[DuplicateClass, ...]]
    pairs_by_ingredient: Mapping[str, tuple[IntendedPair, ...]]

    @classmethod
    def of(
        cls, general: Iterable[GeneralRule], classes: Iterable[DuplicateClass], pairs: Iterable[IntendedPair]
    ) -> Self:
        """The parts, which must already agree with each other, with their indexes."""
        by_class = {duplicate.class_id: duplicate for duplicate in classes}
        listed = tuple(pairs)
        return cls(
            general={rule.rule_id: rule for rule in general},
            classes=by_class,
            pairs=listed,
            classes_by_ingredient=_class_index(by_class),
            pairs_by_ingredient=_pair_index(listed),
        )

    def allowing(self, allowances: Mapping[str, int]) -> Self:
        """The same with other allowances for some classes, by class id."""
        classes = {
            class_id: replace(duplicate, allowance=allowances.get(class_id, duplicate.allowance))
            for class_id, duplicate in self.classes.items()
        }
        return replace(self, classes=classes, classes_by_ingredient=_class_index(classes))


def _class_index(classes: Mapping[str, DuplicateClass]) -> dict[str, tuple[DuplicateClass, ...]]:
    """Each ingredient's classes with all their ancestors, most specific first."""
    index: defaultdict[str, dict[str, DuplicateClass]] = defaultdict(dict)
    for duplicate in classes.values():
        for rxcui in duplicate.members:
            walk: DuplicateClass | None = duplicate
            while walk is not None:
                index[rxcui][walk.class_id] = walk
                walk = classes[walk.parent] if walk.parent else None
    return {
        rxcui: tuple(sorted(found.values(), key=lambda c: (-c.depth, c.class_id))) for rxcui, found in index.items()
    }


def _pair_index(pairs: tuple[IntendedPair, ...]) -> dict[str, tuple[IntendedPair, ...]]:
    index: defaultdict[str, list[IntendedPair]] = defaultdict(list)
    for pair in pairs:
        for rxcui in pair.first.ingredients | pair.second.ingredients:
            index[rxcui].append(pair)
    return {rxcui: tuple(found) for rxcui, found in index.items()}
