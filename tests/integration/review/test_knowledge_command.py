"""`mtm-review knowledge`: what a pharmacist types to check, read, compare and pack the knowledge."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_versions import HEART_FAILURE, a_copy, rewrite, with_rule, without_rule
from mtm_review.cli import app as command_line
from mtm_review.reference import load_knowledge
from typer.testing import CliRunner, Result

RULE = f"drug_disease.{HEART_FAILURE}"


def run(*words: str | Path, **environment: str) -> Result:
    return CliRunner(env={"COLUMNS": "200", **environment}).invoke(command_line, ["knowledge", *map(str, words)])


def told(*words: str | Path, status: int = 0) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == status, result.output
    return json.loads(result.output)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_copy(tmp_path / "next")


@pytest.mark.parametrize("command", ["", "check", "show", "diff", "explain", "pack"])
def test_help_says_what_a_command_is_for(command: str) -> None:
    result = run(*command.split(), "--help")
    assert (result.exit_code, len(result.output) > 300) == (0, True)


def test_what_ships_has_no_error() -> None:
    found = told("check")
    assert (found["errors"], found["rules"]) == (0, sum(found["statuses"].values()))


def test_every_mistake_is_told_at_once_with_its_place_value_and_what_is_allowed(folder: Path) -> None:
    with_rule(folder, HEART_FAILURE, severity="deadly", drug_set="nsaidz", sex="woman")
    found = told("check", folder, status=1)
    by_place = {each["place"]: each for each in found["problems"]}
    assert by_place.keys() == {"severity", "drug_set", "sex"}
    assert {each["file"] for each in found["problems"]} == {"drug_disease.csv"}
    assert len({each["line"] for each in found["problems"]}) == 1
    assert (by_place["severity"]["value"], "one of contraindicated" in by_place["severity"]["text"]) == ("deadly", True)
    assert "nsaids" in by_place["drug_set"]["text"]
    assert "deadly" in run("check", folder).output


@pytest.mark.parametrize(
    ("changed", "place", "severity", "says"),
    [
        ({"unless_conditions": "chronic_heart_failure"}, "unless_conditions", "error", "the rule never fires"),
        ({"unless_drugs": "nsaids"}, "unless_drugs", "error", "the rule never fires"),
        ({"unless_drugs": "nonselective_nsaids"}, "unless_drugs", "warning", "it never fires for"),
        ({"severity": "contraindicated"}, "citation", "error", "must begin with 'FDA label'"),
    ],
)
def test_a_rule_that_means_nothing_is_told(
    folder: Path, changed: dict[str, str], place: str, severity: str, says: str
) -> None:
    with_rule(folder, HEART_FAILURE, **changed)
    found = told("check", folder, status=int(severity == "error"))
    (problem,) = [each for each in found["problems"] if each["value"] == RULE]
    assert (problem["place"], problem["severity"], problem["file"]) == (place, severity, "drug_disease.csv")
    assert says in problem["text"]
    assert (folder / "drug_disease.csv").read_text(encoding="utf-8").splitlines()[problem["line"] - 1].startswith(
        HEART_FAILURE
    )  # fmt: skip


def test_a_set_that_no_rule_names_is_told(folder: Path) -> None:
    rewrite(folder, "drug_sets.csv", lambda rows: [*rows, {"set_id": "idle", "rxcui": "5640", "name": "ibuprofen"}])
    (problem,) = [each for each in told("check", folder)["problems"] if each["value"] == "idle"]
    assert (problem["severity"], problem["place"]) == ("warning", "set_id")


def test_a_folder_without_knowledge_is_wrong_use(tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert (result.exit_code, "no folder of knowledge files" in result.output) == (2, True)


def test_a_rule_is_shown_whole_by_its_id_or_its_end() -> None:
    (rule,) = told("show", RULE)
    assert told("show", HEART_FAILURE) == [rule]
    assert "naproxen" in rule["drugs"]
    assert (rule["severity"], rule["citation"]["status"], rule["conditions"]) == ("major", "final", ["heart failure"])
    assert RULE in run("show", RULE).output


def test_a_drug_shows_the_rules_of_every_screen_that_name_it() -> None:
    found = told("show", "omeprazole")
    roles = {role: {rule["rule_id"] for rule in rules} for role, rules in found["rules"].items()}
    assert "drug_disease.nonselective_nsaids_ulcer" in roles["is silenced by it"]
    assert any(rule_id.startswith("duplicate_therapy.") for rule_id in roles["speaks of it"])
    assert told("show", "Prilosec")["title"] == "omeprazole"


def test_a_condition_shows_the_rules_that_speak_of_it_and_those_it_silences() -> None:
    found = told("show", "chronic_heart_failure")["rules"]
    assert RULE in {rule["rule_id"] for rule in found["speaks of it"]}
    found = told("show", "schizophrenia")["rules"]
    assert found["is silenced by it"]


def test_what_is_not_known_suggests_what_is_near() -> None:
    result = run("show", "nsaids_heart_failur")
    assert (result.exit_code, HEART_FAILURE in result.output) == (1, True)


def test_a_diff_names_the_rule_and_the_field_in_every_form(folder: Path) -> None:
    with_rule(folder, HEART_FAILURE, severity="moderate")
    found = told("diff", "current", folder)
    (change,) = found["rules"]
    assert (change["rule_id"], change["what"], change["fields"][0]["after"]) == (RULE, "changed", "moderate")
    assert "severity: major → moderate" in run("diff", "current", folder).output
    assert f"- `{RULE}`: severity from “major” to “moderate”" in run("diff", "current", folder, "--markdown").output


def test_versions_of_the_archive_are_taken_by_name(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    without_rule(folder, HEART_FAILURE)
    packed = told("pack", "--out", archive, "--knowledge", folder)
    found = told("diff", packed["version"], "--archive", archive)
    assert [(change["rule_id"], change["what"]) for change in found["rules"]] == [(RULE, "new")]
    unknown = run("diff", "1999.01", "--archive", archive)
    assert (unknown.exit_code, packed["version"] in unknown.output) == (2, True)


def test_an_entry_goes_on_top_of_the_changelog_and_takes_the_place_of_its_edition(folder: Path, tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changes of the clinical knowledge\n\n## 2026.01+0123abcd\n\nThe first.\n", encoding="utf-8")
    for severity in ("moderate", "minor"):
        with_rule(folder, HEART_FAILURE, severity=severity)
        assert run("diff", "current", folder, "--into", changelog).exit_code == 0
    text = changelog.read_text(encoding="utf-8")
    headings = [line.partition("+")[0] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [f"## {load_knowledge().version.partition('+')[0]}", "## 2026.01"]
    assert "“minor”" in text
    assert "“moderate”" not in text


def test_the_changelog_tells_of_the_edition_that_ships() -> None:
    from mtm_review.reference import KNOWLEDGE

    edition = load_knowledge().version.partition("+")[0]
    assert f"\n## {edition}+" in (KNOWLEDGE / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_does_not_load_is_not_packed_and_a_file_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.zip"
    assert run("pack", "--out", out).exit_code == 0
    assert run("pack", "--out", out).exit_code == 2
    assert run("pack", "--out", out, "--force").exit_code == 0
    with_rule(folder, HEART_FAILURE, severity="deadly")
    refused = run("pack", "--out", tmp_path / "two.zip", "--knowledge", folder)
    assert (refused.exit_code, (tmp_path / "two.zip").exists()) == (2, False)


MEMBER = {
    "as_of": "2026-06-30",
    "member": {"birth_date": "1951-04-26", "sex": "female"},
    "medications": [{"name": "naproxen 500 mg"}],
    "conditions": [{"icd10": "I10"}],
}


def test_why_a_rule_is_silent_for_a_member_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "member.json"
    path.write_text(json.dumps(MEMBER), encoding="utf-8")
    found = told("explain", RULE, "--member", path)
    assert (found["fires"], found["steps"][-1]["step"], found["steps"][-1]["outcome"]) == (
        False,
        "condition",
        "stopped",
    )
    assert "does not fire" in run("explain", RULE, "--member", path).output
    near = run("explain", "drug_disease.nsaid_heart_failure", "--member", path)
    assert (near.exit_code, RULE in near.output) == (1, True)


@pytest.mark.parametrize("content", ["{", '{"as_of": "2026-06-30"}'])
def test_a_file_that_is_no_request_is_wrong_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "member.json"
    path.write_text(content, encoding="utf-8")
    result = run("explain", RULE, "--member", path)
    assert (result.exit_code, "member.json is n" in result.output) == (2, True)
