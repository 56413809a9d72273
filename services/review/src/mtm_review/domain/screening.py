"""One screening: the regimen is built, every screen runs over it, findings are ranked and the coverage is counted.

Whatever could not be used comes back by name (ARCHITECTURE.md, law 6): a drug that the vocabulary does not know or no
rule covers, a condition whose code is unknown or that no rule names, and a screen that lacked its facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from mtm_review.domain.finding import Coverage, InferredCondition, NotChecked, Screen, Screening
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.once import told_once
from mtm_review.domain.opioids import DEFAULT_FACTORS
from mtm_review.domain.patient import Patient, Sex
from mtm_review.domain.policed import Asked, Look, answer_of
from mtm_review.domain.regimen import Regimen
from mtm_review.domain.screens import SCREENS
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.situation import Seen, Situation, lab_problem, situation_of

MOST_FINDINGS = 12


@dataclass(frozen=True, slots=True)
class ScreeningOptions:
    """How much is shown: contraindicated findings are shown whatever the limit. Empty `screens` means all.

    `max_findings` None leaves the number to the policy, or to what is usual. `policy` is what a sponsor wants hidden.
    `mme_factors` names the factors by which opioids are counted.
    """

    max_findings: int | None = None
    screens: frozenset[Screen] = frozenset()
    mme_factors: str = DEFAULT_FACTORS
    policy: Asked | None = None


DEFAULT_OPTIONS = ScreeningOptions()


def screen(
    patient: Patient,
    medications: Sequence[Medication],
    as_of: date,
    knowledge: Knowledge,
    options: ScreeningOptions = DEFAULT_OPTIONS,
) -> Screening:
    """Findings, suppressions, gaps and coverage of the medications on the day. Pure: same arguments, same answer."""
    situation = situation_of(patient, medications, as_of, knowledge, options.mme_factors)
    return screen_situation(situation, medications, options)


def screen_situation(
    situation: Situation, medications: Sequence[Medication], options: ScreeningOptions = DEFAULT_OPTIONS
) -> Screening:
    """The same of a situation that was worked out already."""
    patient, knowledge = situation.patient, situation.knowledge
    seen = Seen()
    for run in _chosen(options.screens):
        one = run(situation)
        seen.findings += one.findings
        seen.suppressed += one.suppressed
        seen.not_checked += one.not_checked
        seen.adherence += one.adherence
    seen.findings, said = told_once(seen.findings)
    seen.suppressed += said
    duplicates = not options.screens or Screen.DUPLICATE_THERAPY in options.screens
    answer = answer_of(Look(situation, seen, duplicates, options.max_findings, MOST_FINDINGS), options.policy)
    drugs = _unchecked_drugs(situation.regimen, medications, knowledge)
    conditions = _unchecked_conditions(patient, knowledge)
    return Screening(
        findings=tuple(answer.findings),
        suppressed=tuple(answer.suppressed),
        not_checked=(*drugs, *conditions, *_unchecked_facts(situation), *answer.not_checked),
        coverage=Coverage(
            medications=len(medications),
            medications_checked=len(medications) - len(drugs),
            conditions=len(patient.conditions),
            conditions_checked=len(patient.conditions) - len(conditions),
        ),
        policy=answer.report,
        adherence=tuple(sorted(seen.adherence)),
        opioid=situation.opioid,
        inferred=tuple(
            InferredCondition(each.condition, each.name, each.confidence, each.because, medications_of(each.courses))
            for each in situation.inferred
        ),
    )


def _chosen(wanted: frozenset[Screen]) -> list[Callable[[Situation], Seen]]:
    """The functions of the wanted screens; of all when none is named."""
    return [run for screen_id, runs in SCREENS.items() if not wanted or screen_id in wanted for run in runs]


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


def _unchecked_facts(situation: Situation) -> list[NotChecked]:
    """Facts that rules wanted and did not get, and laboratory results that none could use."""
    patient = situation.patient
    found = []
    if not patient.conditions:
        found.append(NotChecked("screen", "drug_disease", "missing_fact", "No condition of the member is known."))
    elif patient.sex is Sex.UNKNOWN:
        detail = "Rules for one sex were not applied, because the member's sex is unknown."
        found.append(NotChecked("screen", "drug_disease", "missing_fact", detail))
    return found + _unchecked_labs(situation)


_LAB_PROBLEMS = {
    "another_test": ("unknown_lab", "{code} is no test that rules of this version read."),
    "after_as_of": ("after_as_of", "The result of {code} is of a day after the review."),
    "too_old": ("too_old", "The result of {code} of {on} is too old to rely on."),
    "implausible_value": ("implausible_value", "The value of {code} is not one that the test can have."),
}


def _unchecked_labs(situation: Situation) -> list[NotChecked]:
    """One entry for each laboratory result that cannot be used, in the order given."""
    found = []
    for lab in situation.patient.labs:
        problems = {lab_problem(lab, situation.as_of, test) for test in situation.knowledge.labs.values()}
        if "" not in problems:
            told = next((problem for problem in sorted(problems) if problem != "another_test"), "another_test")
            code, detail = _LAB_PROBLEMS[told]
            found.append(NotChecked("lab", lab.code, code, detail.format(code=lab.code, on=lab.on)))
    return found
