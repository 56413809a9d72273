"""Burdens: what counts, for how long, what the evidence tells, and why a member does not bear one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient, Stay
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.screens.cumulative_burden import days_together, explain, screen_burdens, taken_of
from mtm_review.domain.situation import Situation, situation_of
from regimens import AS_OF, KNOWLEDGE, a_patient, filled, regimens, reported, steadily

ANTICHOLINERGIC = "older_adult.anticholinergic_burden"
CNS_ACTIVE = "older_adult.cns_active_burden"
BURDENS = KNOWLEDGE.burdens.burdens
DRUGS = ("oxybutynin", "solifenacin", "amitriptyline", "gabapentin", "sertraline", "tramadol", "lorazepam", "baclofen")


def a_situation(*medications: Medication, patient: Patient | None = None) -> Situation:
    return situation_of(patient or a_patient(), medications, AS_OF, KNOWLEDGE)


def found(*medications: Medication, patient: Patient | None = None) -> dict[str, Finding]:
    return {f.rule_id: f for f in screen_burdens(a_situation(*medications, patient=patient)).findings}


def test_the_evidence_tells_why_each_drug_counts_the_days_together_and_the_score() -> None:
    burden = found(steadily("oxybutynin"), steadily("amitriptyline"), steadily("furosemide"))[ANTICHOLINERGIC]
    assert burden.because == "The member is 76 years old and takes amitriptyline and oxybutynin together."
    assert [m.name for m in burden.medications] == ["amitriptyline", "oxybutynin"]
    assert burden.evidence[2:5] == (
        "amitriptyline counts as an anticholinergic",
        "oxybutynin counts as an anticholinergic",
        "2 or more on hand on 171 of the last 365 days",
    )
    assert burden.evidence[5].startswith("anticholinergic score 7 (amitriptyline 3, oxybutynin 3, furosemide 1; ")


def test_a_drug_of_two_groups_counts_once() -> None:
    burden = BURDENS[CNS_ACTIVE]
    assert len(burden.members) == len(set(burden.members)) == len(burden.names)
    assert CNS_ACTIVE not in found(steadily("sertraline"), steadily("gabapentin"))
    assert CNS_ACTIVE in found(steadily("sertraline"), steadily("gabapentin"), steadily("tramadol"))


def test_two_products_of_one_ingredient_are_one_drug() -> None:
    assert not found(steadily("oxybutynin", strength="5 MG"), steadily("oxybutynin", strength="10 MG", by="1"))


def test_a_reported_drug_without_a_start_is_long_standing() -> None:
    assert ANTICHOLINERGIC in found(steadily("solifenacin"), reported("diphenhydramine"))


@pytest.mark.parametrize(("first", "days"), [(29, 30), (28, 29)])
def test_days_together_count_both_ends(first: int, days: int) -> None:
    situation = a_situation(steadily("oxybutynin"), filled("solifenacin", first, first - 15, supply=15))
    burden = BURDENS[ANTICHOLINERGIC]
    assert days_together(burden, taken_of(burden, situation), situation.day) == days
    assert (ANTICHOLINERGIC in {f.rule_id for f in screen_burdens(situation).findings}) == (days >= 30)


def test_days_apart_in_the_year_are_added_up() -> None:
    now_and_then = filled("solifenacin", 300, 200, 10, supply=10)
    situation = a_situation(filled("oxybutynin", 340, 310, 280, 250, 220, 190, 160, 130, 100, 70, 40, 10), now_and_then)
    burden = BURDENS[ANTICHOLINERGIC]
    assert days_together(burden, taken_of(burden, situation), situation.day) == 30


def test_a_stay_in_hospice_silences_it() -> None:
    patient = Patient(date(1950, 3, 15), stays=(Stay("hospice", date(2026, 6, 1)),))
    assert not found(steadily("oxybutynin"), steadily("amitriptyline"), patient=patient)


@pytest.mark.parametrize(
    ("medications", "patient", "step", "because"),
    [
        ((steadily("oxybutynin"),), a_patient(), "drugs", "Only oxybutynin is active on the day."),
        ((), a_patient(), "drugs", "None of its drugs is active on the day."),
        (
            (steadily("oxybutynin"), steadily("amitriptyline")),
            a_patient(born=date(1966, 1, 1)),
            "min_age",
            "The member is 60 years old.",
        ),
        (
            (steadily("oxybutynin"), filled("solifenacin", 50, supply=90)),
            a_patient(),
            "claims",
            "oxybutynin and solifenacin: solifenacin was dispensed only once.",
        ),
        (
            (steadily("oxybutynin"), filled("solifenacin", 28, 13, supply=15)),
            a_patient(),
            "days",
            "2 of oxybutynin and solifenacin were on hand on 29 days, fewer than 30.",
        ),
    ],
)
def test_why_not(medications: tuple[Medication, ...], patient: Patient, step: str, because: str) -> None:
    last = explain(ANTICHOLINERGIC, a_situation(*medications, patient=patient))[-1]
    assert (last.step, last.outcome, last.because) == (step, "stopped", because)


def test_a_seizure_disorder_excepts_and_says_so() -> None:
    three = (steadily("sertraline"), steadily("gabapentin"), steadily("tramadol"))
    patient = a_patient("G40.909")
    last = explain(CNS_ACTIVE, a_situation(*three, patient=patient))[-1]
    assert (last.step, last.outcome) == ("unless_conditions", "stopped")
    assert [s.reason for s in screen_burdens(a_situation(*three, patient=patient)).suppressed] == ["policy"]


@given(regimens(DRUGS))
@settings(max_examples=80, deadline=None)
def test_an_explanation_says_that_it_fires_exactly_when_there_is_a_finding(medications: list[Medication]) -> None:
    situation = a_situation(*medications)
    fired = {f.rule_id for f in screen_burdens(situation).findings}
    assert fired == {rule_id for rule_id in BURDENS if explain(rule_id, situation)[-1].step == "finding"}


@given(regimens(DRUGS), st.permutations(range(8)))
@settings(max_examples=40, deadline=None)
def test_the_order_of_medications_changes_nothing(medications: list[Medication], order: list[int]) -> None:
    shuffled = [medications[place] for place in order if place < len(medications)]
    options = ScreeningOptions(max_findings=100, screens=frozenset({Screen.OLDER_ADULT}))
    one, other = (screen(a_patient(), each, AS_OF, KNOWLEDGE, options) for each in (medications, shuffled))
    assert (one.findings, one.suppressed) == (other.findings, other.suppressed)
