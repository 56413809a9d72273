"""Two drugs that harm each other: one finding for a rule, whatever the order and however many drugs."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.finding import Finding, Screen, Screening
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient, Sex
from mtm_review.domain.ruled import explain
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.situation import situation_of
from regimens import AS_OF, KNOWLEDGE, a_patient, steadily

ONLY = ScreeningOptions(max_findings=500, screens=frozenset({Screen.DRUG_DRUG}))
INTERACTING = ("warfarin", "amiodarone", "lisinopril", "ibuprofen", "furosemide", "citalopram", "sotalol",
               "ondansetron", "simvastatin", "clarithromycin", "lithium carbonate", "digoxin")  # fmt: skip


def screened(*medications: Medication, patient: Patient | None = None) -> Screening:
    return screen(patient or a_patient(), medications, AS_OF, KNOWLEDGE, ONLY)


def found(*names: str) -> tuple[Finding, ...]:
    return screened(*(steadily(name) for name in names)).findings


def test_the_order_of_the_medications_changes_nothing() -> None:
    answers = {found(*order) for order in permutations(("sotalol", "citalopram", "ondansetron"))}
    ((finding,),) = answers
    assert len(finding.medications) == 3
    assert finding.because == "The member takes sotalol together with citalopram and ondansetron."


def test_drugs_of_one_set_are_told_as_one_list() -> None:
    (finding,) = found("ondansetron", "citalopram")
    assert finding.because == "The member takes citalopram and ondansetron together."


def test_the_finding_names_both_sides() -> None:
    (finding,) = found("warfarin", "amiodarone")
    assert finding.because == "The member takes warfarin together with amiodarone."
    assert (finding.dur_code, len(finding.evidence)) == ("DD", 2)


@given(st.lists(st.sampled_from(INTERACTING), min_size=2, unique=True), st.randoms(use_true_random=False))
def test_each_rule_is_told_once_and_in_every_order_alike(names: list[str], random: st.DataObject) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    findings = found(*names)
    assert len({finding.rule_id for finding in findings}) == len(findings)
    assert {finding.finding_id for finding in findings} == {finding.finding_id for finding in found(*shuffled)}


@given(st.lists(st.sampled_from(INTERACTING), min_size=1, unique=True))
def test_an_explanation_agrees_with_the_decision(names: list[str]) -> None:
    situation = situation_of(a_patient(), [steadily(name) for name in names], AS_OF, KNOWLEDGE)
    fired = {finding.rule_id for finding in found(*names)}
    for rule in KNOWLEDGE.rules.values():
        if rule.screen is Screen.DRUG_DRUG:
            steps = explain(rule, situation)
            assert any(step[0] == "finding" and step[2] == "passed" for step in steps) == (rule.rule_id in fired)


def test_one_product_with_both_drugs_is_no_interaction() -> None:
    assert found("hydrochlorothiazide/lisinopril", "metformin") == ()


def test_a_condition_that_was_denied_silences_the_rule_that_asks_for_it() -> None:
    patient = a_patient("E11.9")
    denied = replace(patient, conditions=(replace(patient.conditions[0], denied=True),))
    drugs = (steadily("aliskiren"), steadily("losartan"))
    assert [finding.condition for finding in screened(*drugs, patient=patient).findings] == ["E11.9"]
    assert screened(*drugs, patient=denied).findings == ()


def test_a_rule_for_women_says_that_the_sex_is_not_known() -> None:
    answer = screened(steadily("prazosin"), steadily("furosemide"), patient=a_patient(sex=Sex.UNKNOWN))
    assert ("drug_drug", "missing_fact") in [(gap.value, gap.code) for gap in answer.not_checked]


def test_a_rule_never_names_one_drug_on_both_sides_by_mistake() -> None:
    """Sets that share drugs are meant only where a rule pairs a set with one that holds it (the QT interval)."""
    meant = {
        "drug_drug.qt_highest_risk_pair",
        "drug_drug.qt_known_risk_pair",
        "drug_drug.eye_beta_blocker_beta_blocker",
    }
    for rule in KNOWLEDGE.rules.values():
        if rule.screen is Screen.DRUG_DRUG and rule.rule_id not in meant:
            others = KNOWLEDGE.with_ingredients[rule.rule_id]
            assert not others & KNOWLEDGE.names_of(rule.drug_set).keys(), rule.rule_id
