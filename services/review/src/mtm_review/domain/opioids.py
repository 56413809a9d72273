"""The opioids that are on hand on the day, as morphine milligram equivalents (MME) a day.

As needed counts as dispensed, because nobody knows how much of it is taken (CDC 2022, Box on calculating the total
daily dosage). Cough and cold products are left out as CDC's file leaves them out; injections have no factor outside a
hospital; buprenorphine is named and has none on purpose. A part that cannot be counted makes the total unknown, and
what is known of it stays as `at_least`.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from mtm_shared.values.decimals import plain

from mtm_review.domain.courses import Course
from mtm_review.domain.dosing import Unknown, daily_dose, shown, taken_now
from mtm_review.domain.knowledge.opioids import FactorUnit, MmeFactor, OpioidForm, OpioidKnowledge
from mtm_review.domain.regimen import Exposure

DEFAULT_FACTORS: Final = "cdc_2022"
_MICROGRAMS: Final = Decimal(1000)
_HOURS: Final = Decimal(24)
_SHOWN: Final = Decimal("0.01")


class OpioidPart(NamedTuple):
    """What one product adds; `mme` is None where it cannot be told, zero where it does not count."""

    medication_id: str
    name: str
    mme: Decimal | None
    because: str


class OpioidTotal(NamedTuple):
    """The total a day by a factor set; `mme_per_day` is None when a part of it is unknown."""

    factor_set: str
    mme_per_day: Decimal | None
    at_least: Decimal
    parts: tuple[OpioidPart, ...]

    @property
    def said(self) -> str:
        """The total in words."""
        about = "" if self.mme_per_day is not None else "at least "
        return f"{about}{plain(self.at_least)} MME a day ({self.factor_set})"


def opioid_total(
    exposures: dict[str, tuple[Exposure, ...]], known: OpioidKnowledge, factor_set: str, day: int
) -> OpioidTotal | None:
    """The opioids among the active exposures; None when there is none."""
    factors = known.sets[factor_set]
    if factors.keys().isdisjoint(exposures):
        return None
    courses = {id(c): c for rxcui in factors if rxcui in exposures for e in exposures[rxcui] for c in e.courses}
    parts = [
        _part(course, rxcui, factors[rxcui], known)
        for course in taken_now([c for c in courses.values() if on_hand(c, day)], day)
        for rxcui in [ingredient.rxcui for ingredient in course.drug.ingredients]
        if rxcui in factors
    ]
    at_least = sum((part.mme for part in parts if part.mme is not None), Decimal(0)).quantize(_SHOWN)
    return OpioidTotal(
        factor_set, None if any(part.mme is None for part in parts) else at_least, at_least, tuple(parts)
    )


def on_hand(course: Course, day: int) -> bool:
    """Active; a single supply that ran out is finished, not late."""
    return course.active and (course.last >= day or course.current or len(course.fill_days) > 1)


def form_of(course: Course) -> OpioidForm:
    """The form, as far as factors differ by it."""
    text = f"{course.drug.dose_form or ''} {course.medications[0].given} {course.drug.name}".lower()
    if course.route == "transdermal":
        return OpioidForm.PATCH
    if course.route == "nasal" or "nasal" in text:
        return OpioidForm.NASAL_SPRAY
    if "film" in text:
        return OpioidForm.FILM
    if "spray" in text:
        return OpioidForm.ORAL_SPRAY
    if course.route == "sublingual" or "lozenge" in text or "buccal" in text:
        return OpioidForm.BUCCAL
    by_route = {"injection": OpioidForm.INJECTION, "rectal": OpioidForm.RECTAL}
    return by_route.get(course.route, OpioidForm.ORAL)


def _part(course: Course, rxcui: str, factors: tuple[MmeFactor, ...], known: OpioidKnowledge) -> OpioidPart:
    medication = course.medications[0]

    def told(mme: Decimal | None, because: str) -> OpioidPart:
        return OpioidPart(medication.medication_id, medication.name, mme, because)

    if any(ingredient.rxcui in known.cough_partners for ingredient in course.drug.ingredients):
        return told(Decimal(0), f"{medication.name}: a cough and cold product does not count")
    if factors[0].unit is FactorUnit.NONE:
        return told(Decimal(0), f"{medication.name}: has no equivalent in morphine, on purpose")
    form = form_of(course)
    fitting = [factor for factor in factors if form in factor.forms]
    if not fitting:
        return told(None, f"{medication.name}: no factor for its form")
    dose = daily_dose(course, rxcui)
    if isinstance(dose, Unknown) or dose.amount.unit != "mg":
        return told(None, dose.because)
    factor = next(factor for factor in fitting if dose.amount.value > factor.over or not factor.over)
    mme = (_amount(dose.amount.value, factor.unit) * factor.factor).quantize(_SHOWN)
    return told(mme, f"{dose.because}: {shown(dose.amount)} a day makes {plain(mme)} MME")


def _amount(milligrams: Decimal, unit: FactorUnit) -> Decimal:
    """A daily dose in the unit of the factor."""
    if unit is FactorUnit.MG:
        return milligrams
    return milligrams * _MICROGRAMS / (_HOURS if unit is FactorUnit.MCG_PER_HOUR else 1)
