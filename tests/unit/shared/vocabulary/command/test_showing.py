"""`mtm-vocabulary show`: whatever a person types is understood, or said why not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..conftest import SmallDictionary  # noqa: TID252 - the fixture of the folder above
    from .conftest import Run

AMBIGUOUS = """\
'0071015523' is not understood: ten digits without hyphens are three different
NDCs.
  00071-0155-23 atorvastatin 10 MG Oral Tablet [Lipitor]
  00710-0155-23 not in this vocabulary
  00710-1552-03 not in this vocabulary
  code          ambiguous_ndc
"""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("Lasix 40mg",), "furosemide 40 MG Oral Tablet [Lasix]"),
        (("Lasix 40mg",), "by its name, normalised: word lasix; strength 40 MG"),
        (("LISINOPRIL 10 MG TAB",), "passed over tab"),
        (("Lipitor",), "by its name as a whole: Lipitor"),
        (("00071015523",), "by its NDC, exactly"),
        (("0071-0155-23",), "00071-0155-23"),
        (("rxcui", "83367"), "83367 (ingredient, IN)"),
        (("83367",), "Ingredient: atorvastatin"),
        (("statin",), "Class statin: Statin"),
        (("statin",), "atorvastatin (83367)"),
        (("diabetes",), "Condition diabetes: Diabetes"),
        (("chronic heart failure",), "codes in"),
        (("citalopram",), "with escitalopram"),
    ],
)
def test_it_is_understood_and_said_how(run: Run, given: tuple[str, ...], told: str) -> None:
    code, text = run("show", *given)

    assert told in text
    assert code == 0


def test_a_bare_ndc_of_ten_digits_is_explained(run: Run) -> None:
    code, text = run("show", "0071015523")

    assert text.startswith(AMBIGUOUS)
    assert code == 1


def test_a_near_miss_is_suggested_and_not_resolved(run: Run) -> None:
    code, text = run("show", "Simvistatin")

    assert text.startswith(
        "'Simvistatin' is not understood: no drug, class or condition in the vocabulary\nhas this name.\n"
        "Did you mean:\n  - simvastatin\n"
    )
    assert code == 1


def test_another_package_of_the_product_is_told(run: Run) -> None:
    code, text = run("show", "00071015599")

    assert "00071-0155-23 atorvastatin 10 MG Oral Tablet [Lipitor]" in text
    assert code == 1


@pytest.mark.parametrize(
    ("given", "suggested"),
    [
        ("diabetis", "condition diabetes"),
        ("kidney disease", "condition chronic_kidney_disease"),
        ("diuretic", "class loop_diuretic"),
        ("lisin", "lisinopril"),
        ("atorva", "atorvastatin"),
    ],
)
def test_what_holds_the_words_or_begins_so_is_suggested(run: Run, given: str, suggested: str) -> None:
    code, text = run("show", given)

    assert f"- {suggested}" in text
    assert code == 1


@pytest.mark.parametrize("given", ["high blood pressure", "Presión arterial alta", "HYPERTENSION"])
def test_a_condition_is_found_by_what_letters_call_it(run: Run, given: str) -> None:
    assert "Condition hypertension: Hypertension" in run("show", given)[1]


@pytest.mark.parametrize("given", ["EPOC", "enfermedad pulmonar obstructiva cronica"])
def test_a_condition_is_found_with_and_without_what_stands_in_brackets(run: Run, given: str) -> None:
    assert "Condition copd: Chronic obstructive pulmonary disease" in run("show", given)[1]


def test_a_class_is_found_by_its_plural(run: Run) -> None:
    assert "Class loop_diuretic: Loop diuretic" in run("show", "loop diuretics")[1]


@pytest.mark.parametrize("given", ["", "  "])
def test_nothing_is_not_understood(run: Run, given: str) -> None:
    code, text = run("show", given)

    assert text.startswith("'' is not understood: nothing was given.")
    assert code == 1


@pytest.mark.parametrize(("given", "code"), [("RXHCC 999", "unknown_rxhcc"), ("U99.9", "unknown_icd10")])
def test_what_is_written_as_a_code_is_refused_as_one(run_json: Callable[..., Any], given: str, code: str) -> None:
    assert run_json("show", given)["not_understood"]["code"] == code


def test_a_number_suggests_no_class_that_holds_it(run_json: Callable[..., Any]) -> None:
    assert run_json("show", "5/5")["not_understood"]["suggestions"] == []


def test_nothing_is_passed_over_that_was_not_written(run_json: Callable[..., Any]) -> None:
    (answer,) = run_json("show", "amlodipine/benazepril")["answers"]

    assert answer["understood"]["passed_over"] == []


def test_a_kind_without_its_value_is_wrong_use(run: Run) -> None:
    assert run("show", "ndc") == (2, "mtm-vocabulary: which ndc? Such as: mtm-vocabulary show ndc 00071-0155-23\n")


def test_the_variable_is_named_that_leads_nowhere(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTM_VOCABULARY", str(tmp_path))

    assert run("show", "statin") == (
        2,
        f"mtm-vocabulary: {tmp_path} is no folder of tables: it has no edition.toml (MTM_VOCABULARY)\n",
    )


def test_a_retired_rxcui_says_what_stands_in_its_place(run: Run, small: SmallDictionary) -> None:
    _, text = run("show", "rxcui", "203144", "--vocabulary", small.folder)

    assert "by its RxCUI 203144, which RxNorm has retired; this stands in its place" in " ".join(text.split())


def test_a_device_is_named_as_one(run: Run) -> None:
    _, text = run("show", "BD Pen Needle")

    assert "Device: insulin pen needle" in text
    assert "no drug, neither counted nor screened as one" in text


def test_only_the_kind_that_was_named_is_looked_for(run: Run) -> None:
    assert run("show", "class", "atorvastatin")[0] == 1


def test_no_line_is_wider_than_the_terminal(run: Run) -> None:
    for given in ("Symbicort", "metformin", "diabetes", "ace_inhibitor"):
        _, text = run("show", given)
        assert [line for line in text.splitlines() if len(line) > 80] == []


def test_codes_are_never_broken(run: Run, run_json: Callable[..., Any]) -> None:
    _, text = run("show", "diabetes")
    (answer,) = run_json("show", "diabetes")["answers"]

    assert all(each["concept"] in text.split() for each in answer["snomed"])


def test_json_says_what_made_it(run_json: Callable[..., Any]) -> None:
    told = run_json("show", "Lasix 40mg")

    assert set(told["vocabulary"]) == {"version", "sha256"}
    (answer,) = told["answers"]
    assert (answer["kind"], answer["rxcui"], answer["brand"]) == ("drug", "200809", "Lasix")
    assert answer["understood"]["words"] == ["lasix"]


def test_every_stated_flag_has_a_source_and_a_status(run_json: Callable[..., Any]) -> None:
    (answer,) = run_json("show", "oxycodone")["answers"]
    flags = {flag["flag"]: flag for flag in answer["ingredients"][0]["flags"]}

    assert flags["schedule"]["value"] == "2"
    assert flags["schedule"]["source"].startswith("21 CFR 1308")
    assert all(flag["source"] and flag["status"] for flag in flags.values() if flag["stated"])


def test_refusal_as_json_has_a_stable_code(run_json: Callable[..., Any]) -> None:
    told = run_json("show", "Simvistatin")["not_understood"]

    assert told["code"] == "unknown_name"
    assert told["suggestions"][0] == "simvastatin"


def test_another_vocabulary_answers(run: Run, small: SmallDictionary) -> None:
    assert run("show", "fibrate", "--vocabulary", small.folder)[0] == 1
    assert "Statin" in run("show", "statin", "--vocabulary", small.folder)[1]


def test_a_vocabulary_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path) -> None:
    code, text = run("show", "statin", "--vocabulary", tmp_path / "none")

    assert text == f"mtm-vocabulary: there is no {tmp_path / 'none'}\n"
    assert code == 2


def test_a_vocabulary_with_a_mistake_points_to_the_checker(run: Run, small: SmallDictionary) -> None:
    small.change("ingredients", 0, "classes", "fibrate")
    code, text = run("show", "statin", "--vocabulary", small.folder)

    assert "`mtm-vocabulary check` lists every problem" in text
    assert code == 2


def test_version_names_the_edition(run: Run) -> None:
    code, text = run("--version")

    assert text.startswith("mtm-vocabulary, vocabulary 20")
    assert code == 0


def test_the_installed_command_writes_plain_text_to_a_pipe() -> None:
    command = Path(sys.executable).parent / "mtm-vocabulary"
    done = subprocess.run(
        [command, "show", "Lasix 40mg"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
        check=False,
    )

    assert done.stdout.startswith("furosemide 40 MG Oral Tablet [Lasix]\n")
    assert "\x1b" not in done.stdout
    assert (done.stderr, done.returncode) == ("", 0)
