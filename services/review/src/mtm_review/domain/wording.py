"""The few turns of phrase that findings share, so that every screen speaks the same plain English."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from mtm_shared.values.drug import Drug

from mtm_review.domain.regimen import Course


def in_series(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str) -> str:
    """The text with a capital first letter; the rest is left alone (`pH`, `ACE`)."""
    return text[:1].upper() + text[1:]


def short_name(drug: Drug) -> str:
    """The ingredients' names joined by a slash, as a pharmacist would say them."""
    if len(drug.ingredients) == 1:
        return drug.ingredients[0].name
    return "/".join([ingredient.name for ingredient in drug.ingredients])


def distinct(names: Iterable[str]) -> list[str]:
    """Names in order, each once."""
    return sorted(set(names))


@lru_cache(maxsize=8192)
def on(ordinal: int) -> str:
    """A day ordinal as a date."""
    return date.fromordinal(ordinal).isoformat()


def evidence_of(course: Course) -> str:
    """One line on what supports a course: fills and days, or that the member reports it."""
    name = course.medications[0].name
    by = f", prescriber {', '.join(sorted(course.prescribers))}" if course.prescribers else ""
    if not course.fill_days:
        start = course.medications[0].start
        since = f" since {start.isoformat()}" if start else ""
        return f"{name}: {course.medications[0].source.value}{since}{by}"
    fills = len(course.fill_days)
    times = "1 fill" if fills == 1 else f"{fills} fills"
    return (
        f"{name}: {times}, {on(course.fill_days[0])} to {on(course.fill_days[-1])}, supplied to {on(course.last)}{by}"
    )
