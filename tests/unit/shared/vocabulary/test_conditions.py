"""Which conditions a diagnosis code shows, why, and codes that cannot be used."""

import pytest
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.conditions import CORE_CATEGORIES
from mtm_shared.vocabulary.diagnoses import ConditionIndex
from mtm_shared.vocabulary.official.records import DiagnosisCode

# What programmes count: the conditions of CMS's core diseases, and cardiovascular disorders.
COUNTED = [
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
    ("I13.2", {"chronic_heart_failure", "hypertension"}),
    ("E11.9", {"diabetes"}),
    ("E11.51", {"diabetes", "cardiovascular_disorders"}),
    ("R73.03", set()),  # prediabetes
    ("O24.410", set()),  # gestational diabetes
    ("E78.5", {"dyslipidemia"}),
    ("E78.01", {"dyslipidemia"}),
    ("E78.71", set()),  # Barth syndrome
    ("N18.6", {"esrd"}),
    ("N18.5", set()),  # stage 5 is not yet ESRD
    ("I12.0", {"hypertension"}),  # stage 5 or ESRD: N18.6 beside it says which
    ("E10.A2", set()),  # presymptomatic type 1 diabetes
    ("E11.A", {"diabetes"}),  # in remission, and still followed
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


# What reviews have rules on, beside what programmes count.
REVIEWED = [
    ("E11.9", {"type_2_diabetes"}),
    ("R73.03", {"prediabetes"}),
    ("I50.22", {"systolic_heart_failure"}),
    ("I50.32", {"diastolic_heart_failure"}),
    ("N18.30", {"chronic_kidney_disease", "ckd_stage_3"}),
    ("N18.31", {"chronic_kidney_disease", "ckd_stage_3", "ckd_stage_3a"}),
    ("N18.32", {"chronic_kidney_disease", "ckd_stage_3", "ckd_stage_3b"}),
    ("N18.5", {"chronic_kidney_disease", "ckd_stage_4_or_5", "ckd_stage_5"}),
    ("I12.0", {"chronic_kidney_disease", "ckd_stage_4_or_5", "ckd_stage_5"}),
    ("I12.9", {"chronic_kidney_disease", "ckd_stage_not_stated"}),
    ("Z94.0", {"kidney_transplant", "organ_transplant"}),
    ("G30.9", {"dementia", "dementia_or_cognitive_impairment"}),
    # The severities that FY2023 added to dementia.
    (
        "F03.B11",
        {
            *("dementia", "dementia_or_cognitive_impairment", "dementia_with_behavioral_disturbance"),
            "dementia_with_agitation",
        },
    ),
    ("F03.B0", {"dementia", "dementia_or_cognitive_impairment"}),
    ("G31.84", {"dementia_or_cognitive_impairment", "mild_cognitive_impairment"}),
    ("G20.A1", {"parkinsons_disease", "parkinsons_or_lewy_body_disease"}),
    (
        "G31.83",
        {"dementia", "dementia_or_cognitive_impairment", "lewy_body_dementia", "parkinsons_or_lewy_body_disease"},
    ),
    ("I95.1", {"hypotension", "orthostatic_hypotension", "syncope_or_orthostatic_hypotension"}),
    ("R55", {"syncope", "syncope_or_orthostatic_hypotension"}),
    ("I82.409", {"deep_vein_thrombosis", "venous_thromboembolism"}),
    ("I82.811", set()),  # a superficial vein
    ("E87.21", {"metabolic_acidosis"}),
    ("E87.29", set()),  # respiratory acidosis
    ("N39.46", {"mixed_incontinence", "stress_incontinence", "urge_incontinence", "urinary_incontinence"}),
    ("K57.31", {"diverticular_disease", "gastrointestinal_bleeding"}),
    ("H40.011", set()),  # an open angle with borderline findings is not yet glaucoma
    ("H40.031", {"angle_closure_glaucoma"}),  # narrow angles are what the drug acts on
    ("T40.2X1A", {"opioid_overdose"}),
    ("T40.2X5A", set()),  # an adverse effect of an opioid taken as prescribed
    ("Z51.5", {"hospice_or_palliative_care"}),
    ("C44.91", {"skin_cancer"}),
    ("I61.9", {"cerebrovascular_event", "intracranial_hemorrhage", "stroke"}),  # prasugrel's label means any stroke
    ("S06.5X0D", {"intracranial_hemorrhage", "traumatic_brain_injury"}),
    ("I27.82", {"pulmonary_embolism", "venous_thromboembolism"}),
    ("E11.51", {"peripheral_artery_disease", "type_2_diabetes"}),
    ("E11.3412", {"diabetic_macular_edema", "diabetic_retinopathy", "type_2_diabetes"}),
    ("E16.A2", {"hypoglycemia"}),
    ("E83.19", set()),  # another disorder of iron, not too much of it
    ("B18.2", {"chronic_hepatitis_c", "chronic_liver_disease", "hepatitis_c", "liver_disease"}),
    (
        "K76.82",
        {"chronic_liver_disease", "decompensated_liver_disease", "hepatic_encephalopathy", "liver_disease"},
    ),
    ("W18.41XA", set()),  # stumbled and did not fall
    ("W16.011A", set()),  # dived into a pool
    ("W18.30XA", {"falls", "falls_or_fractures"}),
    ("Z87.440", {"history_of_urinary_tract_infection"}),
    ("O72.1", set()),  # bleeding after delivery: the pregnancy has ended
    ("O99.03", set()),  # in the puerperium
    ("O99.013", {"pregnancy"}),
    ("F84.2", set()),  # Rett's syndrome
    ("O24.410", {"pregnancy"}),
]


def _counted(vocabulary: Vocabulary) -> set[str]:
    core = {condition.id for condition in vocabulary.conditions.values() if condition.core_category}
    return {*core, "cardiovascular_disorders"}


@pytest.mark.parametrize(("code", "conditions"), COUNTED)
def test_code_shows_what_programmes_count(vocabulary: Vocabulary, code: str, conditions: set[str]) -> None:
    assert vocabulary.conditions_of(code) & _counted(vocabulary) == conditions
    assert vocabulary.icd10_problem(code) is None


@pytest.mark.parametrize(("code", "conditions"), REVIEWED)
def test_code_shows_what_reviews_ask_for(vocabulary: Vocabulary, code: str, conditions: set[str]) -> None:
    # Those for gaps in care are many for one code and stand in a test of their own.
    wide = {"atherosclerotic_cardiovascular_disease", *_counted(vocabulary)}
    assert vocabulary.conditions_of(code) - wide == conditions


@pytest.mark.parametrize("spelling", ["E11.9", "E119", "e11.9", " E119 "])
def test_spelling_does_not_matter(vocabulary: Vocabulary, spelling: str) -> None:
    assert vocabulary.conditions_of(spelling) == {"diabetes", "type_2_diabetes"}


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
    assert vocabulary.condition("heart_trouble") is None


def test_why_names_the_prefix_that_decided_in_or_out(vocabulary: Vocabulary) -> None:
    (still,) = vocabulary.why("M06.1")

    assert still == ("rheumatoid_arthritis", "Rheumatoid arthritis", "M061", False, still.source)
    assert "Still's disease" in still.source
    assert [(match.condition, match.prefix) for match in vocabulary.why("i10")] == [("hypertension", "I10")]
    assert vocabulary.why("250.00") == ()


def test_code_has_the_title_of_its_category_at_least(vocabulary: Vocabulary) -> None:
    assert vocabulary.icd10("E11.22") == ("E11", "Type 2 diabetes mellitus", False)
    assert vocabulary.icd10("Q46.9") is None


def test_code_has_its_own_title_where_the_official_list_is_held(vocabulary: Vocabulary) -> None:
    official = {
        "E112": DiagnosisCode("E112", "Type 2 diabetes mellitus with kidney complications", False),
        "E1122": DiagnosisCode("E1122", "Type 2 diabetes mellitus with diabetic chronic kidney disease", True),
    }
    index = ConditionIndex(vocabulary.tables.conditions, official)

    assert index.icd10("e11.22") == official["E1122"]
    assert index.icd10("E11.2") == official["E112"]
    assert index.icd10("E11.29") == official["E112"]


@pytest.mark.parametrize(
    ("concept", "conditions"),
    [
        ("44054006", {"diabetes", "type_2_diabetes"}),
        ("88805009", {"chronic_heart_failure"}),
        ("415238003", {"rem_sleep_behavior_disorder"}),
        ("170935008", {"hospice_or_palliative_care"}),
        ("195662009", set()),  # a sore throat is known, and no condition of ours
    ],
)
def test_snomed_concept_shows_conditions(vocabulary: Vocabulary, concept: str, conditions: set[str]) -> None:
    assert vocabulary.conditions_of_snomed(concept) == conditions
    assert vocabulary.snomed_problem(concept) is None


@pytest.mark.parametrize(
    ("concept", "problem"),
    [
        *(("44054007", "invalid_snomed"), ("I10", "invalid_snomed"), ("", "invalid_snomed")),
        ("138875005", "unknown_snomed"),
    ],
)
def test_unusable_snomed_concept_says_why(vocabulary: Vocabulary, concept: str, problem: str) -> None:
    assert vocabulary.snomed_problem(concept) == problem
    assert vocabulary.conditions_of_snomed(concept) == frozenset()


@pytest.mark.parametrize("category", ["RXHCC31", "RxHCC 31", "31", " rxhcc031 "])
def test_rxhcc_category_shows_conditions_however_it_is_written(vocabulary: Vocabulary, category: str) -> None:
    assert vocabulary.conditions_of_rxhcc(category) == {"diabetes"}


def test_rxhcc_category_that_only_overlaps_shows_nothing(vocabulary: Vocabulary) -> None:
    lipids = vocabulary.rxhcc("RXHCC47")

    assert lipids is not None
    assert ("dyslipidemia", "overlaps") in lipids.links
    assert vocabulary.conditions_of_rxhcc("RXHCC47") == frozenset()


@pytest.mark.parametrize(
    ("category", "model"), [("RXHCC999", "V08"), ("HCC19", "V08"), ("RXHCC31", "V05"), ("", "V08")]
)
def test_unknown_rxhcc_category_shows_nothing(vocabulary: Vocabulary, category: str, model: str) -> None:
    assert vocabulary.rxhcc(category, model) is None
    assert vocabulary.conditions_of_rxhcc(category, model) == frozenset()
