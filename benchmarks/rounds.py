"""Interleaved rounds of two measurements, and the ratio of their medians."""

import statistics
from collections.abc import Callable


def interleaved(peer: Callable[[], float], ours: Callable[[], float], rounds: int = 5) -> tuple[float, float, float]:
    """Medians of the peer and of ours over alternating rounds, and the median of the ratios ours / peer."""
    pairs = [(peer(), ours()) for _ in range(rounds)]
    return (
        statistics.median(first for first, _ in pairs),
        statistics.median(second for _, second in pairs),
        statistics.median(second / first for first, second in pairs),
    )


def row(name: str, value: float, unit: str, note: str = "") -> None:
    """One line of a result."""
    print(f"{name:<44} {value:>12,.2f} {unit:<16} {note}", flush=True)
