"""Drugs that a class of duplicate therapy leaves out of its therapeutic classes or adds to them, with the reason."""

from typing import Final

LEFT_OUT: Final[dict[str, dict[str, str]]] = {
    "alpha_blockers": dict.fromkeys(("carvedilol", "labetalol"), "a beta-blocker first")
    | {"phenoxybenzamine": "for pheochromocytoma, with others on purpose"},
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
    "antipsychotics": {"droperidol": "given in a facility"} | {"xanomeline": "works and harms in another way"},
    "cholinesterase_inhibitors": {"tacrine": "withdrawn in 2013"},
    "dopamine_agonists": {"apomorphine": "for off periods, beside the daily drug on purpose"},
    "systemic_corticosteroids": {"budesonide": "acts in the gut; little reaches the body"},
    "systemic_estrogens": {"dienestrol": "a vaginal cream, withdrawn"},
    "serotonin_antiemetics": {"alosetron": "for irritable bowel syndrome"}
    | {"palonosetron": "one injection on the day of chemotherapy"},
    "cgrp_antibodies": dict.fromkeys(("atogepant", "rimegepant", "ubrogepant", "zavegepant"), "no antibodies"),
    "antithyroid_drugs": {"potassium iodide": "for a few days before surgery, beside the others on purpose"},
    "progestins": dict.fromkeys(
        (
            "desogestrel",
            "dienogest",
            "ethynodiol",
            "etonogestrel",
            "levonorgestrel",
            "norelgestromin",
            "norgestimate",
            "norgestrel",
            "segesterone",
        ),
        "only in contraceptives",
    ),
    "gonadotropin_drugs": {"elagolix": "for endometriosis, before menopause"}
    | {"nafarelin": "a nasal spray for endometriosis"},
    "antiproliferative_immunosuppressants": {"belatacept": "an infusion that works in another way"},
    "multiple_sclerosis_drugs": {"dalfampridine": "helps walking beside any of the others"}
    | dict.fromkeys(("siponimod", "fingolimod"), "in s1p_modulators, whose parent this is"),
    "potassium_supplements": {"potassium acetate": "given in a facility"},
    "vitamin_d_supplements": {"cod liver oil": "taken for its omega-3 acids"},
    "magnesium_supplements": {"magnesium sulfate": "given in a facility, or a bath salt"},
    "vitamin_b12_supplements": {"intrinsic factor": "helps the vitamin to be absorbed"},
    "multivitamins": {"prenatal vitamins": "for pregnancy"},
    "omega_3_products": {"chia seed oil": "a food"},
    "osmotic_laxatives": dict.fromkeys(
        ("magnesium citrate", "sodium phosphate, dibasic"), "cleans the bowel before an examination"
    )
    | {"sorbitol": "an additive of many products"},
    "bulk_laxatives": {"inulin": "an additive of many products"} | {"bran": "a food"},
    "peripheral_opioid_antagonists": {"alvimopan": "given in a facility"},
    "antacids": dict.fromkeys(("calcium carbonate", "magnesium carbonate"), "mostly a supplement")
    | {"sodium bicarbonate": "also for acid blood in kidney disease"}
    | {"alginic acid": "only in mixtures"},
    "barbiturates": {"pentobarbital": "given in a facility"},
    "wakefulness_drugs": {"pitolisant": "added to the others on purpose"},
    "antiseizure_drugs": dict.fromkeys(("gabapentin", "pregabalin"), "mostly for nerve pain")
    | dict.fromkeys(("clobazam", "clonazepam"), "in benzodiazepines")
    | {"fosphenytoin": "given in a facility"}
    | dict.fromkeys(
        ("carbamazepine", "oxcarbazepine", "eslicarbazepine"), "in carbamazepine_relatives, whose parent this is"
    )
    | dict.fromkeys(("levetiracetam", "brivaracetam"), "in sv2a_drugs, whose parent this is")
    | dict.fromkeys(("cannabidiol", "fenfluramine", "stiripentol", "ganaxolone"), "added to the others on purpose")
    | {"phenobarbital": "in barbiturates"}
    | {"primidone": "in barbiturates; mostly for tremor"},
    "cannabinoids": {"cannabidiol": "for rare epilepsies; does not intoxicate"},
    "appetite_suppressants": {"orlistat": "works in the gut"},
    "endothelin_antagonists": {"atrasentan": "has no RxCUI of RxNorm yet"},
    "direct_vasodilators": {"isoxsuprine": "of no proven use"} | {"papaverine": "an injection for other uses"},
    "antifibrotics": {"nerandomilast": "studied on top of the others"},
    "dry_eye_drugs": {"hydroxypropylcellulose": "an insert that only moistens"}
    | {"acoltremon": "has no RxCUI of RxNorm yet"},
    "fluoroquinolones": dict.fromkeys(("besifloxacin", "gatifloxacin"), "eye drops"),
    "macrolides": {"fidaxomicin": "acts in the gut only"},
    "tetracyclines": {"demeclocycline": "also for low sodium"}
    | dict.fromkeys(("eravacycline", "tigecycline"), "given in a facility"),
    "systemic_azole_antifungals": dict.fromkeys(
        ("clotrimazole", "econazole", "miconazole", "terconazole"), "act where they are put"
    ),
    "antiherpetics": {"penciclovir": "a cream"},
    "influenza_antivirals": {"peramivir": "given in a facility"},
    "hiv_protease_inhibitors": {"ritonavir": "mostly a booster of the others"},
    "somatostatin_analogs": {"paltusotine": "has no RxCUI of RxNorm yet"},
}
ADDED: Final[dict[str, dict[str, str]]] = {
    "injected_anticoagulants": {"heparin": "its class is the umbrella of all anticoagulants"},
    "nsaids": {"salsalate": "its class is salicylate"},
    "ssris": dict.fromkeys(("vilazodone", "vortioxetine"), "inhibit serotonin reuptake too"),
    "systemic_corticosteroids": {"betamethasone": "its class is topical; tablets and injections exist"},
    "antiresorptives": dict.fromkeys(("denosumab", "raloxifene"), "one use, several classes"),
    "osteoporosis_drugs": {"salmon calcitonin": "one use, several classes"},
    "thiopurines": dict.fromkeys(
        ("azathioprine", "mercaptopurine", "thioguanine"), "one kind of drug in several therapeutic classes"
    ),
    "leflunomide_and_teriflunomide": dict.fromkeys(
        ("leflunomide", "teriflunomide"), "one substance in the body, two therapeutic classes"
    ),
    "aminoquinolines": dict.fromkeys(("chloroquine", "hydroxychloroquine"), "one kind of several antimalarials"),
    "biologic_immunomodulators": dict.fromkeys(
        ("vedolizumab", "natalizumab", "deucravacitinib"), "one risk, several classes"
    ),
    "asthma_biologics": {"dupilumab": "one use, several classes"},
    "s1p_modulators": {"fingolimod": "its class is that of the disease"},
    "magnesium_supplements": {"magnesium hydroxide": "a laxative, of the same family"},
    "laxatives": {"docusate": "its class is that of the stool softeners, of which it is the only one"},
    "opioid_antidiarrheals": dict.fromkeys(
        ("loperamide", "diphenoxylate", "difenoxin", "eluxadoline"),
        "act on opioid receptors of the bowel; the therapeutic class is wider",
    ),
    "carbamazepine_relatives": dict.fromkeys(
        ("carbamazepine", "oxcarbazepine", "eslicarbazepine"), "one kind of the antiseizure drugs"
    ),
    "sv2a_drugs": dict.fromkeys(("levetiracetam", "brivaracetam"), "one kind of the antiseizure drugs"),
    "lithium_salts": dict.fromkeys(
        ("lithium", "lithium carbonate", "lithium citrate"), "one kind of the mood stabilizers"
    ),
    "prescription_hypnotics": dict.fromkeys(
        ("temazepam", "triazolam", "estazolam", "flurazepam", "quazepam"), "benzodiazepines that are labelled for sleep"
    )
    | {"ramelteon": "labelled for sleep"},
    "sleep_drugs": dict.fromkeys(("diphenhydramine", "doxylamine"), "sold for sleep"),
    "nmda_antagonists": {"amantadine": "acts on the same receptor"},
    "central_anticholinergics": dict.fromkeys(
        ("benztropine", "trihexyphenidyl"), "one kind of the drugs for Parkinson's disease"
    ),
    "acute_gepants": dict.fromkeys(("rimegepant", "ubrogepant", "zavegepant"), "one kind of the CGRP antagonists"),
    "prostacyclins": dict.fromkeys(
        ("epoprostenol", "iloprost", "treprostinil", "selexipag"), "one kind of the drugs for pulmonary hypertension"
    ),
    "oral_decongestants": dict.fromkeys(("pseudoephedrine", "phenylephrine"), "those that are swallowed"),
    "nasal_decongestants": dict.fromkeys(
        ("oxymetazoline", "xylometazoline", "phenylephrine"), "those that are sprayed"
    ),
    "dry_eye_drugs": {"cyclosporine": "its class is that of the tablets"},
    "topical_retinoids": dict.fromkeys(
        ("adapalene", "tazarotene", "tretinoin", "trifarotene"), "those that are put on the skin for acne"
    ),
    "cephalosporins": dict.fromkeys(
        ("cefaclor", "cefadroxil", "cefdinir", "cefixime", "cefpodoxime", "cefprozil", "cefuroxime", "cephalexin"),
        "those that are taken by mouth",
    ),
    "penicillins": dict.fromkeys(
        ("amoxicillin", "ampicillin", "dicloxacillin", "penicillin V"), "those that are taken by mouth"
    ),
    "urinary_antibacterials": dict.fromkeys(
        ("nitrofurantoin", "methenamine", "fosfomycin", "trimethoprim"), "taken for months to prevent infections"
    ),
    "hiv_boosters": {"ritonavir": "boosts like cobicistat"},
    "lamivudine_and_emtricitabine": dict.fromkeys(("lamivudine", "emtricitabine"), "two nucleosides that are alike"),
    "cdk46_inhibitors": dict.fromkeys(
        ("abemaciclib", "palbociclib", "ribociclib"), "one target of many kinase inhibitors"
    ),
    "btk_inhibitors": dict.fromkeys(
        ("acalabrutinib", "ibrutinib", "pirtobrutinib", "zanubrutinib"), "one target of many kinase inhibitors"
    ),
    "bcr_abl_inhibitors": dict.fromkeys(
        ("bosutinib", "dasatinib", "imatinib", "nilotinib", "ponatinib"), "one target of many kinase inhibitors"
    ),
    "parp_inhibitors": {"olaparib": "its class is that of the kinase inhibitors"},
    "statins": {"red yeast rice": "holds lovastatin under another name"},
}
