"""What changed in a regimen lately: drugs that were started, stopped or restarted, switched, titrated or tapered.

Claims show no decisions, only fills; each change is therefore told with the days and supplies that it was read from. A
switch is one drug ending about when another of its class begins; a titration is one drug in another strength by the
next fill; a taper is three or more falling strengths. Only changes of the last half year are told: older ones explain
nothing about today. No regulation defines these terms; they follow the usage of drug utilisation research.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from mtm_review.domain.courses import Course
from mtm_review.domain.dosing import strengths_of
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.regimen import Exposure, Regimen, exposures_of
from mtm_review.domain.wording import distinct, evidence_of, on, sentence, short_name

RECENT_DAYS = 183
BETWEEN_DAYS = 30
"""How long after the end of one drug its successor may begin and still be a switch."""
TAPER_STRENGTHS = 3


class ChangeKind(StrEnum):
    """What happened to a drug."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    SWITCH = "switch"
    TITRATION = "titration"
    TAPER = "taper"


@dataclass(frozen=True, slots=True)
class RegimenChange:
    """One change, the day it shows on, the medications that show it, and what it was read from."""

    kind: ChangeKind
    on: int
    medications: tuple[Medication, ...]
    because: str
    evidence: tuple[str, ...]


def changes_of(regimen: Regimen, knowledge: Knowledge) -> tuple[RegimenChange, ...]:
    """The changes of the last half year, in order of their days."""
    day = regimen.as_of.toordinal()
    claimed = exposures_of([course for course in regimen.courses if course.fills])
    switched = list(_switches(claimed, knowledge, day))
    explained = {id(exposure) for pair, _ in switched for exposure in pair}
    found = [change for _, change in switched]
    for exposure in claimed:
        found += _strengths(exposure)
        if id(exposure) not in explained:
            found += _started_or_stopped(exposure, day)
    recent = {_identity(change): change for change in found if change.on >= day - RECENT_DAYS}
    return tuple(sorted(recent.values(), key=lambda change: (change.on, change.kind, change.because)))


def _identity(change: RegimenChange) -> tuple[object, ...]:
    """A combination is several exposures and one change."""
    return (change.kind, change.on, tuple(m.medication_id for m in change.medications))


def _change(kind: ChangeKind, on_day: int, courses: Iterable[Course], because: str) -> RegimenChange:
    listed = sorted(courses, key=lambda course: (course.first, course.medications[0].medication_id))
    medications = {m.medication_id: m for course in listed for m in course.medications}
    evidence = tuple(evidence_of(course) for course in listed)
    return RegimenChange(kind, on_day, tuple(medications.values()), sentence(because), evidence)


def _started_or_stopped(exposure: Exposure, day: int) -> Iterator[RegimenChange]:
    name = " or ".join(distinct(short_name(course.drug) for course in exposure.courses))
    for before, after in pairwise(exposure.eras):
        gap = after.first - before.last - 1
        because = f"{name} was filled again on {on(after.first)}, {gap} days after its supply had run out."
        yield _change(ChangeKind.RESTART, after.first, exposure.courses, because)
    first, last = exposure.eras[0], exposure.eras[-1]
    yield _change(ChangeKind.START, first.first, exposure.courses, f"{name} was first filled on {on(first.first)}.")
    if not exposure.active and last.last < day:
        because = f"The supply of {name} ran out on {on(last.last)} and it was not filled again."
        yield _change(ChangeKind.STOP, last.last, exposure.courses, because)


def _strengths(exposure: Exposure) -> Iterator[RegimenChange]:
    """Titrations and tapers: one drug's next fill is in another strength, and the former one is not filled again."""
    products: dict[str, list[Course]] = {}
    for course in exposure.courses:
        if strengths_of(course.drug.strength or ""):
            products.setdefault(course.key, []).append(course)
    for courses in products.values():
        steps = sorted(courses, key=lambda course: (course.fill_days[0], course.fill_days[-1]))
        if not all(_follows(one, other) for one, other in pairwise(steps)):
            continue
        amounts = [strengths_of(course.drug.strength or "")[0].value for course in steps]
        falling = all(one > other for one, other in pairwise(amounts))
        if len(steps) >= TAPER_STRENGTHS and falling:
            written = ", ".join(course.drug.strength or "" for course in steps)
            because = f"{short_name(steps[0].drug)} was filled in falling strengths: {written}."
            yield _change(ChangeKind.TAPER, steps[-1].fill_days[0], steps, because)
            continue
        for one, other in pairwise(steps):
            if one.drug.strength != other.drug.strength:
                because = f"{short_name(one.drug)} was changed from {one.drug.strength} to {other.drug.strength}."
                yield _change(ChangeKind.TITRATION, other.fill_days[0], (one, other), because)


def _follows(before: Course, after: Course) -> bool:
    return before.fill_days[-1] < after.fill_days[0]


def _switches(
    exposures: Sequence[Exposure], knowledge: Knowledge, day: int
) -> Iterator[tuple[tuple[Exposure, Exposure], RegimenChange]]:
    """Pairs of one class of which one ended about when the other began."""
    classes = knowledge.duplicates.classes_by_ingredient
    kinds = {id(e): frozenset(c.class_id for c in classes.get(e.ingredient.rxcui, ()) if c.members) for e in exposures}
    for old in exposures:
        if old.active:
            continue
        last, grace = old.eras[-1].last, max(course.grace for course in old.courses)
        for new in exposures:
            started = new.eras[-1].first
            same = old.route == new.route and kinds[id(old)] & kinds[id(new)]
            if same and _apart(old, new) and last - grace <= started <= last + BETWEEN_DAYS and last <= day:
                yield (old, new), _switch(old, new, started)


def _apart(old: Exposure, new: Exposure) -> bool:
    """False for two ingredients of one product, and for one ingredient."""
    return old.ingredient.rxcui != new.ingredient.rxcui and not {id(c) for c in old.courses} & {
        id(c) for c in new.courses
    }


def _switch(old: Exposure, new: Exposure, started: int) -> RegimenChange:
    because = (
        f"{new.ingredient.name} was first filled on {on(started)}; the supply of {old.ingredient.name} "
        f"ran to {on(old.eras[-1].last)} and it was not filled again."
    )
    return _change(ChangeKind.SWITCH, started, (*old.courses, *new.courses), because)
