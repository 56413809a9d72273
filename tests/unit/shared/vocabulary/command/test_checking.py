"""`mtm-vocabulary check`: every mistake at once, each with its file, line, column, value and what is allowed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import ROOT

if TYPE_CHECKING:
    from ..conftest import SmallDictionary  # noqa: TID252 - the fixture of the folder above
    from .conftest import Run

PROGRAM = ROOT / "services/eligibility/src/mtm_eligibility/reference/programs/cms-2026.toml"
KNOWLEDGE = ROOT / "services/review/src/mtm_review/reference/knowledge"
CATALOGUES = ROOT / "services/documents/src/mtm_documents/catalogues"


def places(told: Any) -> list[tuple[str, int | None, str | None]]:
    return [(Path(each["file"]).name, each["line"], each["place"]) for each in told["problems"]]


def test_what_is_shipped_has_no_error(run_json: Callable[..., Any]) -> None:
    told = run_json("check")

    assert [each for each in told["problems"] if each["severity"] == "error"] == []
    assert {each["what"] for each in told["checked"]} == {"vocabulary", "eligibility", "review", "documents"}


@pytest.mark.usefixtures("no_services")
def test_every_mistake_is_told_at_once(run: Run, small: SmallDictionary) -> None:
    small.change("ingredients", 0, "classes", "statins")
    small.change("ingredients", 1, "family", "Sim Vastatin")
    small.change("conditions", 0, "look_back_days", "0")
    small.change("ndcs", 0, "product", "1")

    code, text = run("check", "--vocabulary", small.folder)

    flat = " ".join(text.split())
    assert "error: line 2, classes: must be one of medical_supply, statin, but is 'statins'" in flat
    assert "error: line 3, family: must be snake_case, but is 'Sim Vastatin'" in flat
    assert "error: line 2, look_back_days: must be a whole number of at least 1, but is '0'" in flat
    assert "error: line 2, product: must be" in flat
    assert "4 errors and no warnings." in flat
    assert code == 1


@pytest.mark.usefixtures("no_services")
def test_a_table_that_cannot_be_read_does_not_hide_the_mistakes_of_others(
    run_json: Callable[..., Any], small: SmallDictionary
) -> None:
    path = small.folder / "classes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("id,name,note", "id,name,parent"), encoding="utf-8")
    small.change("conditions", 0, "core_category", "heart")
    small.change("words", 0, "kind", "shape")

    assert places(run_json("check", "--vocabulary", small.folder)) == [
        ("classes.csv", None, None),
        ("words.csv", 2, "kind"),
        ("conditions.csv", 2, "core_category"),
    ]


@pytest.mark.usefixtures("no_services")
def test_a_row_count_that_is_not_the_sidecars_is_told_with_the_rest(
    run_json: Callable[..., Any], small: SmallDictionary
) -> None:
    path = small.folder / "classes.csv"
    path.write_text(path.read_text(encoding="utf-8") + "fibrate,,\n", encoding="utf-8")

    told = run_json("check", "--vocabulary", small.folder)

    assert places(told) == [("classes.csv", None, None), ("classes.csv", 4, "name")]
    assert told["problems"][0]["problem"] == "has 3 rows, but its sidecar says 2"


@pytest.mark.usefixtures("no_services")
def test_sense_is_a_warning_and_no_error(run: Run, small: SmallDictionary) -> None:
    small.change("ingredients", 1, "classes", "")
    small.change("ingredients", 1, "brands", "Lipitor")

    code, text = run("check", "--vocabulary", small.folder)

    flat = " ".join(text.split())
    assert "warning: line 3, classes: simvastatin is in no class, so that no rule about a class sees it" in flat
    assert "warning: line 3, brands: 'Lipitor' is a name of 2 drugs (atorvastatin; simvastatin)" in flat
    assert code == 0


@pytest.mark.usefixtures("no_services")
def test_a_file_that_is_no_vocabulary_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "vocabulary.db").write_bytes(b"not sealed")

    assert run("check", "--vocabulary", tmp_path / "vocabulary.db")[0] == 1


def test_a_programme_being_edited_gets_every_mistake_with_its_line(
    run_json: Callable[..., Any], tmp_path: Path
) -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    text = text.replace("plan_year = 2026", 'plan_year = "2026"', 1)
    text = text.replace('id = "osteoporosis"', 'id = "osteoporose"', 1)
    text = text.replace("minimum = { value = 3,", "minimum = { value = 4,", 1)
    text = text.replace('core_category = "esrd"', 'core_categori = "esrd"', 1)
    file = tmp_path / PROGRAM.name
    file.write_text(text, encoding="utf-8")
    lines = text.splitlines()

    told = run_json("check", file)

    found = {each["place"]: (each["line"], each["problem"]) for each in told["problems"]}
    assert found["plan_year"] == (
        lines.index('plan_year = "2026"') + 1,
        "must be a whole number without quotes, but is '2026'",
    )
    line, problem = found["chronic_conditions.condition[7].core_category"]
    assert (lines[line - 1], problem) == ("[[chronic_conditions.condition]]", "missing; must be a text")
    unknown = found["chronic_conditions.condition[7]"]
    assert unknown == (lines.index('core_categori = "esrd"') + 1, "unknown key 'core_categori'")


def test_a_condition_that_the_vocabulary_lacks_is_an_error(run_json: Callable[..., Any], tmp_path: Path) -> None:
    text = PROGRAM.read_text(encoding="utf-8").replace('id = "osteoporosis"', 'id = "osteoporose"', 1)
    (tmp_path / PROGRAM.name).write_text(text, encoding="utf-8")

    (problem,) = run_json("check", tmp_path / PROGRAM.name)["problems"]

    assert problem["line"] == text.splitlines().index('id = "osteoporose"') + 1
    assert problem["value"] == "osteoporose"


def test_a_knowledge_folder_being_edited_is_checked_against_the_vocabulary(
    run_json: Callable[..., Any], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    members = folder / "duplicate_members.csv"
    lines = members.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(lines[1].split(",")[1], "99999999")
    lines[2] = ",".join([*lines[2].split(",")[:2], "captoprill"])
    members.write_text("\n".join(lines) + "\n", encoding="utf-8")

    told = run_json("check", folder)

    assert [each for each in places(told) if each[0] == "duplicate_members.csv"] == [
        ("duplicate_members.csv", 2, "rxcui"),
        ("duplicate_members.csv", 3, "name"),
    ]


def test_a_wording_folder_with_an_unknown_string_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "links.toml").write_text('takeback = "https://example.org"\n', encoding="utf-8")

    code, text = run("check", tmp_path)

    assert "search: missing; must be a text" in text
    assert code == 1


def test_a_table_being_edited_is_checked_with_its_folder(run_json: Callable[..., Any], small: SmallDictionary) -> None:
    small.change("conditions", 0, "core_category", "heart")

    assert places(run_json("check", small.folder / "conditions.csv")) == [("conditions.csv", 2, "core_category")]


@pytest.mark.usefixtures("no_services")
def test_a_family_named_after_a_drug_of_another_is_a_warning(run: Run, small: SmallDictionary) -> None:
    small.change("ingredients", 0, "family", "simvastatin")
    small.change("ingredients", 1, "family", "statin")

    _, text = run("check", "--vocabulary", small.folder)

    assert "line 2, family: the family bears the name of simvastatin, which is in family statin" in " ".join(
        text.split()
    )


def test_a_file_of_no_service_is_wrong_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")

    code, text = run("check", tmp_path / "notes.txt")

    assert "is no rule file of an installed service (documents, eligibility, review)" in " ".join(text.split())
    assert code == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (b"", b"\xef\xbb\xbf", "error: begins with a byte order mark: save it as UTF-8 without one"),
        (
            b'name = "Osteoporosis"',
            "name = \u201cOsteoporosis\u201d".encode(),
            "the quotes are curly, and must be straight",
        ),
        (b'name = "Osteoporosis"', b'name = "Osteoporosis\x92"', "error: line 91: not UTF-8"),
        (
            b'id = "osteoporosis"',
            b'id = "osteoporosis "',
            "line 90, chronic_conditions.condition[1].id: must be a text without blanks",
        ),
        (
            b'id = "osteoporosis"',
            b'id = "osteoarthritis"',
            "line 97, chronic_conditions.condition[2].id: must not be listed twice",
        ),
        (b"plan_year = 2026", b"plan_year = 1,2", "error: line 6: not TOML"),
    ],
)
def test_what_an_editor_makes_of_a_programme_is_told_with_its_line(
    run: Run, tmp_path: Path, before: bytes, after: bytes, told: str
) -> None:
    (tmp_path / "edited.toml").write_bytes(PROGRAM.read_bytes().replace(before, after, 1))

    code, text = run("check", tmp_path / "edited.toml")

    assert told in " ".join(text.split())
    assert code == 1


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (b",", b";", "(separated by semicolons: save it with commas)"),
        (b"set_id,rxcui,name", b"set_id,name,rxcui", "columns must be set_id,rxcui,name, but are set_id,name,rxcui"),
        (b",diclofenac\n", b",diclofenac \n", "line 2, name: must have no blanks around it"),
        (b",diclofenac\n", b",diclofenac\n\n", "line 3: must have 3 fields, but has 0: the line is empty"),
        (b",diclofenac\n", b",diclofenac, oral\n", "(a value with a comma in it stands in double quotes)"),
        (b",3355,", b",83367,", "must be the name that 83367 has in the vocabulary, 'atorvastatin'"),
        (b",3355,", b",3355.0,", "line 2, rxcui: must be a whole number from 1 to 99999999, but is '3355.0'"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_list_is_told_once(
    run_json: Callable[..., Any], run: Run, tmp_path: Path, before: bytes, after: bytes, told: str
) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    path = folder / "drug_sets.csv"
    content = path.read_bytes()
    path.write_bytes(content.replace(before, after) if before == b"," else content.replace(before, after, 1))

    problems = run_json("check", path)["problems"]

    assert told in " ".join(run("check", path)[1].split())
    assert len({(each["line"], each["place"]) for each in problems}) == len(problems)


def test_a_sidecar_is_checked_with_its_list(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    sidecar = folder / "drug_sets.csv.toml"
    sidecar.write_text(sidecar.read_text(encoding="utf-8").replace("rows = ", "rows = 1", 1), encoding="utf-8")

    code, text = run("check", sidecar)

    assert "but its sidecar says 1" in text
    assert code == 1
