"""Every class of duplicate therapy speaks: no two of its drugs go by in silence, and none stays alone for ever."""

from datetime import timedelta
from itertools import combinations

import pytest
from mtm_review.domain.finding import Severity
from mtm_review.domain.knowledge import DuplicateClass
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.screens.duplicate_therapy import screen_duplicates
from mtm_review.domain.situation import Seen, situation_of
from mtm_shared.values.drug import Drug, ResolvedBy
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF, KNOWLEDGE, a_patient

CLASSES = KNOWLEDGE.duplicates.classes
# Classes of one family speak through the rules of the same ingredient and the same family.
ONE_FAMILY = {
    *("renin_inhibitors", "xanthines", "acetaminophen_products", "potassium_supplements", "calcium_supplements"),
    *("vitamin_d_supplements", "iron_supplements", "magnesium_supplements", "vitamin_b12_supplements", "multivitamins"),
    *("omega_3_products", "pancreatic_enzymes", "lithium_salts"),
}
ALONE = sorted(class_id for class_id, each in CLASSES.items() if each.allowance == 1)
SEVERAL = sorted(class_id for class_id, each in CLASSES.items() if each.allowance > 1)


def under(rule: DuplicateClass) -> list[str]:
    """The class's ingredients and those of the classes under it."""
    return sorted(rxcui for rxcui, found in KNOWLEDGE.duplicates.classes_by_ingredient.items() if rule in found)


def taken(rxcui: str, route: str) -> Medication:
    ingredient = load_vocabulary().ingredients[rxcui]
    drug = Drug(rxcui, ingredient.name, (ingredient,), ResolvedBy.RXCUI, route=route)
    fills = tuple(Supply(AS_OF - timedelta(days=ago), 30) for ago in (140, 110, 80, 50, 20))
    return Medication(rxcui, drug, ingredient.name, fills=fills, source=Source.CLAIM)


def seen_of(rule: DuplicateClass, rxcuis: tuple[str, ...]) -> Seen:
    route = "oral" if "oral" in rule.routes else min(rule.routes)
    medications = [taken(rxcui, route) for rxcui in rxcuis]
    return screen_duplicates(situation_of(a_patient(), medications, AS_OF, KNOWLEDGE))


@pytest.mark.parametrize("class_id", ALONE)
def test_any_two_drugs_of_a_class_are_told_once(class_id: str) -> None:
    rule = CLASSES[class_id]
    for pair in combinations(under(rule), 2):
        seen = seen_of(rule, pair)
        told = [finding.rule_id for finding in seen.findings] + [item.rule_id for item in seen.suppressed]
        assert len(told) == 1, (pair, told)
        # What a label forbids as an interaction is left to that screen, by policy.
        left = [item for item in seen.suppressed if "as contraindicated" not in item.because]
        assert {item.reason.value for item in left} <= {"intended_combination", "different_route"}, pair


@pytest.mark.parametrize("class_id", SEVERAL)
def test_one_more_than_is_allowed_is_told(class_id: str) -> None:
    rule = CLASSES[class_id]
    kinds = [under(each) for each in CLASSES.values() if each.parent == class_id]
    direct = set(rule.members).difference(*kinds)
    several = (*[kind[0] for kind in kinds], *sorted(direct))[: rule.allowance + 1]
    assert [finding.rule_id for finding in seen_of(rule, several).findings] == [rule.rule_id]
    assert seen_of(rule, several[: rule.allowance]).findings == []


def test_classes_of_one_family_are_known() -> None:
    names = load_vocabulary().ingredients
    single = {key for key, each in CLASSES.items() if len({names[rxcui].family for rxcui in under(each)}) == 1}
    assert single == ONE_FAMILY


def test_a_sub_class_is_no_less_grave_than_drugs_that_share_an_indication() -> None:
    for rule in CLASSES.values():
        parent = CLASSES[rule.parent] if rule.parent else None
        if parent is not None and parent.by_indication:
            assert parent.severity.value in {rule.severity.value, "minor"}, rule.class_id


def test_only_labels_contraindicate() -> None:
    grave = [rule for rule in CLASSES.values() if rule.severity is Severity.CONTRAINDICATED]
    assert all(rule.citation.source.startswith("FDA label") for rule in grave)
    assert {rule.class_id for rule in grave} == {"leflunomide_and_teriflunomide", "vmat2_inhibitors"}


def test_pairs_that_are_told_when_nothing_is_on_record_are_told_mildly() -> None:
    told = [pair for pair in KNOWLEDGE.duplicates.pairs if pair.otherwise]
    assert {(pair.pair_id, pair.otherwise) for pair in told} == {("aspirin_with_p2y12_inhibitor", Severity.MINOR)}
