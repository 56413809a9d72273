"""What changes the answer of a rule for older members, and that an explanation agrees with it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from mtm_review.domain.finding import Screen, Screening
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.patient import Patient, Stay
from mtm_review.domain.ruled import explain
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.situation import situation_of
from regimens import AS_OF, KNOWLEDGE, a_drug, a_patient, filled, regimens, reported, steadily

ONLY_OLDER = ScreeningOptions(max_findings=100, screens=frozenset({Screen.OLDER_ADULT}))
DRUGS = ("aspirin", "warfarin", "digoxin", "doxepin", "nifedipine", "lorazepam", "haloperidol", "naproxen",
         "omeprazole", "clonidine", "lisinopril", "sertraline", "prasugrel")  # fmt: skip
RULES = [rule for rule in KNOWLEDGE.rules.values() if rule.screen is Screen.OLDER_ADULT]


def screened(*medications: Medication, patient: Patient | None = None) -> Screening:
    return screen(patient or a_patient(), medications, AS_OF, KNOWLEDGE, ONLY_OLDER)


def rules(answer: Screening) -> list[str]:
    return [finding.rule_id.removeprefix("older_adult.") for finding in answer.findings]


def gaps(answer: Screening) -> list[str]:
    return [gap.detail for gap in answer.not_checked if gap.value == "older_adult"]


def dispensed(name: str, strength: str, quantity: int) -> Medication:
    """One fill of thirty days, ten days ago."""
    drug = replace(a_drug(name, strength), dose_form="Oral Tablet")
    supply = Supply(AS_OF - timedelta(days=10), 30, quantity=Decimal(quantity))
    return Medication(f"{name}-{strength}", drug, name, fills=(supply,), source=Source.CLAIM)


def test_the_finding_tells_age_drug_and_condition() -> None:
    (finding,) = screened(steadily("doxazosin"), patient=a_patient("I10")).findings
    assert finding.because == "The member is 76 years old, takes doxazosin and has high blood pressure."
    assert finding.condition == "I10"
    (finding,) = screened(steadily("lorazepam")).findings
    assert finding.because == "The member is 76 years old and takes lorazepam."


def test_the_finding_tells_the_dose_that_is_too_high_and_how_it_was_found() -> None:
    (finding,) = screened(dispensed("digoxin", "0.25 MG", 30)).findings
    assert finding.because == "The member is 76 years old and takes 0.25 mg a day of digoxin."
    assert finding.evidence[-1] == "daily dose: digoxin 0.25 MG: 30 for 30 days"


def test_two_strengths_of_one_drug_are_one_dose() -> None:
    both = (dispensed("digoxin", "0.125 MG", 30), dispensed("digoxin", "0.0625 MG", 30))
    assert rules(screened(both[0])) == []
    assert rules(screened(*both)) == ["digoxin_over_125_micrograms"]


def test_a_denied_exception_excepts_nothing() -> None:
    patient = a_patient("F31.9")
    denied = replace(patient, conditions=(replace(patient.conditions[0], denied=True),))
    assert rules(screened(steadily("haloperidol"), patient=patient)) == []
    assert rules(screened(steadily("haloperidol"), patient=denied)) == ["antipsychotics"]


def test_a_start_that_nobody_told_is_a_gap_unless_something_else_decides() -> None:
    assert gaps(screened(reported("warfarin"), patient=a_patient("I48.91"))) == [
        "For want of start nothing was said of warfarin."
    ]
    excepted = screened(reported("warfarin"), patient=a_patient("I48.91", "Z95.2"))
    assert gaps(excepted) == []
    assert [told.reason for told in excepted.suppressed] == ["policy"]


def test_a_silent_stop_says_nothing_of_reasons_before_it() -> None:
    long_ago = screened(steadily("sertraline"), patient=a_patient("E87.1"))
    assert (long_ago.findings, long_ago.suppressed) == ((), ())


def test_a_dose_form_that_is_not_known_is_no_immediate_release() -> None:
    unknown = screened(reported("nifedipine"))
    assert (rules(unknown), gaps(unknown)) == ([], ["For want of dose form nothing was said of nifedipine."])


@pytest.mark.parametrize("stay", ["hospice", "snf"])
def test_a_stay_in_hospice_silences_and_one_in_a_nursing_facility_does_not(stay: str) -> None:
    patient = replace(a_patient(), stays=(Stay(stay, date(2026, 6, 1)),))
    assert bool(screened(steadily("lorazepam"), patient=patient).findings) == (stay == "snf")


def test_every_rule_is_for_65_or_more_and_not_in_hospice() -> None:
    assert len(RULES) >= 60
    assert [rule.rule_id for rule in RULES if rule.when.min_age < 65 or not rule.when.not_in_hospice] == []


@given(regimens(DRUGS))
@settings(max_examples=80, deadline=None)
def test_an_explanation_says_that_it_fires_exactly_when_there_is_a_finding(medications: list[Medication]) -> None:
    situation = situation_of(a_patient("I10", "I48.91"), medications, AS_OF, KNOWLEDGE)
    answer = screened(*medications, patient=a_patient("I10", "I48.91"))
    fired = {finding.rule_id for finding in answer.findings}
    for rule in RULES:
        steps = explain(rule, situation)
        assert (rule.rule_id in fired) == any((s.step, s.outcome) == ("finding", "passed") for s in steps), steps


def test_a_new_start_is_told_once_and_only_at_the_start() -> None:
    assert rules(screened(filled("sertraline", 29, supply=60))) == ["antidepressants_started"]
    assert rules(screened(filled("sertraline", 30, supply=60))) == []
