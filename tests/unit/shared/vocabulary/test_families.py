"""Families: what counts as one drug (salts, enantiomers, prodrugs, deuterated forms) and what only looks like it.

Review calls two members of a family the same drug twice, so a family that is too wide alarms for nothing, and one
that is too narrow misses a double dose.
"""

from collections import defaultdict
from typing import Final

import pytest
from mtm_shared.values.drug import Drug, Ingredient
from mtm_shared.vocabulary import Vocabulary

ONE: Final = (
    *(("acyclovir", "valacyclovir"), ("famciclovir", "penciclovir"), ("ganciclovir", "valganciclovir")),
    *(("cetirizine", "levocetirizine"), ("loratadine", "desloratadine"), ("albuterol", "levalbuterol")),
    *(("chlorpheniramine", "dexchlorpheniramine"), ("brompheniramine", "dexbrompheniramine")),
    *(("omeprazole", "esomeprazole"), ("lansoprazole", "dexlansoprazole"), ("modafinil", "armodafinil")),
    *(("formoterol", "arformoterol"), ("ofloxacin", "levofloxacin"), ("amlodipine", "levamlodipine")),
    *(("amphetamine", "dextroamphetamine"), ("amphetamine", "lisdexamfetamine")),
    *(("methylphenidate", "dexmethylphenidate"), ("methylphenidate", "serdexmethylphenidate")),
    *(("citalopram", "escitalopram"), ("venlafaxine", "desvenlafaxine"), ("milnacipran", "levomilnacipran")),
    *(("risperidone", "paliperidone"), ("aripiprazole", "aripiprazole lauroxil"), ("ketamine", "esketamine")),
    *(("oxcarbazepine", "eslicarbazepine"), ("phenytoin", "fosphenytoin"), ("galantamine", "benzgalantamine")),
    *(("mycophenolate mofetil", "mycophenolic acid"), ("tenofovir disoproxil", "tenofovir alafenamide")),
    *(("prednisone", "prednisolone"), ("cortisone", "hydrocortisone"), ("hydrocodone", "benzhydrocodone")),
    *(("tolterodine", "fesoterodine"), ("theophylline", "aminophylline"), ("aprepitant", "fosaprepitant")),
    *(("tetrabenazine", "deutetrabenazine"), ("ivacaftor", "deutivacaftor"), ("ruxolitinib", "deuruxolitinib")),
    *(("dimethyl fumarate", "diroximel fumarate"), ("interferon beta-1a", "peginterferon beta-1a")),
    *(("filgrastim", "pegfilgrastim"), ("lithium", "lithium carbonate"), ("leucovorin", "levoleucovorin")),
    *(("isosorbide dinitrate", "isosorbide mononitrate"), ("ubiquinol", "ubidecarenone")),
    *(("folic acid", "levomefolate"), ("calcium carbonate", "calcium citrate"), ("zinc sulfate", "zinc gluconate")),
    *(("ferrous sulfate", "ferrous gluconate"), ("ascorbic acid", "sodium ascorbate")),
    *(("cholecalciferol", "ergocalciferol"), ("insulin aspart", "insulin aspart protamine")),
)
# The pairs that a list of names or a metabolite could join, though a prescriber means different drugs.
APART: Final = (
    *(("hydroxyzine", "cetirizine"), ("codeine", "morphine"), ("hydrocodone", "hydromorphone")),
    *(("oxycodone", "oxymorphone"), ("carisoprodol", "meprobamate"), ("primidone", "phenobarbital")),
    *(("levetiracetam", "brivaracetam"), ("carbamazepine", "oxcarbazepine"), ("tetrabenazine", "valbenazine")),
    *(("thioguanine", "mercaptopurine"), ("azathioprine", "mercaptopurine"), ("capecitabine", "fluorouracil")),
    *(("spironolactone", "eplerenone"), ("sacubitril", "valsartan"), ("amitriptyline", "nortriptyline")),
    *(("imipramine", "desipramine"), ("loxapine", "amoxapine"), ("naloxone", "naltrexone")),
    *(("calcium acetate", "calcium carbonate"), ("potassium citrate", "potassium chloride")),
    *(("ferric citrate", "ferrous sulfate"), ("calcitriol", "cholecalciferol"), ("niacin", "niacinamide")),
    *(("insulin glargine", "insulin degludec"), ("insulin aspart", "insulin lispro")),
    *(("epoetin alfa", "darbepoetin alfa"), ("atropine", "hyoscyamine"), ("liothyronine", "levothyroxine")),
    *(("leucovorin", "folic acid"), ("methamphetamine", "amphetamine"), ("methylprednisolone", "prednisolone")),
)
# Families that a class cannot join, because one substance is used for two things.
NO_COMMON_CLASS: Final = {"ketamine": "An anesthetic, and its enantiomer against depression: one substance"}


def _only(vocabulary: Vocabulary, name: str) -> Ingredient:
    drug = vocabulary.understand(name=name)
    assert isinstance(drug, Drug)
    (ingredient,) = drug.ingredients
    return ingredient


@pytest.mark.parametrize(("one", "other"), ONE)
def test_these_are_one_drug(vocabulary: Vocabulary, one: str, other: str) -> None:
    assert _only(vocabulary, one).rxcui != _only(vocabulary, other).rxcui
    assert _only(vocabulary, one).family == _only(vocabulary, other).family


@pytest.mark.parametrize(("one", "other"), APART)
def test_these_are_two_drugs(vocabulary: Vocabulary, one: str, other: str) -> None:
    assert _only(vocabulary, one).family != _only(vocabulary, other).family


def test_the_members_of_a_family_share_a_class(vocabulary: Vocabulary) -> None:
    families: defaultdict[str, list[Ingredient]] = defaultdict(list)
    for ingredient in vocabulary.ingredients.values():
        families[ingredient.family].append(ingredient)
    alone = {
        family
        for family, members in families.items()
        for member in members
        if len(members) > 1 and not any(member.classes & other.classes for other in members if other is not member)
    }

    assert alone == set(NO_COMMON_CLASS)
