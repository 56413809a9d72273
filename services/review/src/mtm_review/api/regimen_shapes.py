"""The wire of a regimen."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from mtm_shared.contracts import regimen as wire
from mtm_shared.contracts.common import Ingredient

from mtm_review.domain.courses import Course
from mtm_review.domain.dosing import DailyDose, daily_dose
from mtm_review.domain.eras import Era
from mtm_review.domain.medication import Medication
from mtm_review.domain.taking import Taking

_PLACES = Decimal("0.0001")


def regimen_answer(taken: Taking) -> wire.Regimen:
    """The courses, what changed lately, and the differences from claims."""
    return wire.Regimen(
        as_of=taken.regimen.as_of,
        lines=[_line(course) for course in taken.regimen.courses],
        changes=[
            wire.RegimenChange(
                change=change.kind.value,
                on=date.fromordinal(change.on),
                medication_ids=_ids(change.medications),
                because=change.because,
                evidence=list(change.evidence),
            )
            for change in taken.changes
        ],
        differences=[
            wire.Difference(
                difference=difference.kind.value,
                medication_id=difference.medication.medication_id,
                claims=_ids(difference.claims),
                because=difference.because,
            )
            for difference in taken.differences
        ],
    )


def _ids(medications: Iterable[Medication]) -> list[str]:
    return [medication.medication_id for medication in medications]


def _line(course: Course) -> wire.RegimenLine:
    return wire.RegimenLine(
        medication_ids=_ids(course.medications),
        name=course.medications[0].name,
        ingredients=[Ingredient(rxcui=each.rxcui, name=each.name) for each in course.drug.ingredients],
        route=course.route,
        active=course.active,
        as_needed=course.as_needed,
        source=course.medications[0].source.value,
        eras=_eras(course),
        prescribers=sorted(course.prescribers),
        pharmacies=sorted(course.pharmacies),
        daily_doses=[_dose(course, each.rxcui) for each in course.drug.ingredients],
    )


def _eras(course: Course) -> list[wire.OnHand]:
    """Days on hand; none where nobody told since when: the engine's long-standing start is no date to be shown."""
    dated = course.fills or course.medications[0].start is not None
    return [_on_hand(era) for era in course.eras] if dated else []


def _on_hand(era: Era) -> wire.OnHand:
    return wire.OnHand.model_validate({"from": era.start, "to": era.end, "fills": era.fills})


def _dose(course: Course, rxcui: str) -> wire.DailyDose:
    dose = daily_dose(course, rxcui)
    if not isinstance(dose, DailyDose):
        return wire.DailyDose(rxcui=rxcui, because=dose.because)
    value = dose.amount.value.quantize(_PLACES).normalize()
    return wire.DailyDose.model_validate(
        {"rxcui": rxcui, "amount": value, "unit": dose.amount.unit, "because": dose.because}
    )
