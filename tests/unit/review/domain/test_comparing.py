"""What differs between two versions: every field that a rule is made of, the drugs of its sets included."""

from pathlib import Path

import pytest
from knowledge_versions import HEART_FAILURE, a_copy, rewrite, with_rule, without_rule
from mtm_review.domain.comparing import Comparison, FieldChange, What, compare
from mtm_review.reference import load_knowledge, read_knowledge

RULE = f"drug_disease.{HEART_FAILURE}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_copy(tmp_path / "knowledge")


def since_today(folder: Path) -> Comparison:
    return compare(load_knowledge(), read_knowledge(folder))


def test_a_version_does_not_differ_from_itself(folder: Path) -> None:
    found = since_today(folder)
    assert (found.rules, found.sets) == ((), ())
    assert found.unchanged > 200


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("severity", "moderate", FieldChange("severity", "major", "moderate")),
        ("min_age", "70", FieldChange("min_age", "0", "70")),
        ("status", "unverified", FieldChange("status", "final", "unverified")),
        ("consequence", "It is bad.", None),
        ("unless_conditions", "hypertension", FieldChange("unless_conditions", added=("hypertension",))),
        ("routes", "oral", None),
    ],
)
def test_a_changed_field_of_one_rule_is_told_and_nothing_else(
    folder: Path, field: str, value: str, told: FieldChange | None
) -> None:
    (change,) = since_today(with_rule(folder, HEART_FAILURE, **{field: value})).rules
    assert (change.rule_id, change.what, change.fields[0].field) == (RULE, What.CHANGED, field)
    assert told is None or change.fields == (told,)


def test_a_rule_left_out_is_gone_and_the_other_way_round_new(folder: Path) -> None:
    shorter = read_knowledge(without_rule(folder, HEART_FAILURE))
    (gone,) = compare(load_knowledge(), shorter).rules
    (new,) = compare(shorter, load_knowledge()).rules
    assert (gone.rule_id, gone.what, new.rule_id, new.what) == (RULE, What.GONE, RULE, What.NEW)


def test_a_drug_added_to_a_set_changes_every_rule_that_names_the_set(folder: Path) -> None:
    rewrite(
        folder, "drug_sets.csv", lambda rows: [*rows, {"set_id": "cilostazol", "rxcui": "5640", "name": "ibuprofen"}]
    )
    found = since_today(folder)
    (change,) = found.sets
    assert (change.set_id, change.added, change.removed) == ("cilostazol", ("ibuprofen",), ())
    assert change.rules == tuple(rule.rule_id for rule in found.rules)
    assert all(rule.fields == (FieldChange("drugs", added=("ibuprofen",)),) for rule in found.rules)


def test_a_protecting_drug_changes_the_rules_that_it_silences(folder: Path) -> None:
    rewrite(
        folder,
        "drug_sets.csv",
        lambda rows: [r for r in rows if (r["set_id"], r["name"]) != ("gastroprotection", "omeprazole")],
    )
    found = since_today(folder)
    assert found.rules
    assert {change.fields for change in found.rules} == {
        (FieldChange("drugs of gastroprotection", removed=("omeprazole",)),)
    }


def test_an_allowance_and_an_intended_pair_are_compared(folder: Path) -> None:
    rewrite(
        folder,
        "duplicate_classes.csv",
        lambda rows: [r | {"allowance": "2"} if r["class_id"] == "nsaids" else r for r in rows],
    )
    rewrite(
        folder, "intended_pairs.csv", lambda rows: [r for r in rows if r["pair_id"] != "basal_with_mealtime_insulin"]
    )
    told = {change.rule_id: [each.field for each in change.fields] for change in since_today(folder).rules}
    assert told == {
        "duplicate_therapy.nsaids": ["allowance"],
        "duplicate_therapy.basal_insulins": ["intended pairs"],
        "duplicate_therapy.mealtime_insulins": ["intended pairs"],
    }
