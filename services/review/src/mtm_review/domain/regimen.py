"""The regimen: what the member takes on the day, as courses of products and exposures of ingredients.

A **course** is one product as one prescriber orders it: refills of it carry forward and make eras. An **exposure** is
one ingredient by one route, over all the courses that contain it; a refilled ingredient is one exposure, whoever's
label is on the bottle. Duplicates are looked for between exposures, and between the courses inside one exposure.

Active on the day: supply plus grace reaches it (days in a facility do not use up the grace), or, for what the member
reports (OTC, herbal, supplement, sample, reported), while the list says active. A reported medication without a
start is taken to be long-standing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mtm_shared.values.drug import Drug, Ingredient

from mtm_review.domain.eras import (
    LEAST_GRACE,
    OPEN_END,
    Era,
    build_eras,
    days_inside,
    grace_of,
    stay_spans,
    union,
)
from mtm_review.domain.medication import Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Stay
from mtm_review.domain.routes import route_of

LONG_STANDING_DAYS = 180
_SLOW = re.compile(r"\b(extended release|12 hr|24 hr|er|xr|sr|xl|la|cr)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Course:
    """One product by one prescriber. `fill_days` are ordinals in order; `current` means reported and ongoing."""

    drug: Drug
    key: str
    route: str
    medications: tuple[Medication, ...]
    eras: tuple[Era, ...]
    fill_days: tuple[int, ...]
    prescribers: frozenset[str]
    pharmacies: frozenset[str]
    grace: int
    active: bool
    current: bool
    as_needed: bool
    long_acting: bool

    @property
    def first(self) -> int:
        """Ordinal of the first day on hand."""
        return self.eras[0].first

    @property
    def last(self) -> int:
        """Ordinal of the last day on hand."""
        return self.eras[-1].last


@dataclass(frozen=True, slots=True)
class Exposure:
    """One ingredient by one route, over the courses that contain it."""

    ingredient: Ingredient
    route: str
    courses: tuple[Course, ...]
    eras: tuple[Era, ...]
    active: bool

    @property
    def started(self) -> int:
        """Ordinal of the first day of the era that reaches furthest."""
        return self.eras[-1].first

    @property
    def last(self) -> int:
        """Ordinal of the last day on hand."""
        return self.eras[-1].last


@dataclass(frozen=True, slots=True)
class Unusable:
    """A medication that no course could be built from, with a code and a sentence."""

    medication: Medication
    code: str
    detail: str


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
    spans = stay_spans(stays, day)
    groups: defaultdict[tuple[str, ...], list[_Part]] = defaultdict(list)
    unusable: list[Unusable] = []
    for medication in sorted(medications, key=lambda m: (m.medication_id, m.given)):
        parts = _parts(medication, day)
        if isinstance(parts, Unusable):
            unusable.append(parts)
            continue
        for part in parts:
            groups[part.key].append(part)
    courses: list[Course] = []
    for key, parts in sorted(groups.items()):
        course = _course(key, parts, day, spans, limit)
        if course is None:
            unusable.extend(_without_days(part.medication) for part in parts)
        else:
            courses.append(course)
    return Regimen(as_of, tuple(courses), _exposures(courses), tuple(unusable))


@dataclass(frozen=True, slots=True)
class _Part:
    """The fills of one medication by one prescriber, or the medication itself where it has no fills."""

    key: tuple[str, ...]
    medication: Medication
    drug: Drug
    fills: tuple[Supply, ...]


def _parts(medication: Medication, day: int) -> list[_Part] | Unusable:
    drug = medication.drug
    if drug is None or not drug.ingredients:
        detail = medication.problem_detail or f"{medication.given} is not a drug that the vocabulary knows."
        return Unusable(medication, medication.problem or "unknown_drug", detail)
    if not medication.fills:
        if medication.start is not None and medication.start.toordinal() > day:
            return Unusable(medication, "after_as_of", f"{medication.given} starts after the day of the review.")
        return [_Part(_key(medication, drug, medication.prescriber_npi), medication, drug, ())]
    usable = [fill for fill in medication.fills if fill.days_supply > 0]
    if not usable:
        return Unusable(medication, "missing_fact", f"No fill of {medication.given} says for how many days it lasts.")
    usable = [fill for fill in usable if fill.fill_date.toordinal() <= day]
    if not usable:
        return Unusable(medication, "after_as_of", f"{medication.given} was first filled after the day of the review.")
    by_prescriber: defaultdict[str, list[Supply]] = defaultdict(list)
    for fill in usable:
        by_prescriber[fill.prescriber_npi or medication.prescriber_npi].append(fill)
    return [
        _Part(_key(medication, drug, prescriber), medication, drug, tuple(fills))
        for prescriber, fills in by_prescriber.items()
    ]


def _without_days(medication: Medication) -> Unusable:
    detail = f"The dates of {medication.given} leave no day on which it was taken."
    return Unusable(medication, "impossible_dates", detail)


def _key(medication: Medication, drug: Drug, prescriber: str) -> tuple[str, ...]:
    """What makes a course: the product as dispensed, its route, its prescriber and its kind of source."""
    kind = "claim" if medication.source is Source.CLAIM else medication.source.value
    form = drug.dose_form or ""
    return (
        drug.key,
        drug.strength or "",
        form,
        drug.brand or "",
        route_of(drug, medication.route, medication.given),
        prescriber,
        kind,
        "" if medication.fills else medication.medication_id,
        "prn" if medication.as_needed else "",
        medication.status.value,
    )


def _course(
    key: tuple[str, ...], parts: list[_Part], day: int, spans: tuple[tuple[int, int], ...], limit: int
) -> Course | None:
    first = parts[0]
    fills = sorted({_fill_key(fill): fill for part in parts for fill in part.fills}.items())
    supplies = [(ordinal, days) for (ordinal, days, *_), _ in fills]
    if supplies:
        stop = min(limit, _stopped_on(parts))
        eras = build_eras(supplies, spans, stop)
        grace = grace_of(supplies[-1][1])
    else:
        eras = _listed_era(first.medication, day, limit)
        grace = LEAST_GRACE
    if not eras:
        return None
    listed = all(part.medication.source is not Source.CLAIM for part in parts)
    stopped = first.medication.status is MedicationStatus.STOPPED
    active = not stopped and day <= limit and _reaches(eras[-1].last, grace, day, spans, listed, parts)
    return Course(
        drug=first.drug,
        key=first.drug.key,
        route=key[4],
        medications=tuple(_unique(part.medication for part in parts)),
        eras=eras,
        fill_days=tuple(ordinal for ordinal, _ in supplies),
        prescribers=frozenset({key[5]} - {""}),
        pharmacies=frozenset(fill.pharmacy_npi for _, fill in fills if fill.pharmacy_npi),
        grace=grace,
        active=active,
        current=active and (listed or not supplies),
        as_needed=first.medication.as_needed,
        long_acting=_long_acting(first, key[4]),
    )


def _fill_key(fill: Supply) -> tuple[int, int, str, str, str]:
    """Fills that are equal in every part are one fill told twice, whichever medication carries them."""
    return (fill.fill_date.toordinal(), fill.days_supply, fill.claim_id, fill.prescriber_npi, fill.pharmacy_npi)


def _stopped_on(parts: list[_Part]) -> int:
    ends = [part.medication.end for part in parts]
    return max(OPEN_END if end is None else end.toordinal() for end in ends)


def _listed_era(medication: Medication, day: int, limit: int) -> tuple[Era, ...]:
    first = day - LONG_STANDING_DAYS if medication.start is None else medication.start.toordinal()
    last = OPEN_END if medication.end is None else medication.end.toordinal()
    if medication.status is MedicationStatus.STOPPED:
        last = min(last, day - 1)
    last = min(last, limit)
    if medication.start is None:
        first = min(first, last)
    return (Era(first, last, 0),) if first <= last else ()


def _reaches(
    last: int, grace: int, day: int, spans: tuple[tuple[int, int], ...], listed: bool, parts: list[_Part]
) -> bool:
    if last >= day:
        return True
    if listed:
        return all(part.medication.end is None for part in parts)
    if not parts[0].fills:
        return False
    return day - last - days_inside(spans, last + 1, day) <= grace


def _unique(medications: Iterable[Medication]) -> list[Medication]:
    return list({medication.medication_id: medication for medication in medications}.values())


def _long_acting(part: _Part, route: str) -> bool:
    """True for patches and for products whose form or name says that they release slowly."""
    return route == "transdermal" or _is_slow(part.drug.dose_form or "", part.drug.name, part.medication.given)


@lru_cache(maxsize=8192)
def _is_slow(*texts: str) -> bool:
    return any(_SLOW.search(text) for text in texts)


def _exposures(courses: Sequence[Course]) -> tuple[Exposure, ...]:
    grouped: defaultdict[tuple[str, str], list[tuple[Ingredient, Course]]] = defaultdict(list)
    for course in courses:
        for ingredient in course.drug.ingredients:
            grouped[(ingredient.rxcui, course.route)].append((ingredient, course))
    exposures = []
    for (_, route), pairs in sorted(grouped.items()):
        members = tuple(course for _, course in pairs)
        active = any(course.active for course in members)
        if len(members) == 1:
            eras = members[0].eras
        else:
            eras = union((era for course in members for era in course.eras), max(course.grace for course in members))
        exposures.append(Exposure(pairs[0][0], route, members, eras, active))
    return tuple(exposures)
