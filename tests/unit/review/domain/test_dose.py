"""What the dose screen says beyond the labelled cases: which of several bounds, and why not."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.finding import Screen
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.patient import Lab, Patient
from mtm_review.domain.ruled import explain
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.situation import situation_of
from mtm_review.usecases.understanding import understand
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE

DOSE = ScreeningOptions(50, frozenset({Screen.DOSE}))
PATIENT = Patient(date(1950, 1, 1))


def claimed(name: str, quantity: int) -> Medication:
    drug, _, _ = understand(load_vocabulary(), None, None, name)
    fills = tuple(Supply(date(2026, month, 5), 30, quantity=Decimal(quantity)) for month in (4, 5, 6))
    return Medication(name, drug, name, fills=fills, source=Source.CLAIM)


def rules(patient: Patient, *medications: Medication) -> list[str]:
    return [finding.rule_id for finding in screen(patient, medications, AS_OF, KNOWLEDGE, DOSE).findings]


def with_egfr(value: str) -> Patient:
    return Patient(date(1950, 1, 1), labs=(Lab("egfr", Decimal(value), "mL/min/1.73 m2", date(2026, 5, 1)),))


def test_of_several_bounds_the_gravest_is_told_and_the_others_point_to_it() -> None:
    answer = screen(
        with_egfr("25"), [claimed("metformin hydrochloride 1000 MG Oral Tablet", 90)], AS_OF, KNOWLEDGE, DOSE
    )
    assert [finding.rule_id for finding in answer.findings] == ["dose.metformin_below_30"]
    (other,) = answer.suppressed
    assert other.rule_id == "dose.metformin_maximum"
    assert "dose.metformin_below_30" in other.because


def test_the_finding_says_the_dose_the_bound_and_the_result() -> None:
    (finding,) = screen(
        with_egfr("44"), [claimed("metformin hydrochloride 1000 MG Oral Tablet", 60)], AS_OF, KNOWLEDGE, DOSE
    ).findings
    assert finding.because == (
        "Metformin comes to 2000 mg a day, more than 1000 mg, and estimated GFR was 44 mL/min/1.73 m2 on 2026-05-01."
    )


def test_an_explanation_says_that_no_result_is_known() -> None:
    situation = situation_of(PATIENT, [claimed("gabapentin 600 MG Oral Tablet", 90)], AS_OF, KNOWLEDGE)
    steps = explain(KNOWLEDGE.rules["dose.gabapentin_30_to_60"], situation)
    assert ("lab", "cannot_tell") in [(step.step, step.outcome) for step in steps]


def test_an_explanation_says_that_the_route_adds_nothing() -> None:
    drug, _, _ = understand(load_vocabulary(), None, None, "diclofenac sodium 10 MG/ML Topical Gel")
    gel = Medication("gel", drug, "gel")
    situation = situation_of(PATIENT, [gel], AS_OF, KNOWLEDGE)
    last = explain(KNOWLEDGE.rules["dose.diclofenac_maximum"], situation)[-1]
    assert (last.step, last.outcome) == ("routes", "stopped")


@given(quantity=st.integers(1, 400))
def test_citalopram_is_over_its_bound_exactly_from_a_quarter_tablet_on(quantity: int) -> None:
    young = Patient(date(1980, 1, 1))
    fired = "dose.citalopram_maximum" in rules(young, claimed("citalopram 40 MG Oral Tablet", quantity))
    assert fired == (Decimal(quantity) / 30 > Decimal("1.25"))


def test_kidney_steps_of_one_drug_neither_overlap_nor_leave_a_gap() -> None:
    tablets = claimed("gabapentin 600 MG Oral Tablet", 150)
    told = {
        value: [rule for rule in rules(with_egfr(str(value)), tablets) if "maximum" not in rule]
        for value in (14, 15, 29, 30, 59, 60)
    }
    assert told == {
        14: ["dose.gabapentin_below_15"], 15: ["dose.gabapentin_15_to_30"], 29: ["dose.gabapentin_15_to_30"],
        30: ["dose.gabapentin_30_to_60"], 59: ["dose.gabapentin_30_to_60"], 60: [],
    }  # fmt: skip
