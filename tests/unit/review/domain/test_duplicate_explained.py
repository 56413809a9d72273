"""Why a rule of duplicate therapy did or did not fire, told by the run that decides."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient
from mtm_review.domain.screens.duplicate_therapy import explain, screen_duplicates
from mtm_review.domain.screens.duplicate_wording import Rule
from mtm_review.domain.situation import Situation, situation_of
from regimens import AS_OF, KNOWLEDGE, a_condition, a_patient, filled, regimens, reported, steadily

TWO_DOCTORS = ("1234567893", "1245319599")
CASES = {
    "none": ("statins", [steadily("lisinopril")], "drug", "None of them is on the list."),
    "one": ("statins", [steadily("atorvastatin")], "drug", "Only atorvastatin is on the list."),
    "ended long ago": ("statins", [steadily("atorvastatin"), filled("simvastatin", 300, 270)], "drug",
                       "Only atorvastatin is on the list. Simvastatin ended more than 90 days ago."),
    "switch": ("statins", [filled("atorvastatin", 100, 70, 40), filled("simvastatin", 20)], "switch",
               "Simvastatin took the place of atorvastatin, which was not filled again."),
    "narrower": ("ras_inhibitors", [steadily("lisinopril"), steadily("benazepril")], "narrower",
                 "benazepril and lisinopril: settled by ACE inhibitors."),
    "allowed": ("antidepressants", [steadily("sertraline"), steadily("bupropion")], "allowance",
                "bupropion and sertraline are no more than the class allows."),
    "route": ("beta_blockers", [steadily("metoprolol"), steadily("timolol", route="ophthalmic")], "different_route",
              "Metoprolol and timolol are not used by routes that add up."),
    "short": ("ace_inhibitors", [filled("lisinopril", 60, 25), filled("benazepril", 3, supply=6)], "short_overlap",
              "Lisinopril and benazepril overlap by 6 days, no more than an early refill."),
    "one product": ("nsaids", [steadily("naproxen"), steadily("ibuprofen/famotidine")], "finding",
                    "The rule fires on famotidine/ibuprofen and naproxen."),
    "told twice": ("same_ingredient", [reported("zolpidem"), steadily("zolpidem")], "pair",
                   "zolpidem: It is one supply that was told of twice."),
    "nothing shared": ("same_family", [steadily("lisinopril")], "drug", "No drug on the list shares it with another."),
    "fires": ("ace_inhibitors", [steadily("lisinopril"), steadily("benazepril")], "finding",
              "The rule fires on benazepril and lisinopril."),
}  # fmt: skip


def at(*medications: Medication, patient: Patient | None = None) -> Situation:
    return situation_of(patient or a_patient(), medications, AS_OF, KNOWLEDGE)


@pytest.mark.parametrize("case", CASES)
def test_the_last_step_says_where_it_ended(case: str) -> None:
    rule, medications, step, because = CASES[case]
    last = explain(f"duplicate_therapy.{rule}", at(*medications))[-1]
    assert (last.step, last.because) == (step, because)
    assert last.outcome == ("passed" if step == "finding" else "stopped")


def test_what_was_reported_for_a_graver_reason_is_not_told_again() -> None:
    inhalers = [steadily("budesonide/formoterol", route="inhaled"), steadily("fluticasone/salmeterol", route="inhaled")]
    last = explain("duplicate_therapy.inhaled_corticosteroids", at(*inhalers))[-1]
    assert last.step == "told_before"
    assert last.because.endswith("already reported together under long-acting beta agonists.")


def test_a_pair_that_is_usually_meant_says_what_is_not_on_record() -> None:
    pair = [steadily("aspirin"), steadily("clopidogrel")]
    told = explain("duplicate_therapy.antiplatelets", at(*pair))
    assert "on record, and none is" in told[1].because
    assert "on record, and none is" in screen_duplicates(at(*pair)).findings[0].evidence[-1]
    meant = explain("duplicate_therapy.antiplatelets", at(*pair, patient=a_patient("Z95.5")))
    assert meant[-1].step == "intended_combination"


def test_a_denied_condition_does_not_make_a_pair_meant() -> None:
    denied = replace(a_condition("Z95.5"), denied=True)
    patient = replace(a_patient(), conditions=(denied,))
    assert screen_duplicates(at(steadily("aspirin"), steadily("clopidogrel"), patient=patient)).findings


def test_an_id_of_another_screen_is_refused() -> None:
    with pytest.raises(KeyError):
        explain("drug_disease.nsaids_heart_failure", at(steadily("lisinopril")))


@given(regimens(["lisinopril", "benazepril", "losartan", "ibuprofen", "naproxen", "zolpidem", "lorazepam", "aspirin"]))
@settings(max_examples=40, deadline=None)
def test_explanations_agree_with_findings(medications: list[Medication]) -> None:
    situation = at(*medications)
    fired = {finding.rule_id for finding in screen_duplicates(situation).findings}
    known = KNOWLEDGE.duplicates
    rules: list[Rule] = [*known.general.values(), *known.classes.values()]
    said = {rule.rule_id for rule in rules if explain(rule.rule_id, situation)[-1].step == "finding"}
    assert said == fired
