"""What drugs show of a condition that nobody reported, and what silences it."""

from dataclasses import replace

from mtm_review.domain.finding import Confidence, Screen
from mtm_review.domain.held import Held
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Condition, Patient
from mtm_review.domain.screening import screen
from mtm_review.domain.situation import Situation, situation_of
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE, a_patient, steadily

LEVODOPA = steadily("carbidopa/levodopa")


def a_situation(*medications: Medication, conditions: tuple[Condition, ...] = ()) -> Situation:
    return situation_of(replace(a_patient(), conditions=conditions), medications, AS_OF, KNOWLEDGE)


def by_id(code: str, *, source: str = "reported", denied: bool = False) -> Condition:
    return Condition(code, code=code, source=source, denied=denied, conditions=load_vocabulary().implied_by(code))


def inferred(*medications: Medication, conditions: tuple[Condition, ...] = ()) -> list[str]:
    return [one.condition for one in a_situation(*medications, conditions=conditions).inferred]


def test_the_wider_condition_holds_with_the_inferred_one() -> None:
    held = a_situation(LEVODOPA).held
    assert held.has("parkinsons_or_lewy_body_disease")
    assert not held.reported("parkinsons_or_lewy_body_disease")
    assert held.confidence("parkinsons_or_lewy_body_disease") is Confidence.INFERRED_HIGH


def test_a_denial_of_the_wider_condition_silences_the_narrower() -> None:
    assert inferred(LEVODOPA) == ["parkinsons_disease"]
    assert inferred(LEVODOPA, conditions=(by_id("parkinsons_or_lewy_body_disease", denied=True),)) == []


def test_a_report_of_a_narrower_condition_leaves_nothing_to_infer() -> None:
    insulin = steadily("insulin glargine", route="injection")
    assert inferred(insulin) == ["diabetes"]
    assert inferred(insulin, conditions=(by_id("type_1_diabetes"),)) == []


def test_a_report_of_the_wider_condition_stays_reported() -> None:
    situation = a_situation(steadily("donepezil"), conditions=(by_id("vascular_dementia"),))
    assert situation.inferred == ()
    assert situation.held.reported("dementia_or_cognitive_impairment")


def test_two_drugs_show_one_condition_once_and_the_surest_counts() -> None:
    (one,) = a_situation(steadily("allopurinol"), steadily("febuxostat")).inferred
    assert (one.condition, one.confidence) == ("gout", Confidence.INFERRED_HIGH)
    assert one.because == "The member seems to have gout, because allopurinol and febuxostat are taken."


def test_a_pair_shows_what_neither_drug_shows() -> None:
    assert inferred(steadily("dutasteride"), steadily("tamsulosin")) == ["benign_prostatic_hyperplasia"]
    assert inferred(steadily("dutasteride")) == []
    assert inferred(steadily("tamsulosin")) == []


def test_given_as_inferred_is_low_until_our_own_inference_is_surer() -> None:
    given = (by_id("parkinsons_disease", source="inferred"),)
    assert a_situation(conditions=given).held.confidence("parkinsons_disease") is Confidence.INFERRED_LOW
    held = a_situation(LEVODOPA, conditions=given).held
    assert held.confidence("parkinsons_disease") is Confidence.INFERRED_HIGH


def test_reported_beside_given_as_inferred_counts_as_reported() -> None:
    given = (by_id("parkinsons_disease", source="inferred"), by_id("parkinsons_disease"))
    assert a_situation(LEVODOPA, conditions=given).held.reported("parkinsons_disease")


def test_what_is_inferred_is_told_without_a_finding() -> None:
    answer = screen(a_patient(), [LEVODOPA], AS_OF, KNOWLEDGE)
    assert answer.findings == ()
    assert [(one.condition, [m.name for m in one.medications]) for one in answer.inferred] == [
        ("parkinsons_disease", [LEVODOPA.name])
    ]


def test_the_order_of_medications_changes_nothing() -> None:
    medications = [steadily("donepezil"), LEVODOPA, steadily("febuxostat"), steadily("haloperidol")]
    first = screen(a_patient(), medications, AS_OF, KNOWLEDGE)
    assert screen(a_patient(), medications[::-1], AS_OF, KNOWLEDGE) == first
    assert [one.condition for one in first.inferred] == ["dementia", "gout", "parkinsons_disease"]
    found = [finding for finding in first.findings if finding.screen is Screen.DRUG_DISEASE]
    assert {finding.dur_code for finding in found} == {"DC"}


def test_nothing_is_held_without_medications_and_conditions() -> None:
    assert situation_of(Patient(a_patient().birth_date), [], AS_OF, KNOWLEDGE).held == Held({}, {})


def test_a_drug_is_not_held_against_what_it_alone_shows() -> None:
    reported = screen(replace(a_patient(), conditions=(by_id("diabetes"),)), [steadily("glipizide")], AS_OF, KNOWLEDGE)
    assert reported.inferred == ()
    both = screen(a_patient(), [steadily("midodrine"), steadily("doxazosin")], AS_OF, KNOWLEDGE)
    assert [(f.rule_id, [m.name for m in f.medications]) for f in both.findings if f.dur_code == "DC"] == [
        ("drug_disease.alpha_blockers_syncope", ["doxazosin"])
    ]
    levodopa = a_situation(LEVODOPA)
    assert levodopa.held.shown_only_by("parkinsons_disease", {LEVODOPA.drug.key} if LEVODOPA.drug else set())
