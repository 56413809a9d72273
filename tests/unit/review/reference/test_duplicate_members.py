"""Duplicate classes against the vocabulary's therapeutic classes: nobody adds a drug to one and forgets the other.

A duplicate class names its members one by one, because what duplicates is narrower or wider than a therapeutic class;
each difference is held here with its reason.
"""

import csv
from functools import cache
from typing import Final

import pytest
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_shared.vocabulary import load_vocabulary

NATURAL: Final[dict[str, tuple[str, ...]]] = {
    "ace_inhibitors": ("ace_inhibitor",),
    "angiotensin_receptor_blockers": ("angiotensin_receptor_blocker",),
    "renin_inhibitors": ("direct_renin_inhibitor",),
    "beta_blockers": ("beta_blocker",),
    "dihydropyridines": ("dihydropyridine_calcium_channel_blocker",),
    "nondihydropyridines": ("nondihydropyridine_calcium_channel_blocker",),
    "thiazide_diuretics": ("thiazide_diuretic", "thiazide_like_diuretic"),
    "loop_diuretics": ("loop_diuretic",),
    "potassium_sparing_diuretics": ("potassium_sparing_diuretic", "mineralocorticoid_receptor_antagonist"),
    "alpha_blockers": ("alpha_blocker", "uroselective_alpha_blocker"),
    "central_alpha_agonists": ("central_alpha_agonist",),
    "nitrates": ("nitrate",),
    "statins": ("statin",),
    "fibrates": ("fibrate",),
    "bile_acid_sequestrants": ("bile_acid_sequestrant",),
    "pcsk9_inhibitors": ("pcsk9_inhibitor",),
    "oral_anticoagulants": ("direct_oral_anticoagulant", "vitamin_k_antagonist"),
    "injected_anticoagulants": ("low_molecular_weight_heparin", "factor_xa_inhibitor_injectable"),
    "p2y12_inhibitors": ("p2y12_inhibitor",),
    "antiplatelets": ("antiplatelet",),
    "antiarrhythmics": ("antiarrhythmic",),
    "sulfonylureas": ("sulfonylurea",),
    "insulin_secretagogues": ("meglitinide",),
    "dpp4_inhibitors": ("dpp4_inhibitor",),
    "glp1_agonists": ("glp1_receptor_agonist", "gip_glp1_receptor_agonist"),
    "sglt2_inhibitors": ("sglt2_inhibitor",),
    "thiazolidinediones": ("thiazolidinedione",),
    "alpha_glucosidase_inhibitors": ("alpha_glucosidase_inhibitor",),
    "basal_insulins": ("insulin_basal", "insulin_intermediate"),
    "mealtime_insulins": ("insulin_rapid_acting", "insulin_short_acting"),
    "proton_pump_inhibitors": ("proton_pump_inhibitor", "potassium_competitive_acid_blocker"),
    "h2_blockers": ("h2_blocker",),
    "nsaids": ("nsaid",),
    "opioids": ("opioid",),
    "skeletal_muscle_relaxants": ("skeletal_muscle_relaxant",),
    "gabapentinoids": ("gabapentinoid",),
    "benzodiazepines": ("benzodiazepine",),
    "z_drugs": ("z_hypnotic",),
    "sedative_hypnotics": ("anxiolytic",),
    "orexin_antagonists": ("orexin_antagonist",),
    "ssris": ("ssri",),
    "snris": ("snri",),
    "tricyclic_antidepressants": ("tricyclic_antidepressant",),
    "antipsychotics": ("antipsychotic",),
    "cholinesterase_inhibitors": ("acetylcholinesterase_inhibitor",),
    "dopamine_agonists": ("dopamine_agonist",),
    "mao_b_inhibitors": ("mao_b_inhibitor",),
    "triptans": ("triptan",),
    "bladder_antimuscarinics": ("urinary_antimuscarinic",),
    "beta3_agonists": ("beta3_agonist",),
    "five_alpha_reductase_inhibitors": ("five_alpha_reductase_inhibitor",),
    "pde5_inhibitors": ("phosphodiesterase_5_inhibitor",),
    "first_generation_antihistamines": ("first_generation_antihistamine",),
    "second_generation_antihistamines": ("second_generation_antihistamine",),
    "long_acting_beta_agonists": ("long_acting_beta_agonist",),
    "short_acting_beta_agonists": ("short_acting_beta_agonist",),
    "inhaled_muscarinic_antagonists": ("long_acting_muscarinic_antagonist",),
    "inhaled_corticosteroids": ("inhaled_corticosteroid",),
    "nasal_corticosteroids": ("nasal_corticosteroid",),
    "systemic_corticosteroids": ("systemic_corticosteroid",),
    "leukotriene_antagonists": ("leukotriene_modifier",),
    "ophthalmic_prostaglandins": ("ophthalmic_prostaglandin",),
    "ophthalmic_beta_blockers": ("ophthalmic_beta_blocker",),
    "ophthalmic_carbonic_anhydrase_inhibitors": ("ophthalmic_carbonic_anhydrase_inhibitor",),
    "ophthalmic_alpha_agonists": ("ophthalmic_alpha_agonist",),
    "thyroid_hormones": ("thyroid_hormone",),
    "oral_bisphosphonates": ("bisphosphonate",),
    "antiresorptives": (),
    "systemic_estrogens": ("estrogen",),
    "xanthine_oxidase_inhibitors": ("xanthine_oxidase_inhibitor",),
    "serotonin_antiemetics": ("serotonin_5ht3_antagonist",),
    "dopamine_blocking_antiemetics": ("phenothiazine_antiemetic", "prokinetic", "antiemetic_other"),
    "antispasmodics": ("gi_antispasmodic",),
    "tnf_inhibitors": ("tnf_inhibitor",),
    "jak_inhibitors": ("jak_inhibitor",),
    "cgrp_antibodies": ("cgrp_antagonist",),
    "xanthines": ("methylxanthine",),
    "acetaminophen_products": ("analgesic_antipyretic",),
}
# Classes that only join others have no members of their own.
UMBRELLAS: Final = {
    *("ras_inhibitors", "anticoagulants", "incretin_drugs", "insulins", "acid_suppressants"),
    *("serotonin_antidepressants", "antihistamines"),
}
LEFT_OUT: Final[dict[str, dict[str, str]]] = {
    "alpha_blockers": {
        "carvedilol": "a beta-blocker first",
        "labetalol": "a beta-blocker first",
        "phenoxybenzamine": "for pheochromocytoma, with others on purpose",
    },
    "central_alpha_agonists": {"lofexidine": "for a week or two of opioid withdrawal"},
    "antiplatelets": dict.fromkeys(
        ("clopidogrel", "prasugrel", "ticagrelor", "ticlopidine"), "in p2y12_inhibitors, whose parent this is"
    ),
    "antiarrhythmics": dict.fromkeys(("adenosine", "ibutilide", "procainamide"), "given in a facility"),
    "basal_insulins": dict.fromkeys(
        ("insulin aspart protamine, human", "insulin lispro protamine, human"), "only in mixtures with their own kind"
    ),
    "opioids": dict.fromkeys(("nalbuphine", "oliceridine", "remifentanil", "sufentanil"), "given in a facility"),
    "benzodiazepines": {"midazolam": "a spray for a seizure, beside the daily drug on purpose"},
    "sedative_hypnotics": {"buspirone": "does not sedate"},
    "antipsychotics": {"droperidol": "given in a facility", "xanomeline": "works and harms in another way"},
    "cholinesterase_inhibitors": {"tacrine": "withdrawn in 2013"},
    "dopamine_agonists": {"apomorphine": "for off periods, beside the daily drug on purpose"},
    "systemic_corticosteroids": {"budesonide": "acts in the gut; little reaches the body"},
    "systemic_estrogens": {"dienestrol": "a vaginal cream, withdrawn"},
    "serotonin_antiemetics": {
        "alosetron": "for irritable bowel syndrome",
        "palonosetron": "one injection on the day of chemotherapy",
    },
    "cgrp_antibodies": dict.fromkeys(("atogepant", "rimegepant", "ubrogepant", "zavegepant"), "no antibodies"),
}
ADDED: Final[dict[str, dict[str, str]]] = {
    "injected_anticoagulants": {"heparin": "its class is the umbrella of all anticoagulants"},
    "nsaids": {"salsalate": "its class is salicylate"},
    "ssris": dict.fromkeys(("vilazodone", "vortioxetine"), "inhibit serotonin reuptake too"),
    "systemic_corticosteroids": {"betamethasone": "its class is topical; tablets and injections exist"},
    "antiresorptives": dict.fromkeys(("denosumab", "raloxifene"), "one use, several classes"),
}

knowledge = load_knowledge()


def test_every_duplicate_class_is_compared() -> None:
    assert set(NATURAL) | UMBRELLAS == set(knowledge.duplicates.classes)
    assert (set(LEFT_OUT) | set(ADDED)) <= set(NATURAL)


@pytest.mark.parametrize("class_id", sorted(NATURAL))
def test_members_are_those_of_the_therapeutic_class_but_for_the_explained(class_id: str) -> None:
    vocabulary = load_vocabulary()
    natural = {rxcui for each in NATURAL[class_id] for rxcui in vocabulary.ingredients_in_class(each)}
    members = {row["rxcui"] for row in members_as_listed() if row["class_id"] == class_id}

    names = vocabulary.ingredients
    assert {names[rxcui].name for rxcui in natural - members} == set(LEFT_OUT.get(class_id, {}))
    assert {names[rxcui].name for rxcui in members - natural} == set(ADDED.get(class_id, {}))


@cache
def members_as_listed() -> list[dict[str, str]]:
    with (KNOWLEDGE / "duplicate_members.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
