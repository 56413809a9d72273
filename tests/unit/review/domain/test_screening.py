"""What must hold of every screening, whatever the medications."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_review.domain.finding import Screen, Screening, Severity
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Allergy, Lab, Patient, Sex
from mtm_review.domain.screening import ScreeningOptions, screen
from regimens import AS_OF, KNOWLEDGE, NAMES, a_patient, filled, regimens, reported, steadily

ALL = ScreeningOptions(max_findings=500)
OF_DRUGS = ScreeningOptions(500, frozenset({Screen.DUPLICATE_THERAPY, Screen.DRUG_DISEASE}))
CODES = ("I50.22", "N18.4", "K25.7", "R29.6", "G30.1", "J45.40", "G40.909", "I10")
PATIENT = a_patient(*CODES)
COMMON = ("lisinopril", "losartan", "naproxen", "ibuprofen", "warfarin", "apixaban", "zolpidem", "lorazepam",
          "sertraline", "citalopram", "metformin", "omeprazole", "hydrochlorothiazide/lisinopril", "propranolol",
          "donepezil", "amitriptyline", "gabapentin", "tramadol", "clopidogrel", "aspirin")  # fmt: skip


def screened(medications: list[Medication], patient: Patient = PATIENT, options: ScreeningOptions = ALL) -> Screening:
    return screen(patient, medications, AS_OF, KNOWLEDGE, options)


@given(regimens(COMMON), st.integers(0, 2**16))
@settings(max_examples=60, deadline=None)
def test_the_order_of_medications_and_claims_does_not_matter(medications: list[Medication], seed: int) -> None:
    shuffled = [_shuffle_fills(medication, Random(seed)) for medication in medications]
    Random(seed).shuffle(shuffled)
    one, other = screened(medications), screened(shuffled)
    assert [f.finding_id for f in one.findings] == [f.finding_id for f in other.findings]
    assert [(f.because, f.rank, f.tier) for f in one.findings] == [(f.because, f.rank, f.tier) for f in other.findings]
    assert [(s.rule_id, s.reason) for s in one.suppressed] == [(s.rule_id, s.reason) for s in other.suppressed]


def _shuffle_fills(medication: Medication, random: Random) -> Medication:
    fills = list(medication.fills)
    random.shuffle(fills)
    return medication._replace(fills=tuple(fills))


@given(regimens(COMMON), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_renaming_records_never_changes_ids(medications: list[Medication], random: Random) -> None:
    names = [medication.medication_id for medication in medications]
    random.shuffle(names)
    renamed = [m._replace(medication_id=f"x{name}") for m, name in zip(medications, names, strict=True)]
    assert {f.finding_id for f in screened(medications).findings} == {f.finding_id for f in screened(renamed).findings}


@given(regimens(COMMON))
@settings(max_examples=40, deadline=None)
def test_an_unrelated_drug_removes_no_finding(medications: list[Medication]) -> None:
    more = [*medications, steadily("latanoprost", route="ophthalmic")]
    assert {f.finding_id for f in screened(medications).findings} <= {f.finding_id for f in screened(more).findings}


@given(regimens(COMMON))
@settings(max_examples=40, deadline=None)
def test_the_same_arguments_give_the_same_answer(medications: list[Medication]) -> None:
    assert screened(medications) == screened(medications)


@given(regimens(sorted(NAMES)))
@settings(max_examples=60, deadline=None)
def test_findings_have_distinct_ids_and_ranks_without_holes(medications: list[Medication]) -> None:
    findings = screened(medications).findings
    assert len({finding.finding_id for finding in findings}) == len(findings)
    assert [finding.rank for finding in findings] == list(range(1, len(findings) + 1))


@given(regimens(sorted(NAMES)))
@settings(max_examples=60, deadline=None)
def test_everything_is_said_in_sentences(medications: list[Medication]) -> None:
    answer = screened(medications)
    texts = [t for f in answer.findings for t in (f.because, f.consequence, f.recommendation)]
    for text in [*texts, *(s.because for s in answer.suppressed), *(n.detail for n in answer.not_checked)]:
        assert text[0].isupper() or text[0].isdigit()  # 5-hydroxytryptophan
        assert text.endswith(".")
        assert "  " not in text


def test_every_medication_is_either_checked_or_named() -> None:
    medications = [steadily("lisinopril"), reported("moonflower"), Medication("x", None, "frobnicol")]
    answer = screened(medications)
    named = [item for item in answer.not_checked if item.what == "medication"]
    assert answer.coverage.medications == answer.coverage.medications_checked + len(named) == 3
    assert [(item.value, item.code) for item in named] == [("moonflower", "no_rule"), ("frobnicol", "unknown_drug")]


def test_facts_that_no_screen_reads_are_named() -> None:
    patient = Patient(
        date(1950, 1, 1),
        Sex.UNKNOWN,
        a_patient("I10").conditions,
        allergies=(Allergy("moonflower"),),
        labs=(Lab("718-8", Decimal(5), "g/dL", AS_OF),),
    )
    codes = [(item.what, item.value) for item in screened([], patient).not_checked]
    assert codes == [("screen", "drug_disease"), ("lab", "718-8"), ("allergy", "moonflower")]


def test_a_contraindicated_finding_is_shown_beyond_the_limit() -> None:
    medications = [steadily("propranolol"), steadily("bupropion"), steadily("metformin"), steadily("naproxen")]
    answer = screen(PATIENT, medications, AS_OF, KNOWLEDGE, replace(OF_DRUGS, max_findings=1))
    assert [finding.severity for finding in answer.findings] == [Severity.CONTRAINDICATED] * 3
    left = [item for item in answer.suppressed if "Not among the 1 findings" in item.because]
    assert len(answer.findings) + len(left) == len(screened(medications, options=OF_DRUGS).findings)


def test_the_gravest_finding_comes_first() -> None:
    findings = screened(
        [steadily("gabapentin"), steadily("naproxen"), steadily("metformin")], options=OF_DRUGS
    ).findings
    assert findings[0].severity is Severity.CONTRAINDICATED
    assert findings[-1].severity is Severity.MODERATE


def test_a_finding_that_prescribers_share_comes_after_one_where_they_differ() -> None:
    medications = [
        steadily("amlodipine", by="1234567893"), steadily("nifedipine", by="1234567893"),
        steadily("atorvastatin", by="1234567893"), steadily("simvastatin", by="1245319599"),
    ]  # fmt: skip
    first, second = screened(medications, options=OF_DRUGS).findings
    assert (first.prescribers_differ, second.prescribers_differ) == (True, False)


def test_evidence_names_the_fills_and_the_condition() -> None:
    (finding,) = screened([filled("naproxen", 50, 20, by="1234567893")], a_patient("I50.22"), OF_DRUGS).findings
    assert finding.evidence == (
        "naproxen: 2 fills, 2026-05-11 to 2026-06-10, supplied to 2026-07-09, prescriber 1234567893",
        "condition I50.22: heart failure",
    )
