"""A policy that is not written as it must be is refused with the file, the place, the value and what is allowed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mtm_review.reference.policy_tables import load_policies, read_policy, read_policy_file
from mtm_shared.reference import ReferenceDataError, collect
from policies import a_policy, document, ground, write
from support import ROOT

RULE = "drug_disease.nsaids_heart_failure"
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"policy_id": "Example 2026"}, "policy.toml.policy_id: must be lower-case"),
    ({"sponsor": None}, "policy.toml.sponsor: missing"),
    ({"author": None}, "policy.toml.author: missing"),
    ({"second_approver": "clinical Pharmacist"}, "policy.toml.second_approver: must be somebody else than the author"),
    ({"note": "no sentence"}, "policy.toml.note: must be a sentence"),
    ({"expires_on": None}, "policy.toml.expires_on: missing"),
    ({"expires_on": date(2025, 12, 31)}, "policy.toml.expires_on: must not be before effective_from"),
    ({"expires_on": date(2028, 1, 2)}, "policy.toml.expires_on: must be at most 2 years after effective_from"),
    ({"programs": []}, "policy.toml.programs: must name a programme"),
    ({"contracts": ["1234"]}, "policy.toml.contracts: must hold a contract number"),
    ({"show": {"max_findings": 0}}, "policy.toml.show.max_findings: must be at least 1"),
    ({"hide": []}, "policy.toml: unknown key 'hide'"),
    ({"off": [{"rule": RULE, "colour": "red"}]}, "policy.toml.off[0]: unknown key 'colour'"),
    ({"off": [{}]}, "policy.toml.off[0].rule: must be given, or screen, or class"),
    ({"off": [{"rule": RULE, "screen": "dose"}]}, "policy.toml.off[0].rule: must be given, or screen, or class"),
    ({"off": [{"screen": "doses"}]}, "policy.toml.off[0].screen: must be one of duplicate_therapy"),
    (
        {"off": [{"rule": "drug_disease.nsaid_heart_failure"}]},
        f"policy.toml.off[0].rule: must be a rule of the knowledge: one that is known (near: {RULE}",
    ),
    ({"off": [{"class": "ace_inhibitor"}]}, "policy.toml.off[0].class: must be a class of duplicate therapy"),
    ({"off": [{"screen": "dose", "reason": "Short"}]}, "policy.toml.off[0].reason: must be a sentence"),
    (
        {"off": [{"screen": "dose", "expires_on": date(2027, 1, 1)}]},
        "policy.toml.off[0].expires_on: must not be after the policy's own last day",
    ),
    (
        {"off": [{"screen": "dose", "second_approver": "Clinical pharmacist"}]},
        "policy.toml.off[0].second_approver: must be somebody else than the author",
    ),
    ({"exempt": [{"drugs": [], "rule": RULE}]}, "policy.toml.exempt[0].drugs: must name at least one drug"),
    ({"exempt": [{"drugs": ["naproxin?"], "rule": RULE}]}, "policy.toml.exempt[0].drugs: must name a drug of one"),
    (
        {"exempt": [{"drugs": ["lisinopril / hydrochlorothiazide"], "rule": RULE}]},
        "policy.toml.exempt[0].drugs: must name a drug of one ingredient",
    ),
    ({"exempt": [{"drugs": ["999999999"], "rule": RULE}]}, "policy.toml.exempt[0].drugs: must name a drug of one"),
    ({"allowance": [{"class": "statins", "allowance": 6}]}, "policy.toml.allowance[0].allowance: must be at most 5"),
    ({"allowance": [{"class": "statins", "allowance": 1}]}, "policy.toml.allowance[0].allowance: must differ"),
    (
        {"allowance": [{"class": "statins", "allowance": 2}, {"class": "statins", "allowance": 3}]},
        "policy.toml.allowance[1].class: must not be given twice",
    ),
    ({"severity": [{"rule": RULE, "to": "minor"}]}, "policy.toml.severity[0].to: must be moderate, one step milder"),
    ({"severity": [{"rule": RULE, "to": "contraindicated"}]}, "policy.toml.severity[0].to: must be moderate"),
    (
        {"severity": [{"rule": "drug_disease.cilostazol_heart_failure", "to": "major"}]},
        "policy.toml.severity[0].to: must not be given: a rule of severity contraindicated cannot be lowered",
    ),
    (
        {"severity": [{"rule": RULE, "to": "moderate"}, {"rule": RULE, "to": "moderate"}]},
        "policy.toml.severity[1].rule: must not be lowered twice",
    ),
    ({"min": [{"screen": "dose"}]}, "policy.toml.min[0].severity: must be given"),
    ({"min": [{"screen": "dose", "tier": 4}]}, "policy.toml.min[0].tier: must be at most 3"),
]


@pytest.mark.parametrize(("change", "problem"), REFUSED, ids=[problem[:70] for _, problem in REFUSED])
def test_a_mistake_is_refused_with_its_place(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ReferenceDataError) as refused:
        a_policy(**change)
    assert str(refused.value).startswith(problem)


def test_every_mistake_is_told_at_once() -> None:
    said = document(note="x", off=[{"rule": "nothing"}, {"screen": "nothing"}], min=[{"screen": "dose", "tier": 9}])
    places = [refusal.place for refusal in collect(lambda: read_policy(said, "policy.toml", ground())).refusals]
    assert places == ["note", "off[0].rule", "off[1].screen", "min[0].tier"]


@pytest.mark.parametrize(
    ("effective_from", "last"),
    [(date(2026, 1, 1), date(2028, 1, 1)), (date(2024, 2, 29), date(2026, 2, 28))],
)
def test_two_years_are_allowed_to_the_day(effective_from: date, last: date) -> None:
    assert a_policy(effective_from=effective_from, expires_on=last).terms.expires_on == last


def test_what_an_entry_does_not_say_is_the_policys() -> None:
    own = {"screen": "cost", "author": "Formulary pharmacist", "expires_on": date(2026, 3, 31)}
    usual, special = a_policy(off=[{"screen": "dose"}, own]).hiders
    assert (usual.terms.author, usual.terms.expires_on) == ("Clinical pharmacist", date(2026, 12, 31))
    assert (special.terms.author, special.terms.second_approver) == ("Formulary pharmacist", "P&T committee")
    assert special.terms.expires_on == date(2026, 3, 31)


def test_the_version_changes_with_what_is_said_and_not_with_how_it_is_written(tmp_path: Path) -> None:
    said = document(off=[{"screen": "dose"}])
    plain = read_policy_file(write(tmp_path, "a.toml", said), ground())
    turned = read_policy_file(write(tmp_path, "b.toml", dict(sorted(said.items()))), ground())
    assert plain.version == turned.version == read_policy(said, "policy", ground()).version
    assert a_policy(off=[{"screen": "cost"}]).version != plain.version
    assert plain.name.startswith("example-2026@1+")


def test_a_folder_holds_policies_with_ids_of_their_own_and_never_two_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", document())
    write(tmp_path, "b.toml", document(policy_id="example-2027", effective_from=date(2026, 12, 31)))
    with pytest.raises(ReferenceDataError, match=r"b\.toml\.effective_from: must not be in force .* example-2026"):
        load_policies(tmp_path, ground())
    following = document(policy_id="example-2027", effective_from=date(2027, 1, 1), expires_on=date(2027, 12, 31))
    write(tmp_path, "b.toml", following)
    write(tmp_path, "c.toml", document(policy_id="contract", programs=[], contracts=["H1234"]))
    assert set(load_policies(tmp_path, ground()).by_id) == {"example-2026", "example-2027", "contract"}
    write(tmp_path, "d.toml", document(effective_from=date(2029, 1, 1), expires_on=date(2029, 12, 31)))
    with pytest.raises(ReferenceDataError, match=r"d\.toml\.policy_id: must be an id of its own, but a\.toml has it"):
        load_policies(tmp_path, ground())


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="must be a folder of policies"):
        load_policies(tmp_path / "nowhere", ground())


def test_the_example_that_ships_is_a_policy() -> None:
    assert set(load_policies(ROOT / "deploy" / "policies", ground()).by_id) == {"example-2027"}
