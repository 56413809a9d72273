"""Which conditions a diagnosis code shows, and codes that cannot be used."""

import pytest
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.conditions import CORE_CATEGORIES

SHOWN = [
    ("G30.9", {"alzheimers_disease"}),
    ("F03.90", set()),  # dementia that is not said to be Alzheimer's
    ("M81.0", {"osteoporosis"}),
    ("M80.08XA", {"osteoporosis"}),
    ("M85.80", set()),  # osteopenia
    ("M17.11", {"osteoarthritis"}),
    ("M05.79", {"rheumatoid_arthritis"}),
    ("M06.9", {"rheumatoid_arthritis"}),
    ("M06.1", set()),  # adult-onset Still's disease
    ("M06.4", set()),  # inflammatory polyarthropathy
    ("I50.22", {"chronic_heart_failure"}),
    ("I11.0", {"chronic_heart_failure", "hypertension"}),
    ("I11.9", {"hypertension"}),
    ("I13.2", {"chronic_heart_failure", "hypertension", "esrd"}),
    ("E11.9", {"diabetes"}),
    ("E11.51", {"diabetes", "cardiovascular_disorders"}),
    ("R73.03", set()),  # prediabetes
    ("O24.410", set()),  # gestational diabetes
    ("E78.5", {"dyslipidemia"}),
    ("E78.01", {"dyslipidemia"}),
    ("E78.71", set()),  # Barth syndrome
    ("N18.6", {"esrd"}),
    ("N18.5", set()),  # stage 5 is not yet ESRD
    ("Z99.2", {"esrd"}),
    ("Z94.0", set()),  # kidney transplant status
    ("B20", {"hiv_aids"}),
    ("R75", set()),  # inconclusive test
    ("I10", {"hypertension"}),
    ("I1A.0", {"hypertension"}),  # resistant hypertension, new in 2023
    ("R03.0", set()),  # one elevated reading
    ("I27.20", set()),  # pulmonary hypertension
    ("F32.A", {"depression"}),
    ("F32.81", set()),  # premenstrual dysphoric disorder
    ("F31.9", {"bipolar_disorder"}),
    ("F25.0", {"schizophrenia"}),
    ("F41.1", {"chronic_mental_health_other"}),
    ("F43.20", set()),  # adjustment disorder
    ("J45.909", {"asthma"}),
    ("J82.83", {"asthma"}),  # eosinophilic asthma
    ("J44.89", {"copd"}),  # new in 2023
    ("J40", set()),  # bronchitis not said to be chronic
    ("J47.9", {"chronic_lung_other"}),
    ("J69.0", set()),  # aspiration pneumonitis is acute
    ("I25.10", {"cardiovascular_disorders"}),
    ("I48.91", {"cardiovascular_disorders"}),
    ("G45.9", {"cardiovascular_disorders"}),
    ("G45.4", set()),  # transient global amnesia
]


@pytest.mark.parametrize(("code", "conditions"), SHOWN)
def test_code_shows_conditions(vocabulary: Vocabulary, code: str, conditions: set[str]) -> None:
    assert vocabulary.conditions_of(code) == conditions
    assert vocabulary.icd10_problem(code) is None


@pytest.mark.parametrize("spelling", ["E11.9", "E119", "e11.9", " E119 "])
def test_spelling_does_not_matter(vocabulary: Vocabulary, spelling: str) -> None:
    assert vocabulary.conditions_of(spelling) == {"diabetes"}


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("250.00", "invalid_icd10"),  # ICD-9-CM
        ("E849.0", "invalid_icd10"),  # ICD-9-CM external cause
        ("E11.9.1", "invalid_icd10"),
        ("E1", "invalid_icd10"),
        ("", "invalid_icd10"),
        ("E11.99999", "invalid_icd10"),
        ("I1Ö.0", "invalid_icd10"),
        ("Q46.9", "unknown_icd10"),
        ("U99", "unknown_icd10"),
    ],
)
def test_unusable_code_shows_nothing_and_says_why(vocabulary: Vocabulary, code: str, problem: str) -> None:
    assert vocabulary.icd10_problem(code) == problem
    assert vocabulary.conditions_of(code) == frozenset()


def test_category_with_letters_is_known(vocabulary: Vocabulary) -> None:
    assert vocabulary.icd10_problem("QA0.8") is None


def test_every_core_category_has_a_condition(vocabulary: Vocabulary) -> None:
    assert {condition.core_category for condition in vocabulary.conditions.values()} == {*CORE_CATEGORIES, None}


def test_asthma_and_copd_are_one_core_category(vocabulary: Vocabulary) -> None:
    asthma, copd = vocabulary.condition("asthma"), vocabulary.condition("copd")

    assert asthma is not None
    assert copd is not None
    assert asthma.core_category == copd.core_category == "respiratory_disease"


def test_heart_failure_and_hypertension_stay_out_of_cardiovascular_disorders(vocabulary: Vocabulary) -> None:
    assert "cardiovascular_disorders" not in vocabulary.conditions_of("I50.9") | vocabulary.conditions_of("I10")


def test_evidence_policy_is_cited(vocabulary: Vocabulary) -> None:
    diabetes, depression = vocabulary.conditions["diabetes"].evidence, vocabulary.conditions["depression"].evidence

    assert diabetes.single_claim_settings == ("inpatient", "skilled_nursing", "home_health")
    assert depression.single_claim_settings == ("inpatient",)
    assert (diabetes.single_claim_minimum, diabetes.other_claim_minimum, diabetes.days_apart) == (1, 2, 1)
    assert "CCW" in diabetes.citation.source


def test_unknown_condition_is_none(vocabulary: Vocabulary) -> None:
    assert vocabulary.condition("gout") is None
