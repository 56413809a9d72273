"""Courses: one product as one prescriber orders it, with the eras that its fills make.

Refills of a course carry forward. What sets courses apart is the drug, its strength, form and brand, the route, the
prescriber and who told us, so that a second label on the same ingredient can be seen. Active on the day: supply plus
grace reaches it (days in a facility do not use up the grace), or, for what the member reports (OTC, herbal,
supplement, sample, reported), while the list says active. A reported medication without a start is taken to be
long-standing.

Named tuples rather than dataclasses where a review makes dozens: they are as unchangeable and three times as quick.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import eq
from typing import NamedTuple

from mtm_shared.values.drug import Drug

from mtm_review.domain.eras import LEAST_GRACE, OPEN_END, Era, build_eras, days_inside, grace_of
from mtm_review.domain.medication import Medication, MedicationStatus, Source
from mtm_review.domain.routes import route_of

LONG_STANDING_DAYS = 180
_SLOW = re.compile(r"\b(extended release|12 hr|24 hr|er|xr|sr|xl|la|cr)\b", re.IGNORECASE)

NOBODY = frozenset[str]()

Spans = Sequence[tuple[int, int]]
FillKey = tuple[int, int, str, str, Decimal, Decimal]


class Course(NamedTuple):
    """One product by one prescriber. `fill_days` are ordinals in order; `current` means reported and ongoing.

    `fills` are what each of them dispensed: day, days' supply, claim, pharmacy, quantity and cost.
    """

    drug: Drug
    key: str
    route: str
    medications: tuple[Medication, ...]
    eras: tuple[Era, ...]
    fill_days: tuple[int, ...]
    prescribers: frozenset[str]
    grace: int
    active: bool
    current: bool
    as_needed: bool
    long_acting: bool
    fills: tuple[FillKey, ...] = ()

    @property
    def pharmacies(self) -> frozenset[str]:
        """The pharmacies that dispensed it, as far as claims say."""
        return frozenset(fill[3] for fill in self.fills if fill[3])

    @property
    def first(self) -> int:
        """Ordinal of the first day on hand."""
        return self.eras[0].first

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


class Part(NamedTuple):
    """What one medication adds to a course: its fills by one prescriber, or itself where it has no fills.

    A fill is (day, days' supply, claim, pharmacy, quantity, cost); fills equal in all are one fill told twice.
    """

    key: tuple[str, ...]
    medication: Medication
    drug: Drug
    prescriber: str
    route: str
    fills: Sequence[FillKey]


def parts_of(medication: Medication, day: int) -> list[Part] | Unusable:
    """The medication's parts by prescriber, or why there is none."""
    drug, given = medication.drug, medication.given
    if drug is None or not drug.ingredients:
        detail = medication.problem_detail or f"{given} is not a drug that the vocabulary knows."
        return Unusable(medication, medication.problem or "unknown_drug", detail)
    if drug.ingredients[0].device:  # a device is never one of several
        return Unusable(medication, "device", f"{drug.name} is a device or supply, no medication.")
    if not medication.fills:
        if medication.start is not None and medication.start.toordinal() > day:
            return Unusable(medication, "after_as_of", f"{given} starts after the day of the review.")
        return [_part(medication, drug, medication.prescriber_npi, ())]
    by_prescriber: defaultdict[str, list[FillKey]] = defaultdict(list)
    later, prescriber = False, medication.prescriber_npi
    for filled, days, npi, pharmacy, claim, quantity, cost in medication.fills:
        if days > 0:
            ordinal = filled.toordinal()
            if ordinal <= day:
                by_prescriber[npi or prescriber].append((ordinal, days, claim, pharmacy, quantity, cost))
            else:
                later = True
    if by_prescriber:
        return [_part(medication, drug, prescriber, fills) for prescriber, fills in by_prescriber.items()]
    if later:
        return Unusable(medication, "after_as_of", f"{given} was first filled after the day of the review.")
    return Unusable(medication, "missing_fact", f"No fill of {given} says for how many days it lasts.")


def _part(medication: Medication, drug: Drug, prescriber: str, fills: Sequence[FillKey]) -> Part:
    route = route_of(drug, medication.route, medication.given)
    key = (
        drug.key,
        drug.strength or "",
        drug.dose_form or "",
        drug.brand or "",
        route,
        prescriber,
        medication.source,
        "" if medication.fills else medication.medication_id,
        "prn" if medication.as_needed else "",
        medication.status,
    )
    return Part(key, medication, drug, prescriber, route, fills)


def course_of(parts: Sequence[Part], day: int, spans: Spans, limit: int) -> Course | None:
    """The course that parts of one key make; None when their dates leave no day on which it was taken."""
    first = parts[0]
    medication = first.medication
    fills = sorted(first.fills if len(parts) == 1 else [fill for part in parts for fill in part.fills])
    if any(map(eq, fills, fills[1:])):  # cheaper than a set, whose amounts must be hashed
        fills = list(dict.fromkeys(fills))
    if fills:
        eras = build_eras(fills, spans, min(limit, _stopped_on(parts)))
        grace = grace_of(fills[-1][1])
    else:
        eras = _listed_era(medication, day, limit)
        grace = LEAST_GRACE
    if not eras:
        return None
    listed = medication.source is not Source.CLAIM
    active = (
        medication.status is MedicationStatus.ACTIVE
        and day <= limit
        and _reaches(eras[-1].last, grace, day, spans, listed, parts)
    )
    medications = (medication,) if len(parts) == 1 else _unique(part.medication for part in parts)
    prescribers = frozenset((first.prescriber,)) if first.prescriber else NOBODY
    current = active and (listed or not fills)
    slow = first.route == "transdermal" or _is_slow(first.drug.dose_form or "", first.drug.name, medication.given)
    # By place, as names cost more than the tuple itself.
    return Course(first.drug, first.key[0], first.route, medications, eras, tuple([fill[0] for fill in fills]),
                  prescribers, grace, active, current, medication.as_needed, slow, tuple(fills))  # fmt: skip


def _stopped_on(parts: Sequence[Part]) -> int:
    """The last day that any of the medications was to be taken."""
    last = 0
    for part in parts:
        if part.medication.end is None:
            return OPEN_END
        last = max(last, part.medication.end.toordinal())
    return last


def _listed_era(medication: Medication, day: int, limit: int) -> tuple[Era, ...]:
    first = day - LONG_STANDING_DAYS if medication.start is None else medication.start.toordinal()
    last = OPEN_END if medication.end is None else medication.end.toordinal()
    if medication.status is MedicationStatus.STOPPED:
        last = min(last, day - 1)
    last = min(last, limit)
    if medication.start is None:
        first = min(first, last)
    return (Era(first, last, 0),) if first <= last else ()


def _reaches(last: int, grace: int, day: int, spans: Spans, listed: bool, parts: Sequence[Part]) -> bool:
    if last >= day:
        return True
    if listed:
        return all(part.medication.end is None for part in parts)
    if not parts[0].fills or _stopped_on(parts) < day:
        return False
    gap = day - last
    return gap <= grace or gap - days_inside(spans, last + 1, day) <= grace


def _unique(medications: Iterable[Medication]) -> tuple[Medication, ...]:
    return tuple({medication.medication_id: medication for medication in medications}.values())


@lru_cache(maxsize=8192)
def _is_slow(*texts: str) -> bool:
    """True for products whose form or name says that they release slowly."""
    return any(_SLOW.search(text) for text in texts)
