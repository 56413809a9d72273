"""Chance that is the same on every Python: one generator for each member, and nothing asked of it but `random()`.

`random.Random.random` gives the same numbers for the same whole-number seed in every version (the standard library
promises that much, and no more: `choice`, `shuffle` and the distributions may change). All draws are built on it here.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from math import log
from random import Random
from typing import TypeVar

Draw = Callable[[], float]
Item = TypeVar("Item")

PEOPLE = 1 << 48
_STEPS = 256
# Quantiles of the exponential distribution with mean one, so that no logarithm is taken for each refill.
WAITING = tuple(round(-log(1 - (step + 0.5) / _STEPS), 4) for step in range(_STEPS))


def stream(seed: int, number: int) -> Draw:
    """The draws of one member; another number is another stream, whatever the size of the plan."""
    return Random(seed * PEOPLE + number).random  # noqa: S311 - nothing here is a secret


class Weighted(tuple[list[float], Sequence[Item]]):
    """Items with weights, to be drawn from quickly."""

    __slots__ = ()

    def __new__(cls, weighted: Iterable[tuple[Item, float]]) -> "Weighted[Item]":
        """Items in order; the weights need not sum to one."""
        pairs = list(weighted)
        total = sum(weight for _, weight in pairs)
        limits = [limit / total for limit in accumulate(weight for _, weight in pairs)]
        limits[-1] = 1.0
        return tuple.__new__(cls, (limits, [item for item, _ in pairs]))

    def pick(self, draw: Draw) -> Item:
        """One of the items."""
        return self[1][bisect_right(self[0], draw())]


def one_of(items: Sequence[Item], draw: Draw) -> Item:
    """Any of the items, all alike."""
    return items[int(draw() * len(items))]


def between(low: int, high: int, draw: Draw) -> int:
    """A whole number from low to high, both included."""
    return low + int(draw() * (high - low + 1))
