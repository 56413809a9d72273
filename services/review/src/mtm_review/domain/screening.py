"""One screening: the regimen is built, every screen runs over it, findings are ranked and the coverage is counted.

Whatever could not be used comes back by name (ARCHITECTURE.md, law 6): a drug that the vocabulary does not know or no
rule covers, a condition whose code is unknown or that no rule names, and a screen that lacked its facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mtm_review.domain.finding import Coverage, NotChecked, Screening, Suppressed
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient, Sex
from mtm_review.domain.ranking import ranked, shown
from mtm_review.domain.regimen import Regimen, build_regimen
from mtm_review.domain.screens.drug_disease import held_conditions, screen_drug_disease
from mtm_review.domain.screens.duplicate_therapy import screen_duplicates


@dataclass(frozen=True, slots=True)
class ScreeningOptions:
    """How much is shown: contraindicated findings are shown whatever the limit."""

    max_findings: int = 12


DEFAULT_OPTIONS = ScreeningOptions()


def screen(
    patient: Patient,
    medications: Sequence[Medication],
    as_of: date,
    knowledge: Knowledge,
    options: ScreeningOptions = DEFAULT_OPTIONS,
) -> Screening:
    """Findings, suppressions, gaps and coverage of the medications on the day. Pure: same arguments, same answer."""
    regimen = build_regimen(medications, as_of, patient.stays, patient.ends)
    held = held_conditions(patient, regimen, knowledge)
    duplicates, suppressed = screen_duplicates(regimen, knowledge)
    diseases, also_suppressed = screen_drug_disease(regimen, patient, held, knowledge)
    findings, cut = shown(ranked((*duplicates, *diseases)), options.max_findings)
    drugs = _unchecked_drugs(regimen, medications, knowledge)
    conditions = _unchecked_conditions(patient, knowledge)
    return Screening(
        findings=tuple(findings),
        suppressed=(*sorted((*suppressed, *also_suppressed), key=_suppressed_order), *cut),
        not_checked=(*drugs, *conditions, *_unchecked_screens(patient)),
        coverage=Coverage(
            medications=len(medications),
            medications_checked=len(medications) - len(drugs),
            conditions=len(patient.conditions),
            conditions_checked=len(patient.conditions) - len(conditions),
        ),
    )


def _suppressed_order(item: Suppressed) -> tuple[str, str, str, str]:
    return (item.screen, item.rule_id, item.reason, item.because)


def _unchecked_drugs(regimen: Regimen, medications: Sequence[Medication], knowledge: Knowledge) -> list[NotChecked]:
    """One entry for each medication that could not be used, in the order given."""
    unusable = {id(item.medication): item for item in regimen.unusable}
    found = []
    for medication in medications:
        item = unusable.get(id(medication))
        if item is not None:
            found.append(NotChecked("medication", medication.given, item.code, item.detail))
        elif medication.drug is not None and not _covered(medication, knowledge):
            detail = f"No rule of this version names {medication.drug.name}; only the same drug twice would be seen."
            found.append(NotChecked("medication", medication.given, "no_rule", detail))
    return found


def _covered(medication: Medication, knowledge: Knowledge) -> bool:
    """True when some rule names one of the ingredients."""
    assert medication.drug is not None
    return not knowledge.covered.isdisjoint([ingredient.rxcui for ingredient in medication.drug.ingredients])


def _unchecked_conditions(patient: Patient, knowledge: Knowledge) -> list[NotChecked]:
    """One entry for each condition that no rule could use, in the order given."""
    found = []
    for condition in patient.conditions:
        if condition.problem:
            code, detail = condition.problem, condition.problem_detail or f"{condition.given} is not usable."
        elif knowledge.conditions.keys().isdisjoint(condition.conditions):
            code, detail = "no_rule", f"No rule of this version names {condition.given}."
        else:
            continue
        found.append(NotChecked("condition", condition.given, code, detail))
    return found


def _unchecked_screens(patient: Patient) -> list[NotChecked]:
    """Screens that lacked a fact, or facts that no screen of this version reads."""
    found = []
    if not patient.conditions:
        found.append(NotChecked("screen", "drug_disease", "missing_fact", "No condition of the member is known."))
    elif patient.sex is Sex.UNKNOWN:
        detail = "Rules for one sex were not applied, because the member's sex is unknown."
        found.append(NotChecked("screen", "drug_disease", "missing_fact", detail))
    if patient.allergies:
        found.append(NotChecked("screen", "allergy", "no_rule", "This version does not screen allergies."))
    if patient.labs:
        found.append(NotChecked("screen", "dose", "no_rule", "This version does not use laboratory results."))
    return found
