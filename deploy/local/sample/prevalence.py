"""How likely each condition is for a member: by sex and age, general illness, and what clusters with it.

Log odds add up: an intercept, the factors of sex and age, and two hidden levels that are drawn once for each member
(general burden, and one for each cluster), so that illnesses come together as they do in people. The intercept is
solved so that the share over the whole population is the one in the table. Everything is a table look-up afterwards.
"""

from dataclasses import dataclass
from functools import cache
from math import exp, log

from deploy.local.sample.knowledge import SampleCondition, conditions, rates

AGES = ("under_65", "65", "75", "85")
SEXES = ("female", "male")
# Means of equal parts of the normal distribution: eight levels of burden, three of each cluster.
BURDEN = (-1.647, -0.894, -0.489, -0.157, 0.157, 0.489, 0.894, 1.647)
LEVELS = (-1.091, 0.0, 1.091)


@dataclass(frozen=True, slots=True)
class Prevalence:
    """For each kind of member (sex, age, burden), (condition, cluster, chance by level, parent or -1) in order."""

    clusters: int
    kinds: tuple[tuple[tuple[int, int, tuple[float, float, float], int], ...], ...]


def kind_of(sex: int, age: int, burden: int) -> int:
    """The place of a kind of member."""
    return (sex * len(AGES) + age) * len(BURDEN) + burden


def population() -> list[tuple[int, int, float]]:
    """(sex, age, share of members)."""
    known = rates()
    shares = [known["under_65"], known["age_65"], known["age_75"]]
    shares.append(1 - sum(shares))
    women = [known[f"women_{age}"] for age in AGES]
    return [
        (sex, age, shares[age] * (women[age] if sex == 0 else 1 - women[age]))
        for sex in range(len(SEXES))
        for age in range(len(AGES))
    ]


@cache
def prevalence() -> Prevalence:
    """The tables of all conditions."""
    clusters = sorted({one.cluster for one in conditions()})
    places = {one.condition_id: place for place, one in enumerate(conditions())}
    kinds: list[list[tuple[int, int, tuple[float, float, float], int]]] = [
        [] for _ in range(len(SEXES) * len(AGES) * len(BURDEN))
    ]
    mean: dict[int, list[float]] = {}
    for place, condition in enumerate(conditions()):
        parent = places[condition.parent] if condition.parent else -1
        chances = _chances(condition, mean[parent] if parent >= 0 else [1.0] * len(kinds))
        held = mean[parent] if parent >= 0 else [1.0] * len(kinds)
        mean[place] = [sum(levels) / len(LEVELS) * other for levels, other in zip(chances, held, strict=True)]
        for kind, levels in enumerate(chances):
            if any(levels):
                kinds[kind].append((place, clusters.index(condition.cluster), levels, parent))
    return Prevalence(len(clusters), tuple(tuple(kind) for kind in kinds))


def _chances(condition: SampleCondition, held: list[float]) -> list[tuple[float, float, float]]:
    """Chance by kind and level, given the parent where there is one (`held`: how often it is there)."""
    offsets: list[tuple[int, tuple[float, ...], float]] = []
    for sex, age, share in population():
        if condition.among in ("men", "women") and (condition.among == "women") != (sex == 0):
            continue
        odds = log(condition.ages[age]) + (log(condition.women) if sex == 0 and condition.women > 0 else 0.0)
        for place, level in enumerate(BURDEN):
            base = odds + condition.burden * level
            moved = tuple(base + condition.loading * other for other in LEVELS)
            kind = kind_of(sex, age, place)
            offsets.append((kind, moved, share / len(BURDEN) / len(LEVELS) * held[kind]))
    among = {"men": 1, "women": 0}.get(condition.among)
    whole = sum(share for sex, _, share in population() if among is None or sex == among)
    intercept = _solve(offsets, condition.share * whole)
    chances = [(0.0, 0.0, 0.0)] * (len(SEXES) * len(AGES) * len(BURDEN))
    for kind, moved, _ in offsets:
        low, middle, high = (round(_logistic(intercept + one), 9) for one in moved)
        chances[kind] = (low, middle, high)
    return chances


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def _solve(offsets: list[tuple[int, tuple[float, ...], float]], wanted: float) -> float:
    """The intercept at which the expected share is the wanted one, by Newton's method with a bounded step."""
    intercept = log(wanted / (1 - wanted))
    for _ in range(30):
        share = slope = 0.0
        for _, moved, weight in offsets:
            for one in moved:
                chance = _logistic(intercept + one)
                share += weight * chance
                slope += weight * chance * (1 - chance)
        if abs(share - wanted) < 1e-7:
            return intercept
        intercept += max(-1.0, min(1.0, (wanted - share) / slope))
    raise ValueError("a share cannot be reached: its parent is rarer than it")
