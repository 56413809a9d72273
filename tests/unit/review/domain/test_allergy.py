"""What is on record, in whatever words, against what is taken."""

from dataclasses import replace

import pytest
from mtm_review.domain.finding import Screen, Screening, Severity, SuppressionReason
from mtm_review.domain.knowledge.allergies import Grade, plainly
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Allergy, Patient
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.screens.allergy import explain
from mtm_review.domain.situation import situation_of
from mtm_review.usecases.understanding import allergy_by_name, patient_understood_again
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE, a_patient, filled, steadily

ONLY = ScreeningOptions(screens=frozenset({Screen.ALLERGY}))
ALLERGIES = KNOWLEDGE.allergies


def allergic(*given: str, reaction: str = "", conditions: tuple[str, ...] = ()) -> Patient:
    read = tuple(allergy_by_name(load_vocabulary(), name, None, reaction) for name in given)
    return replace(a_patient(*conditions), allergies=read)


def screened(patient: Patient, *medications: Medication) -> Screening:
    return screen(patient, medications, AS_OF, KNOWLEDGE, ONLY)


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("PCN", "penicillins"),
        ("Penicillin Allergy", "penicillins"),
        ("allergic to penicillins", "penicillins"),
        ("Sulfa Drugs", "sulfonamide_antibiotics"),
        ("sulfa (antibiotics)", "sulfonamide_antibiotics"),
        ("NSAID's", None),
        ("NSAIDs", "nsaids_and_aspirin"),
        ("non-steroidal anti-inflammatory drugs", "nsaids_and_aspirin"),
        ("ACE-inhibitors", "ace_inhibitors_taken"),
        ("No known drug allergies", "nothing_known"),
        ("N.K.D.A.", "nothing_known"),
        ("codeine", None),
    ],
)
def test_words_that_mean_a_group(written: str, group: str | None) -> None:
    assert ALLERGIES.group_of(written) == group


@pytest.mark.parametrize(
    ("reaction", "grade"),
    [
        ("", Grade.UNKNOWN),
        ("felt odd", Grade.UNKNOWN),
        ("Hives", Grade.ALLERGIC),
        ("nausea/vomiting", Grade.INTOLERANCE),
        ("rash, then anaphylaxis", Grade.SERIOUS),
        ("Stevens-Johnson syndrome", Grade.SERIOUS),
        ("lips swelled", Grade.SERIOUS),
        ("swelling of lips", Grade.SERIOUS),
        ("itching; nausea", Grade.ALLERGIC),
        ("tendon pain", Grade.UNKNOWN),
    ],
)
def test_the_gravest_word_of_a_reaction_counts(reaction: str, grade: Grade) -> None:
    assert ALLERGIES.grade_of(reaction) is grade


def test_a_name_of_nothing_but_fillers_is_not_empty() -> None:
    assert plainly("Drug allergy") == "drug allergy"


def test_a_denied_allergy_silences_and_says_so() -> None:
    patient = allergic(conditions=("Z88.0",))
    (finding,) = screened(patient, steadily("amoxicillin")).findings
    assert (finding.condition, finding.severity) == ("Z88.0", Severity.MAJOR)
    denied = replace(patient, conditions=(replace(patient.conditions[0], denied=True),))
    answer = screened(denied, steadily("amoxicillin"))
    assert answer.findings == ()
    assert [item.reason for item in answer.suppressed] == [SuppressionReason.DENIED_CONDITION]


def test_two_allergies_to_one_drug_are_one_finding_with_both_as_evidence() -> None:
    (finding,) = screened(allergic("PCN", "penicillin", reaction="anaphylaxis"), steadily("amoxicillin")).findings
    assert [line for line in finding.evidence if line.startswith("on record")] == [
        "on record: an allergy to PCN (anaphylaxis)",
        "on record: an allergy to penicillin (anaphylaxis)",
    ]
    assert finding.severity is Severity.CONTRAINDICATED


def test_a_contraindicated_drug_is_told_however_long_it_was_tolerated() -> None:
    patient = allergic("omeprazole", reaction="anaphylaxis")
    assert [finding.severity for finding in screened(patient, steadily("pantoprazole")).findings] == ["contraindicated"]
    milder = allergic("omeprazole", reaction="rash")
    assert screened(milder, steadily("pantoprazole")).findings == ()
    assert [finding.severity for finding in screened(milder, filled("pantoprazole", 90)).findings] == []
    assert [finding.severity for finding in screened(milder, filled("pantoprazole", 20)).findings] == ["moderate"]


def test_tolerance_begins_one_day_after_the_bound() -> None:
    patient = allergic("omeprazole", reaction="rash")
    bound = filled("pantoprazole", 90, 60, 30, 1)
    after = filled("pantoprazole", 91, 61, 31, 1)
    assert len(screened(patient, bound).findings) == 1
    assert [item.reason for item in screened(patient, after).suppressed] == [SuppressionReason.POLICY]


def test_what_the_words_do_not_tell_is_named() -> None:
    answer = screened(allergic("frobnicol", "shellfish"), steadily("metformin"))
    assert [(gap.what, gap.value, gap.code) for gap in answer.not_checked if gap.what == "allergy"] == [
        ("allergy", "frobnicol", "unknown_name")
    ]


def test_an_explanation_agrees_with_the_decision() -> None:
    patients = [
        allergic("PCN", reaction="hives"),
        allergic("sulfa"),
        allergic("aspirin", reaction="upset stomach"),
        allergic("lisinopril", reaction="angioedema"),
        allergic(),
    ]
    drugs = [steadily(name) for name in ("amoxicillin", "cephalexin", "celecoxib", "sacubitril/valsartan", "aspirin")]
    for patient in patients:
        for drug in drugs:
            situation = situation_of(patient, [drug], AS_OF, KNOWLEDGE)
            fired = {finding.rule_id for finding in screened(patient, drug).findings}
            told = {rule_id for rule_id in ALLERGIES.rules if "fires" in explain(rule_id, situation)[-1].because}
            assert fired <= told
            assert bool(fired) == bool(told)


def test_a_kept_allergy_is_read_again() -> None:
    patient = replace(a_patient(), allergies=(Allergy("codeine", reaction="rash", problem="unknown_name"),))
    (allergy,) = patient_understood_again(patient, load_vocabulary()).allergies
    assert (allergy.problem, allergy.reaction, len(allergy.rxcuis)) == ("", "rash", 1)


def test_every_contraindicated_rule_cites_a_label() -> None:
    for rule in ALLERGIES.rules.values():
        if Severity.CONTRAINDICATED in rule.severities.values():
            assert rule.citation.source.startswith("FDA label"), rule.rule_id
