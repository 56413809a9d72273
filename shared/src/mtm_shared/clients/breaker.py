"""A circuit breaker: after several failures in a row, answer at once instead of waiting for the next one.

Closed, it lets calls through and counts failures in a row. Open, it refuses for a cool-down. After that one call is
let through on trial: its success closes the breaker, its failure opens it again.
"""

from collections.abc import Callable

from mtm_shared.clients.errors import Unavailable


class CircuitBreaker:
    """Belongs to one client; the clock is monotonic seconds."""

    def __init__(self, monotonic: Callable[[], float], *, failures: int = 5, cool_down: float = 10.0) -> None:
        self._monotonic = monotonic
        self._allowed = failures
        self._cool_down = cool_down
        self._failures = 0
        self._open_until: float | None = None
        self._trial = False

    def check(self) -> None:
        """Let a call through, or raise `Unavailable` with the seconds that are left."""
        if self._open_until is None:
            return
        left = self._open_until - self._monotonic()
        if left > 0 or self._trial:
            raise Unavailable(max(1, round(left)))
        self._trial = True

    def succeeded(self) -> None:
        """The other side answered, whatever it said."""
        self._failures = 0
        self._open_until = None
        self._trial = False

    def failed(self) -> None:
        """The other side could not be reached or is failing."""
        self._failures += 1
        if self._trial or self._failures >= self._allowed:
            self._open_until = self._monotonic() + self._cool_down
        self._trial = False

    def abandoned(self) -> None:
        """The call was cancelled: nothing was learnt, and a trial may be made again."""
        self._trial = False
