"""From codes and names to drugs and conditions, keeping what was given where it is not understood (law 6)."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood

from mtm_review.domain.patient import Allergy, Condition, Patient
from mtm_review.usecases.ports import Understands

_PROBLEMS = {
    "invalid_icd10": "is not written like an ICD-10-CM code",
    "unknown_icd10": "is in no category of ICD-10-CM",
    "invalid_snomed": "is not a SNOMED CT identifier",
    "no_mapping": "is a SNOMED CT concept that this vocabulary does not lead to conditions",
    "unknown_condition": "is not a condition of this vocabulary",
}


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


def allergy_by_name(vocabulary: Understands, name: str, rxcui: str | None, reaction: str) -> Allergy:
    """An allergy by the name or RxCUI of a drug, with the ingredients and classes that it means."""
    drug, problem, detail = understand(vocabulary, None, rxcui, name)
    if drug is None:
        return Allergy(name, reaction=reaction, problem=problem, problem_detail=detail, rxcui=rxcui)
    return Allergy(
        name,
        frozenset(ingredient.rxcui for ingredient in drug.ingredients),
        drug.classes,
        reaction,
        families=frozenset(ingredient.family for ingredient in drug.ingredients),
        rxcui=rxcui,
    )


def condition_by_icd10(
    vocabulary: Understands, given: str, since: date | None, until: date | None, source: str
) -> Condition:
    """A condition by its ICD-10-CM code, with what it shows, or the reason where the code cannot be used."""
    problem = vocabulary.icd10_problem(given) or ""
    shown = vocabulary.conditions_of(given)
    icd10 = given.replace(".", "").strip().upper()
    return Condition(given, icd10, None, None, since, until, source, False, problem, _detail(given, problem), shown)


def condition_by_snomed(
    vocabulary: Understands, given: str, since: date | None, until: date | None, source: str
) -> Condition:
    """A condition by its SNOMED CT concept."""
    problem = vocabulary.snomed_problem(given) or ""
    problem = "no_mapping" if problem == "unknown_snomed" else problem
    shown = vocabulary.conditions_of_snomed(given)
    return Condition(
        given, None, given.strip(), None, since, until, source, False, problem, _detail(given, problem), shown
    )


def condition_by_id(
    vocabulary: Understands, given: str, since: date | None, until: date | None, source: str
) -> Condition:
    """A condition by the vocabulary's own id; the wider conditions hold with it."""
    shown = vocabulary.implied_by(given)
    problem = "" if shown else "unknown_condition"
    return Condition(given, None, None, given, since, until, source, False, problem, _detail(given, problem), shown)


def condition_understood_again(vocabulary: Understands, kept: Condition) -> Condition:
    """The kept condition by what the vocabulary says of its code now; what was said of it stays."""
    told = (kept.since, kept.until, kept.source)
    if kept.icd10 is not None:
        found = condition_by_icd10(vocabulary, kept.given, *told)
    elif kept.snomed is not None:
        found = condition_by_snomed(vocabulary, kept.given, *told)
    else:
        found = condition_by_id(vocabulary, kept.code or kept.given, *told)
    return replace(found, denied=kept.denied)


def patient_understood_again(patient: Patient, vocabulary: Understands) -> Patient:
    """The patient of a kept review, each condition and allergy read by the vocabulary that screens it now."""
    conditions = tuple(condition_understood_again(vocabulary, kept) for kept in patient.conditions)
    allergies = tuple(allergy_by_name(vocabulary, kept.given, kept.rxcui, kept.reaction) for kept in patient.allergies)
    return replace(patient, conditions=conditions, allergies=allergies)


def _detail(given: str, problem: str) -> str:
    return f"{given} {_PROBLEMS.get(problem, 'cannot be used')}." if problem else ""
