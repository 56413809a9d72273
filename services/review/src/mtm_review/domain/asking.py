"""What a gate is asked of, what it is, and what it answers; apart from the gates, which stand in several files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.wording import in_series, short_name

if TYPE_CHECKING:
    from mtm_review.domain.courses import Course
    from mtm_review.domain.knowledge import Knowledge, Rule
    from mtm_review.domain.situation import Situation


class Use(NamedTuple):
    """What a rule is asked of: the active courses of one drug, or of all drugs of its set together."""

    courses: tuple[Course, ...]
    rxcuis: frozenset[str]

    @property
    def name(self) -> str:
        """The drugs' names."""
        if len(self.courses) == 1:
            return short_name(self.courses[0].drug)
        return in_series(sorted({short_name(course.drug) for course in self.courses}))


class Stop(NamedTuple):
    """Where a rule stopped: the reason to tell, if any, in a sentence; `missing` names a fact that is not known.

    The sentence may come as a function that makes it: most stops are never told.
    """

    text: str | Callable[[], str]
    reason: SuppressionReason | None = None
    missing: str = ""

    @property
    def because(self) -> str:
        """The sentence."""
        return self.text if isinstance(self.text, str) else self.text()


class Gate(NamedTuple):
    """One circumstance: `asks` says it in words, `stop` decides it."""

    asks: Callable[[Rule, Knowledge], str]
    stop: Callable[[Rule, Use, Situation], Stop | None]
