"""Why a rule is silent: the step at which it stopped, for every outcome, and no other answer than a screening gives."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_review.domain.explaining import CannotExplain, Explanation, RuleNotFound, explain
from mtm_review.domain.finding import Screen
from mtm_review.domain.medication import Medication
from mtm_review.domain.once import ALIKE
from mtm_review.domain.patient import Patient, Sex
from mtm_review.domain.readable import readable_rules
from mtm_review.domain.screening import ScreeningOptions, screen_situation
from mtm_review.domain.situation import situation_of
from regimens import AS_OF, KNOWLEDGE, NAMES, a_patient, filled, regimens, steadily

WITHOUT_ACCOUNT: frozenset[Screen] = frozenset()
NSAIDS = "drug_disease.nsaids_heart_failure"
ULCER = "drug_disease.nonselective_nsaids_ulcer"
CODES = ("I50.9", "K25.9", "N18.4", "F03.90", "I10", "J45.909", "E11.9", "G20", "R33.9", "K92.2")


def explained(rule_id: str, patient: Patient, *medications: Medication) -> Explanation:
    return explain(rule_id, situation_of(patient, medications, AS_OF, KNOWLEDGE))


def last(explanation: Explanation) -> tuple[str, str]:
    return explanation.steps[-1].step, explanation.steps[-1].outcome


def test_it_fires() -> None:
    told = explained(NSAIDS, a_patient("I50.9"), steadily("naproxen"))
    assert (told.fires, last(told)) == (True, ("finding", "passed"))


def test_no_drug_of_it_is_on_the_list() -> None:
    told = explained(NSAIDS, a_patient("I50.9"), steadily("lisinopril"))
    assert (told.fires, last(told)) == (False, ("drug", "stopped"))
    assert "None of its drugs" in told.steps[-1].because


def test_the_drug_ended_long_ago() -> None:
    told = explained(NSAIDS, a_patient("I50.9"), filled("naproxen", 300))
    assert last(told) == ("drug", "stopped")
    assert "naproxen is known and not active" in told.steps[-1].because


def test_the_condition_is_not_on_record() -> None:
    assert last(explained(NSAIDS, a_patient("I10"), steadily("naproxen"))) == ("condition", "stopped")


def test_the_condition_was_denied() -> None:
    patient = a_patient("I50.9")
    denied = replace(patient, conditions=tuple(replace(each, denied=True) for each in patient.conditions))
    told = explained(NSAIDS, denied, steadily("naproxen"))
    assert last(told) == ("conditions", "stopped")
    assert [item.reason for item in told.suppressed] == ["denied_condition"]


def test_the_route_does_not_count() -> None:
    told = explained(NSAIDS, a_patient("I50.9"), steadily("diclofenac", route="topical"))
    assert last(told) == ("routes", "stopped")
    assert [item.reason for item in told.suppressed] == ["different_route"]


def test_a_protecting_drug_is_taken() -> None:
    told = explained(ULCER, a_patient("K25.9"), steadily("naproxen"), steadily("omeprazole"))
    assert last(told) == ("unless_drugs", "stopped")
    assert [item.reason for item in told.suppressed] == ["intended_combination"]


def test_the_member_is_too_young() -> None:
    rule = next(rule for rule in KNOWLEDGE.rules.values() if rule.when.min_age and not rule.when.sex)
    name = next(iter(KNOWLEDGE.names_of(rule.drug_set).values()))
    held = KNOWLEDGE.rules[rule.rule_id].when.conditions[0]
    condition = replace(a_patient("I10").conditions[0], conditions=frozenset({held}))
    patient = Patient(date(1990, 1, 1), Sex.FEMALE, (condition,))
    assert last(explained(rule.rule_id, patient, steadily(name))) == ("min_age", "stopped")


def test_each_drug_has_its_own_steps() -> None:
    told = explained(NSAIDS, a_patient("I50.9"), steadily("naproxen"), steadily("diclofenac", route="topical"))
    assert told.fires
    assert {(step.step, step.outcome) for step in told.steps} >= {("finding", "passed"), ("routes", "stopped")}


def test_a_finding_that_another_screen_makes_needless_does_not_fire_and_names_the_other() -> None:
    patient, months = a_patient(born=date(1950, 3, 15)), filled("zolpidem", *range(10, 340, 30))
    told = explained("older_adult.z_drugs", patient, months)
    assert (told.fires, last(told)) == (False, ("told_once", "stopped"))
    assert told.steps[-1].because.endswith("The finding duration.z_drugs_90_days says it already.")
    assert explained("duration.z_drugs_90_days", patient, months).fires


def test_an_unknown_rule_is_not_found_and_a_screen_without_an_account_says_so() -> None:
    with pytest.raises(RuleNotFound):
        explained("drug_disease.nothing", a_patient())
    for rule in readable_rules(KNOWLEDGE).values():
        if rule.screen in WITHOUT_ACCOUNT:
            with pytest.raises(CannotExplain):
                explained(rule.rule_id, a_patient())
        else:
            assert explained(rule.rule_id, a_patient()).steps, rule.rule_id


@st.composite
def members(draw: st.DrawFn) -> tuple[Patient, list[Medication]]:
    """A patient and the medications: a situation holds the knowledge too, and would say more than anybody can read."""
    medications = draw(regimens(NAMES))
    codes = draw(st.lists(st.sampled_from(CODES), max_size=5, unique=True))
    patient = a_patient(
        *codes, sex=draw(st.sampled_from(list(Sex))), born=draw(st.sampled_from([date(1950, 3, 15), date(1975, 1, 1)]))
    )
    denied = draw(st.lists(st.booleans(), min_size=len(codes), max_size=len(codes)))
    conditions = tuple(replace(each, denied=d) for each, d in zip(patient.conditions, denied, strict=True))
    return replace(patient, conditions=conditions), medications


@settings(max_examples=8, deadline=None)
@given(members())
def test_an_explanation_says_what_the_screening_finds(made: tuple[Patient, list[Medication]]) -> None:
    patient, medications = made
    situation = situation_of(patient, medications, AS_OF, KNOWLEDGE)
    screening = screen_situation(situation, medications, ScreeningOptions(max_findings=10_000))
    found = {finding.rule_id for finding in screening.findings}
    suppressed = {(item.rule_id, item.because) for item in screening.suppressed}
    names = {exposure.ingredient.name for exposure in situation.regimen.exposures}
    for rule in readable_rules(KNOWLEDGE).values():
        if rule.screen in WITHOUT_ACCOUNT or (rule.drugs and names.isdisjoint(rule.drugs)):
            continue
        told = explain(rule.rule_id, situation)
        assert told.fires == (rule.rule_id in found), rule.rule_id
        fires_by_steps = any(step.step == "finding" and step.outcome == "passed" for step in told.steps)
        assert told.fires == fires_by_steps, rule.rule_id
        once = {(rule.rule_id, step.because) for step in told.steps if step.step == "told_once"}
        assert once <= suppressed, rule.rule_id
        assert not once or rule.screen in ALIKE, rule.rule_id
        stopped = {step.because[1:] for step in told.steps if step.outcome == "stopped"}
        for item in told.suppressed:
            assert (rule.rule_id, item.because) in suppressed
            assert item.because[1:] in stopped, rule.rule_id
