"""The circumstances that change what a drug-disease rule says."""

from dataclasses import replace

from mtm_review.domain.finding import Screen, Screening, SuppressionReason
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Condition, Patient, Sex
from mtm_review.domain.screening import ScreeningOptions, screen
from regimens import AS_OF, KNOWLEDGE, a_patient, steadily


def screened(patient: Patient, *medications: Medication) -> Screening:
    options = ScreeningOptions(screens=frozenset({Screen.DRUG_DISEASE}))
    return screen(patient, medications, AS_OF, KNOWLEDGE, options)


def rules(answer: Screening) -> list[str]:
    return [finding.rule_id for finding in answer.findings]


def test_a_denied_condition_silences_the_finding_and_says_so() -> None:
    patient = a_patient("I50.22")
    denied = replace(patient, conditions=(replace(patient.conditions[0], denied=True),))
    answer = screened(denied, steadily("naproxen"))
    assert rules(answer) == []
    assert [item.reason for item in answer.suppressed] == [SuppressionReason.DENIED_CONDITION]


def test_one_denied_code_does_not_silence_another_that_stands() -> None:
    first, second = a_patient("I50.22", "I50.9").conditions
    patient = replace(a_patient(), conditions=(replace(first, denied=True), second))
    (finding,) = screened(patient, steadily("naproxen")).findings
    assert finding.condition == "I50.9"


def test_only_what_the_vocabulary_gave_counts() -> None:
    shown = frozenset({"chronic_heart_failure"})
    patient = replace(a_patient(), conditions=(Condition("heart failure", snomed="84114007", conditions=shown),))
    assert rules(screened(patient, steadily("naproxen"))) == ["drug_disease.nsaids_heart_failure"]
    unread = replace(a_patient(), conditions=(Condition("I50.22", icd10="I5022"),))
    assert rules(screened(unread, steadily("naproxen"))) == []


def test_a_code_that_could_not_be_read_is_not_used() -> None:
    patient = replace(a_patient(), conditions=(Condition("I50.22", icd10="I5022", problem="invalid_icd10"),))
    answer = screened(patient, steadily("naproxen"))
    assert rules(answer) == []
    assert [item.code for item in answer.not_checked if item.what == "condition"] == ["invalid_icd10"]


def test_a_rule_for_one_sex_waits_until_the_sex_is_known() -> None:
    assert rules(screened(a_patient("N39.3", sex=Sex.FEMALE), steadily("doxazosin")))
    assert not rules(screened(a_patient("N39.3", sex=Sex.UNKNOWN), steadily("doxazosin")))


def test_two_codes_of_one_condition_make_one_finding() -> None:
    (finding,) = screened(a_patient("I50.22", "I50.9"), steadily("naproxen")).findings
    assert [line for line in finding.evidence if line.startswith("condition")] == [
        "condition I50.22: heart failure",
        "condition I50.9: heart failure",
    ]
