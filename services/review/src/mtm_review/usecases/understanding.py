"""From codes and names to drugs and conditions, keeping what was given where it is not understood (law 6)."""

import re
from datetime import date
from typing import NamedTuple

from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood

from mtm_review.domain.patient import Condition
from mtm_review.usecases.ports import Understands

_ICD10_PROBLEMS = {
    "invalid_icd10": "is not written like an ICD-10-CM code",
    "unknown_icd10": "is in no category of ICD-10-CM",
}

_UNITS = {
    "MG": "mg", "MCG": "mcg", "ML": "mL", "UNT": "units", "MEQ": "mEq", "HR": "hour", "ACTUAT": "spray or puff",
    "GM": "g", "G": "g",
}  # fmt: skip
_UNIT = re.compile(r"\b(?:MG|MCG|ML|UNT|MEQ|HR|ACTUAT|GM|G)\b")


class Understood(NamedTuple):
    """A drug, or the code and the sentence that say why there is none."""

    drug: Drug | None
    problem: str = ""
    detail: str = ""


def understand(vocabulary: Understands, ndc: str | None, rxcui: str | None, name: str | None) -> Understood:
    """What the vocabulary makes of a medication's identifiers."""
    found = vocabulary.understand(ndc=ndc, rxcui=rxcui, name=name)
    if isinstance(found, NotUnderstood):
        return Understood(None, found.code, found.explanation)
    return Understood(found)


def condition_by_icd10(
    vocabulary: Understands, given: str, since: date | None, until: date | None, source: str
) -> Condition:
    """A condition by its ICD-10-CM code, with the reason where the code cannot be used."""
    problem = vocabulary.icd10_problem(given) or ""
    detail = f"{given} {_ICD10_PROBLEMS.get(problem, 'cannot be used')}." if problem else ""
    icd10 = given.replace(".", "").strip().upper()
    return Condition(given, icd10, None, None, since, until, source, False, problem, detail)


def display_name(drug: Drug | None, given: str) -> str:
    """The medication as members know it: `Lasix (furosemide) 40 mg`, `lisinopril 10 mg`; else what was written."""
    if drug is None:
        return given
    generic = " / ".join(ingredient.name for ingredient in drug.ingredients) or drug.name
    name = f"{drug.brand} ({generic})" if drug.brand and drug.brand.lower() != generic.lower() else generic
    return f"{name} {_readable(drug.strength)}" if drug.strength else name


def _readable(strength: str) -> str:
    """RxNorm's units as labels write them."""
    return _UNIT.sub(lambda unit: _UNITS[unit[0]], strength)
