"""A mistake in a knowledge file is refused with the file, the line, the field and the value."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_shared.reference import ReferenceDataError

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_unchanged_copy_is_the_same_knowledge(folder: Path) -> None:
    assert load_knowledge(folder).version == load_knowledge().version


def test_a_changed_value_is_another_version(folder: Path) -> None:
    edit(folder, "drug_disease.csv", "cilostazol_heart_failure,cilostazol,chronic_heart_failure,contraindicated",
         "cilostazol_heart_failure,cilostazol,chronic_heart_failure,major")  # fmt: skip
    changed = load_knowledge(folder)
    assert changed.fingerprint != load_knowledge().fingerprint
    assert changed.rules["drug_disease.cilostazol_heart_failure"].severity == "major"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("drug_disease.csv", "rule_id,", "rule,", "columns must be"),
        ("drug_disease.csv", ",cilostazol,chronic", ",cilostazole,chronic", "drug_set: must be an id that is defined"),
        ("drug_disease.csv", ",cilostazol,chronic_heart_failure", ",cilostazol,heart_trouble", "condition: must be"),
        ("drug_disease.csv", "contraindicated", "deadly", "severity: must be one of"),
        ("drug_disease.csv", "dronedarone_heart_failure", "cilostazol_heart_failure", "must not be defined twice"),
        ("drug_disease.csv", ",female,", ",woman,", "sex"),
        ("drug_disease.csv", ",systemic,", ",bloodstream,", "routes"),
        ("drug_disease.csv", ",gastroprotection,", ",milk,", "unless_drugs"),
        ("drug_disease.csv", "must not be taken in heart failure of any severity.", "heart failure", "sentence"),
        ("drug_disease.csv.toml", "rows = ", "rows = 1", "sidecar says"),
        ("drug_drug.csv", ",loop_and_thiazide_diuretics,", ",water_pills,", "with_drugs: must name only ids"),
        (
            "drug_drug.csv",
            ",ace_inhibitors_arbs_and_aliskiren,",
            ",sartans,",
            "drug_set: must be an id that is defined",
        ),
        ("allergy_rules.csv", ",penicillins,penicillins,", ",penicillins,penicilins,", "drugs: must be an id"),
        ("allergy_rules.csv", ",penicillins,penicillins,", ",penicillins,,", "must be a group, and so must drugs"),
        ("allergy_rules.csv", "FDA label of amoxicillin", "Label of amoxicillin", "must be an FDA label"),
        ("allergy_groups.csv", "penicillin;penicillins;pcn", "penicillin;penicillins;sulfa", "not be defined twice"),
        ("allergy_groups.csv", "penicillin_allergy", "penicillin_trouble", "conditions: must name only ids"),
        ("allergy_members.csv", "arbs,", "sartans,", "group_id: must be an id that is defined"),
        ("allergy_reactions.csv", ",serious", ",awful", "grade: must be one of"),
        ("drug_disease.csv.toml", "licence", "license", "licence"),
        ("duplicate_classes.csv", "ACE inhibitors,1,ras_inhibitors", "ACE inhibitors,1,raas", "parent"),
        ("duplicate_classes.csv", "ACE inhibitors,1,ras_inhibitors", "ACE inhibitors,1,ace_inhibitors", "lead back"),
        ("duplicate_classes.csv", "ACE inhibitors,1,", "ACE inhibitors,0,", "allowance"),
        ("duplicate_members.csv", "ace_inhibitors,", "ace_blockers,", "ace_blockers"),
        ("intended_pairs.csv", "class:basal_insulins", "class:slow_insulins", "first"),
        ("intended_pairs.csv", ",coronary_stent;", ",coronary_spring;", "conditions: must name only ids"),
        ("intended_pairs.csv", ",minor,,no,0,", ",slight,,no,0,", "otherwise: must be one of"),
        (
            "intended_pairs.csv",
            "class:stimulants,,short_acting,,,,no",
            "class:stimulants,,short_acting,,minor,,no",
            "otherwise: must stand only where conditions are named",
        ),
        ("intended_pairs.csv", ",,strength,yes,", ",,colour,yes,", "differ: must be one of"),
        ("intended_pairs.csv", ",no,30,", ",no,a month,", "up_to_days: must be a whole number"),
        ("intended_pairs.csv", ",,strength,yes,", ",,strength,maybe,", "one_prescriber: must be yes or no"),
        ("drug_disease.csv", ",schizophrenia;bipolar_disorder,", ",schizophrenia;madness,", "unless_conditions"),
        ("drug_sets.csv", "nsaids,3355,", "nsaids,x3355,", "rxcui"),
        ("older_adult.csv", ",6 mg,", ",6 milligrams,", "dose_over: must be an amount a day"),
        ("older_adult.csv", ",short_acting,", ",quick,", "release: must be one of"),
        ("older_adult.csv", ",excused,", ",pardoned,", "as_needed: must be one of"),
        ("burdens.csv", ",opioid;benzodiazepine;", ",opiate;benzodiazepine;", "groups: must name only ids"),
        ("burdens.csv", ",epilepsy_or_seizures,", ",fits,", "unless_conditions: must name only ids"),
        ("burdens.csv", ",65,3,", ",65,1,", "at_least: must be a whole number from 2"),
        ("burden_groups.csv", ",z_drugs", ",y_drugs", "drug_set: must be an id that is defined"),
        (
            "anticholinergic_scores.csv",
            "amitriptyline,3,",
            "amitriptyline,4,",
            "score: must be a whole number from 1 to 3",
        ),
        ("adherence.csv", "statins,statins,statins,oral,80", "statins,statins,statins,oral,101", "threshold"),
        ("adherence.csv", "every_insulin", "some_insulin", "unless_drugs: must name only ids"),
        ("early_refills.csv", "2;3;4;5", "2;3;4;6", "schedules"),
        ("gap_in_care.csv", "atorvastatin>=40 mg", "atorvastatin>40 mg", "enough: must be amounts"),
        ("gap_in_care.csv", "cha2ds2_vasc>=2", "chads>=2", "score: must be a bound"),
        (
            "gap_in_care.csv",
            "statin_in_ascvd,statin,atherosclerotic_cardiovascular_disease",
            "statin_in_ascvd,statin,",
            "conditions: must name a condition",
        ),
        ("scores.csv", "heart failure,1,", "heart failure,0,", "points"),
        ("scores.csv", "female,1,,,,female", "female,1,diabetes,,,female", "must be the only one"),
        ("generics.csv", "+", "+1+", "drug: must be RxCUIs"),
        ("cheaper_choices.csv", '\nazilsartan,"', '\n,"', "rule_id: must not be empty"),
    ],
)
def test_a_mistake_is_refused(folder: Path, name: str, old: str, new: str, says: str) -> None:
    edit(folder, name, old, new)
    with pytest.raises(ReferenceDataError, match=says) as refused:
        load_knowledge(folder)
    assert name.removesuffix(".toml").removesuffix(".csv") in str(refused.value)


def test_a_refusal_names_the_line_and_the_value(folder: Path) -> None:
    edit(folder, "drug_disease.csv", ",cilostazol,chronic", ",cilostazole,chronic")
    with pytest.raises(ReferenceDataError, match=r"drug_disease\.csv:\d+\.drug_set: .*'cilostazole'"):
        load_knowledge(folder)
