"""Claims beside what the member says: where the two lists of a reconciliation differ, and which lines are one drug.

Claims show what was dispensed and paid by the plan; the member knows what is taken, and what came from elsewhere: over
the counter, a sample, cash, another plan. The Medication List of form CMS-10396 holds both. Nothing is decided here:
each difference is a question for the consultation, with what it was read from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mtm_review.domain.courses import Course
from mtm_review.domain.eras import OPEN_END
from mtm_review.domain.medication import Medication, MedicationStatus, Source
from mtm_review.domain.regimen import Regimen
from mtm_review.domain.wording import on, sentence, short_name


class DifferenceKind(StrEnum):
    """How a line that was reported stands to the claims."""

    SAME_DRUG = "same_drug"
    STRENGTH_DIFFERS = "strength_differs"
    NOT_ON_CLAIMS = "not_on_claims"
    TAKEN_AFTER_SUPPLY_ENDED = "taken_after_supply_ended"
    STOPPED_BUT_FILLED = "stopped_but_filled"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line beside the claims that speak of the same drug."""

    kind: DifferenceKind
    medication: Medication
    claims: tuple[Medication, ...]
    because: str


_NEVER_ON_CLAIMS = frozenset({Source.OTC, Source.HERBAL, Source.SUPPLEMENT})


def differences_of(medications: Sequence[Medication], regimen: Regimen) -> tuple[Difference, ...]:
    """What was reported beside claims, in the order given; lines that claims alone tell make no difference."""
    claimed: dict[str, list[Course]] = {}
    for course in regimen.courses:
        if course.fills:
            claimed.setdefault(course.key, []).append(course)
    return tuple(
        difference
        for medication in medications
        if medication.drug is not None
        for difference in _of_line(medication, claimed.get(medication.drug.key, ()))
    )


def _of_line(medication: Medication, courses: Sequence[Course]) -> Iterator[Difference]:
    if medication.fills:
        ended = medication.end.toordinal() if medication.end else OPEN_END
        later = [day for course in _own(medication, courses) for day in course.fill_days if day > ended]
        if medication.status is MedicationStatus.STOPPED and later:
            because = f"{_name(medication)} is said to have ended on {on(ended)}, but was filled on {on(max(later))}."
            yield Difference(DifferenceKind.STOPPED_BUT_FILLED, medication, (), sentence(because))
        return
    if medication.source is Source.CLAIM or medication.status is MedicationStatus.STOPPED:
        return
    yield _reported(medication, courses)


def _own(medication: Medication, courses: Sequence[Course]) -> list[Course]:
    return [each for each in courses if any(m.medication_id == medication.medication_id for m in each.medications)]


def _reported(medication: Medication, courses: Sequence[Course]) -> Difference:
    name = _name(medication)
    claims = tuple(m for course in courses for m in course.medications)
    if not courses:
        elsewhere = "is not paid by the plan" if medication.source in _NEVER_ON_CLAIMS else "is on no claim"
        because = f"{name} is taken as the member says and {elsewhere}."
        return Difference(DifferenceKind.NOT_ON_CLAIMS, medication, (), sentence(because))
    if not any(course.active for course in courses):
        last = max(course.last for course in courses)
        because = f"{name} is taken as the member says, but its supply on claims ran out on {on(last)}."
        return Difference(DifferenceKind.TAKEN_AFTER_SUPPLY_ENDED, medication, claims, sentence(because))
    assert medication.drug is not None
    strengths = sorted({course.drug.strength for course in courses if course.active and course.drug.strength})
    if medication.drug.strength and strengths and medication.drug.strength not in strengths:
        because = f"{name} is said to be {medication.drug.strength}; claims show {' and '.join(strengths)}."
        return Difference(DifferenceKind.STRENGTH_DIFFERS, medication, claims, sentence(because))
    return Difference(DifferenceKind.SAME_DRUG, medication, claims, sentence(f"{name} is on claims too."))


def _name(medication: Medication) -> str:
    return short_name(medication.drug) if medication.drug is not None else medication.given
