"""What the labelled cases cannot say of adherence, gaps in care and cost: explanations, denials and figures."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from mtm_review.domain.finding import Screen, Screening, SuppressionReason
from mtm_review.domain.medication import Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Patient, Stay
from mtm_review.domain.readable import readable_rules
from mtm_review.domain.screening import ScreeningOptions, screen_situation
from mtm_review.domain.screens import adherence, cost, gap_in_care
from mtm_review.domain.situation import Situation, situation_of
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE, NAMES, a_patient, filled, regimens, steadily

OLD_ENOUGH = date(1956, 3, 15)
MODULES = {Screen.ADHERENCE: adherence, Screen.GAP_IN_CARE: gap_in_care, Screen.COST: cost}
RULES = [rule for rule in readable_rules(KNOWLEDGE).values() if rule.screen in MODULES]


def seen(patient: Patient, *medications: Medication) -> tuple[Situation, Screening]:
    situation = situation_of(patient, medications, AS_OF, KNOWLEDGE)
    options = ScreeningOptions(500, frozenset(MODULES))
    return situation, screen_situation(situation, medications, options)


def test_a_denied_condition_silences_a_gap_and_says_so() -> None:
    patient = a_patient("E11.9", born=OLD_ENOUGH)
    denied = replace(patient, conditions=(replace(patient.conditions[0], denied=True),))
    _, answer = seen(denied, steadily("lisinopril"))
    assert [(s.rule_id, s.reason) for s in answer.suppressed] == [
        ("gap_in_care.statin_in_diabetes", SuppressionReason.DENIED_CONDITION)
    ]


def test_the_days_covered_come_back_without_a_finding() -> None:
    _, answer = seen(a_patient(), steadily("atorvastatin"))
    (measured,) = answer.adherence
    assert (measured.measure, measured.days_covered, measured.days, measured.fills) == ("statins", 171, 171, 6)
    assert measured.percent == "100.0"
    assert answer.findings == ()


def test_days_after_disenrolment_are_not_asked_for() -> None:
    patient = replace(a_patient(), ends=AS_OF - timedelta(days=50))
    _, answer = seen(patient, filled("atorvastatin", 170, 140, 110, 80))
    (measured,) = answer.adherence
    assert (measured.days_covered, measured.days) == (120, 121)


def test_a_stay_is_taken_out_of_the_days() -> None:
    stay = Stay("inpatient", AS_OF - timedelta(days=109), AS_OF - timedelta(days=100))
    patient = replace(a_patient(), stays=(stay,))
    _, answer = seen(patient, steadily("atorvastatin"))
    assert [(m.days_covered, m.days) for m in answer.adherence] == [(161, 161)]


def test_the_explanation_ends_where_the_finding_does() -> None:
    """A rule's last step says that it fires exactly when the screen found something by it."""
    medications = [
        filled("atorvastatin", 170, 100, strength="20 MG"),
        steadily("metformin"),
        filled("gabapentin", 100, 85, 70, 55, 40, 25, 10),
    ]
    patient = a_patient("E11.9", "I48.91", "J44.9", "I50.22", born=OLD_ENOUGH)
    situation, answer = seen(patient, *medications)
    told = {finding.rule_id for finding in answer.findings}
    assert {"adherence.statins", "adherence.early_refills", "gap_in_care.anticoagulant_in_atrial_fibrillation"} <= told
    for rule in RULES:
        last = MODULES[rule.screen].explain(rule.rule_id, situation)[-1]
        assert (last.step == "finding") is (rule.rule_id in told), rule.rule_id


@given(regimens(sorted(NAMES)))
@settings(max_examples=25, deadline=None)
def test_explanations_agree_with_findings_on_any_regimen(medications: list[Medication]) -> None:
    situation, answer = seen(a_patient("I25.10", "E11.9", "J44.9", "I50.22"), *medications)
    told = {finding.rule_id for finding in answer.findings if finding.dur_code != "ER"}
    fires = {
        rule.rule_id
        for rule in RULES
        if not rule.rule_id.startswith("adherence.early")
        and any(step.step == "finding" for step in MODULES[rule.screen].explain(rule.rule_id, situation))
    }
    assert fires == told


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_every_rule_explains_itself_for_a_member_with_nothing(rule: object) -> None:
    situation = situation_of(a_patient(), [], AS_OF, KNOWLEDGE)
    steps = MODULES[rule.screen].explain(rule.rule_id, situation)  # type: ignore[attr-defined]
    assert steps[-1].outcome == "stopped"


def a_claim(name: str, **words: object) -> Medication:
    drug = load_vocabulary().understand(ndc=None, rxcui=None, name=name)
    assert isinstance(drug, Drug)
    fills = tuple(Supply(AS_OF - timedelta(days=ago), 30) for ago in (70, 40, 10))
    return Medication(name, drug, name, MedicationStatus.ACTIVE, fills=fills, source=Source.CLAIM, **words)  # type: ignore[arg-type]


def test_every_cheaper_choice_can_fire_unless_its_generic_is_told_first() -> None:
    """A form or brand that no product has, or a choice that stands in its own way, would never be found."""
    products = load_vocabulary().products.values()
    for choice in KNOWLEDGE.costs.choices.values():
        fitting = [
            product
            for product in products
            if "+".join(product.ingredients) == choice.drug
            and product.tty in ("SCD", "SBD")
            and (not choice.forms or product.form in choice.forms)
            and (not choice.brands or product.brand in choice.brands)
            and product.name.partition(" [")[0] * bool(product.brand) not in KNOWLEDGE.costs.generics
        ]
        assert fitting, choice.said.rule_id


def test_a_generic_is_known_of_no_brand_that_is_sold_alone() -> None:
    names = " ".join(KNOWLEDGE.costs.generics)
    for alone in ("apixaban", "empagliflozin", "rivaroxaban", "sitagliptin", "linagliptin", "bupropion hydrobromide"):
        assert alone not in names


def test_a_claim_for_a_brand_tells_its_generic() -> None:
    _, answer = seen(a_patient(), a_claim("Lipitor 20 MG Oral Tablet"))
    (finding,) = answer.findings
    assert finding.because == "Lipitor is filled, and atorvastatin 20 MG Oral Tablet is sold as a generic."
