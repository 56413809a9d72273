"""What the opioid screen says beyond the labelled cases: how it counted, by which factors, and for which programme."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.opioids import form_of
from mtm_review.domain.patient import Patient
from mtm_review.domain.regimen import build_regimen
from mtm_review.domain.ruled import explain
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.domain.situation import situation_of
from mtm_review.usecases.understanding import understand
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE

PATIENT = Patient(date(1950, 1, 1))


def claimed(name: str, quantity: str, days: int = 30, *ago: int) -> Medication:
    drug, _, _ = understand(load_vocabulary(), None, None, name)
    fills = tuple(Supply(AS_OF - timedelta(days=each), days, quantity=Decimal(quantity)) for each in ago or (40, 10))
    return Medication(name, drug, name, fills=fills, source=Source.CLAIM)


def found(*medications: Medication, factors: str = "cdc_2022") -> dict[str, Finding]:
    options = ScreeningOptions(50, frozenset({Screen.OPIOID_SAFETY}), factors)
    return {each.rule_id: each for each in screen(PATIENT, medications, AS_OF, KNOWLEDGE, options).findings}


def test_a_finding_names_its_factors_and_what_each_programme_makes_of_the_day() -> None:
    finding = found(claimed("oxycodone hydrochloride 10 MG Oral Tablet", "180"))["opioid_safety.mme_90"]
    assert "90 MME a day (cdc_2022)" in finding.because
    assert "factors cdc_2022; care-coordination edit (90 or more): reached; OMS (over 90): not over it that day" in (
        finding.evidence
    )


@pytest.mark.parametrize(("factors", "rule"), [("cdc_2018", None), ("cdc_2022", "opioid_safety.mme_50")])
def test_tramadol_depends_on_the_factors(factors: str, rule: str | None) -> None:
    rules = found(claimed("tramadol hydrochloride 50 MG Oral Tablet", "180"), factors=factors)
    assert ("opioid_safety.mme_50" in rules) == (rule is not None)


def test_an_explanation_says_what_could_not_be_told() -> None:
    unknown = claimed("oxycodone hydrochloride 10 MG Oral Tablet", "0")
    situation = situation_of(PATIENT, [unknown], AS_OF, KNOWLEDGE)
    steps = explain(KNOWLEDGE.rules["opioid_safety.mme_50"], situation)
    assert ("mme_from", "cannot_tell") in [(step.step, step.outcome) for step in steps]


def test_a_strength_that_was_replaced_is_not_counted_twice() -> None:
    before = claimed("morphine sulfate 15 MG Extended Release Oral Tablet", "60", 30, 25)
    after = claimed("morphine sulfate 30 MG Extended Release Oral Tablet", "60", 30, 3)
    total = screen(PATIENT, [before, after], AS_OF, KNOWLEDGE).opioid
    assert total is not None
    assert total.mme_per_day == 60


def test_without_an_opioid_there_is_no_total() -> None:
    assert screen(PATIENT, [claimed("citalopram 20 MG Oral Tablet", "30")], AS_OF, KNOWLEDGE).opioid is None


def test_buprenorphine_is_named_and_counts_nothing() -> None:
    total = screen(PATIENT, [claimed("buprenorphine 8 MG Sublingual Tablet", "60")], AS_OF, KNOWLEDGE).opioid
    assert total is not None
    assert (str(total.mme_per_day), len(total.parts)) == ("0.00", 1)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("72 HR fentanyl 0.025 MG/HR Transdermal System", "patch"),
        ("fentanyl 0.4 MG/ACTUAT nasal spray", "nasal_spray"),
        ("fentanyl 0.1 MG/ACTUAT Mucosal Spray", "oral_spray"),
        ("fentanyl 1.2 MG Buccal Film", "film"),
        ("fentanyl 0.4 MG Oral Lozenge", "buccal"),
        ("fentanyl 0.1 MG Buccal Tablet", "buccal"),
        ("morphine sulfate 15 MG Extended Release Oral Tablet", "oral"),
    ],
)
def test_forms_between_which_factors_differ(name: str, form: str) -> None:
    (course,) = build_regimen([claimed(name, "30")], AS_OF).courses
    assert form_of(course) == form
