"""The regimen: what the member takes on the day, as courses of products and exposures of ingredients.

An **exposure** is one ingredient by one route, over all the courses that contain it; a refilled ingredient is one
exposure, whoever's label is on the bottle. Duplicates are looked for between exposures, and between the courses
inside one exposure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from mtm_shared.values.drug import Ingredient

from mtm_review.domain.courses import Course, Part, Unusable, course_of, parts_of
from mtm_review.domain.eras import OPEN_END, Era, stay_spans, union
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Stay

__all__ = ["Course", "Exposure", "Regimen", "Unusable", "build_regimen"]

_in_order = attrgetter("medication_id", "given")


class Exposure(NamedTuple):
    """One ingredient by one route, over the courses that contain it."""

    ingredient: Ingredient
    route: str
    courses: tuple[Course, ...]
    eras: tuple[Era, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class Regimen:
    """Everything known of the member's medications on the day."""

    as_of: date
    courses: tuple[Course, ...]
    exposures: tuple[Exposure, ...]
    unusable: tuple[Unusable, ...]


def build_regimen(
    medications: Sequence[Medication], as_of: date, stays: Sequence[Stay] = (), ends: date | None = None
) -> Regimen:
    """Courses and exposures on the day. `ends` is death or disenrolment: no era reaches past it."""
    day = as_of.toordinal()
    limit = OPEN_END if ends is None else ends.toordinal()
    spans = stay_spans(stays, day) if stays else ()
    groups: dict[tuple[str, ...], list[Part]] = {}
    unusable: list[Unusable] = []
    for medication in sorted(medications, key=_in_order):
        parts = parts_of(medication, day)
        if isinstance(parts, Unusable):
            unusable.append(parts)
            continue
        for part in parts:
            groups.setdefault(part.key, []).append(part)
    courses: list[Course] = []
    for _, members in sorted(groups.items()):
        course = course_of(members, day, spans, limit)
        if course is not None:
            courses.append(course)
            continue
        for part in members:
            detail = f"The dates of {part.medication.given} leave no day on which it was taken."
            unusable.append(Unusable(part.medication, "impossible_dates", detail))
    return Regimen(as_of, tuple(courses), exposures_of(courses), tuple(unusable))


def exposures_of(courses: Sequence[Course]) -> tuple[Exposure, ...]:
    """One exposure for each ingredient and route of the courses, in order of the ingredient."""
    grouped: dict[tuple[str, str], list[Course]] = {}
    ingredients: dict[str, Ingredient] = {}
    for course in courses:
        for ingredient in course.drug.ingredients:
            ingredients[ingredient.rxcui] = ingredient
            grouped.setdefault((ingredient.rxcui, course.route), []).append(course)
    exposures = []
    for (rxcui, route), members in sorted(grouped.items()):
        if len(members) == 1:
            eras, active = members[0].eras, members[0].active
        else:
            eras = union((era for c in members for era in c.eras), max(c.grace for c in members))
            active = any(c.active for c in members)
        exposures.append(Exposure(ingredients[rxcui], route, tuple(members), eras, active))
    return tuple(exposures)
