"""The knowledge that ships: its size, its codes against the published lists, and what it must never alert on."""

import csv
from collections.abc import Iterator
from functools import cache

import pytest
from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import IntendedPair, Rule
from mtm_review.domain.knowledge.inference import Inference
from mtm_review.domain.situation import HOSPICE_CONDITION
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_shared.values.citation import Status
from mtm_shared.vocabulary import load_vocabulary
from support import refdata

knowledge = load_knowledge()


def test_enough_is_known() -> None:
    assert len(knowledge.duplicates.classes) >= 120
    assert len(knowledge.rules) >= 50


def test_the_version_names_the_edition_and_the_content() -> None:
    edition, _, content = knowledge.version.partition("+")
    assert edition == "2026.12"
    assert knowledge.fingerprint.startswith(f"sha256:{content}")


def test_every_citation_can_be_looked_up() -> None:
    parts = (knowledge.duplicates.classes, knowledge.rules, knowledge.duplicates.general)
    citations = [item.citation for part in parts for item in part.values()] + [
        pair.citation for pair in knowledge.duplicates.pairs
    ]
    assert all(len(citation.source) > 10 for citation in citations)
    assert {citation.status for citation in citations} == {Status.FINAL, Status.UNVERIFIED}


@pytest.mark.parametrize(
    ("drug", "condition"),
    [
        ("metoprolol", "I5022"),
        ("carvedilol", "I5022"),
        ("spironolactone", "I5022"),
        ("aspirin", "I2510"),
        ("insulin glargine", "E119"),
        ("albuterol", "J4540"),
        ("warfarin", "Z952"),
        ("levodopa", "G20A1"),
        ("quetiapine", "G20A1"),
        ("donepezil", "G301"),
    ],
)
def test_treatments_do_not_alert_on_what_they_treat(drug: str, condition: str) -> None:
    shown = load_vocabulary().conditions_of(condition)
    assert [rule.rule_id for rule in rules_of(drug) if shown.intersection(rule.when.conditions)] == []


def rules_of(drug: str) -> tuple[Rule, ...]:
    understood = load_vocabulary().understand(name=drug)
    rxcui = understood.ingredients[0].rxcui  # type: ignore[union-attr]
    return tuple(
        rule
        for rule in knowledge.rules.values()
        if rule.screen is Screen.DRUG_DISEASE and rxcui in knowledge.names_of(rule.drug_set)
    )


def test_only_labels_contraindicate() -> None:
    for rule in knowledge.rules.values():
        if rule.severity is Severity.CONTRAINDICATED:
            assert rule.citation.source.startswith("FDA label"), rule.rule_id


def test_the_vocabulary_knows_nearly_every_ingredient_that_rules_name() -> None:
    vocabulary = load_vocabulary()
    missing = sorted(rxcui for rxcui in knowledge.covered if vocabulary.ingredient(rxcui) is None)
    assert len(missing) * 10 <= len(knowledge.covered), missing


def named() -> Iterator[tuple[str, str, str]]:
    for file in ("duplicate_members.csv", *sorted(path.name for path in KNOWLEDGE.glob("drug_sets*.csv"))):
        with (KNOWLEDGE / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield file, row["rxcui"], row["name"]


@cache
def rxnorm_ingredients() -> dict[str, str]:
    """RxNorm ingredients by RxCUI; those that begin with A come from the map of 2020, which the 2025 file lacks."""
    found: dict[str, str] = {}
    for path in ("atc_rxnorm_2020/ingredients.tsv", "rxnorm_prescribe_20251006/concepts.tsv"):
        with (refdata() / path).open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found.update((row["rxcui"], row["name"]) for row in rows if row["tty"] == "IN")
    return found


@pytest.mark.refdata
def test_every_drug_is_an_rxnorm_ingredient_under_its_own_name() -> None:
    ours = {rxcui: each.name for rxcui, each in load_vocabulary().ingredients.items()}  # those that the list lacks
    names = ours | dict(rxnorm_ingredients())
    assert [(file, rxcui, name) for file, rxcui, name in named() if names.get(rxcui) != name] == []


@pytest.mark.refdata
def test_intended_pairs_name_rxnorm_ingredients() -> None:
    for pair in knowledge.duplicates.pairs:
        assert pair.first.ingredients | pair.second.ingredients <= rxnorm_ingredients().keys(), pair.pair_id


def test_conditions_have_the_plain_names_of_the_vocabulary() -> None:
    assert knowledge.conditions["chronic_heart_failure"] == "heart failure"
    assert knowledge.conditions["myocardial_infarction"] == "a past or recent heart attack"
    told: list[Rule | IntendedPair | Inference] = [*knowledge.rules.values(), *knowledge.duplicates.pairs]
    told += knowledge.inference.by_id.values()
    named = {HOSPICE_CONDITION, *(name for each in told for name in each.conditions)}
    named |= knowledge.adherence.conditions | knowledge.gaps.conditions
    assert knowledge.conditions.keys() == named | knowledge.allergies.groups_of_condition.keys()
