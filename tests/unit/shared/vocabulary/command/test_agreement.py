"""The checker and the services agree: what stops a service is told, the first mistake included, and nothing else is.

Every value of the small dictionary, every line of a programme and every column of the clinical knowledge is spoiled in
turn. No spoiled file may crash the checker, whatever the loaders go on with after a refusal.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mtm_eligibility.reference import GUARDRAILS, load_programs
from mtm_eligibility.reference.checking import RULE_FILES as PROGRAMS
from mtm_review.reference import KNOWLEDGE, read_knowledge
from mtm_review.reference.checking import RULE_FILES as CLINICAL
from mtm_shared.reference import ReferenceDataError
from mtm_shared.rule_files import Problem, Severity
from mtm_shared.vocabulary.command.check_vocabulary import check_vocabulary
from mtm_shared.vocabulary.dictionary import load_tables
from support import ROOT

if TYPE_CHECKING:
    from mtm_shared.vocabulary import Vocabulary

    from ..conftest import SmallDictionary  # noqa: TID252 - the fixture of the folder above

PROGRAM = ROOT / "services/eligibility/src/mtm_eligibility/reference/programs/cms-2026.toml"
TABLES = (
    *("classes", "ingredients", "flags", "devices", "products", "aliases", "ndcs", "misspellings", "retired", "words"),
    *("icd10cm_categories", "conditions", "condition_codes", "snomed", "rxhcc"),
)
WRONG = ("", "zzz zzz", "-1", "yes;yes", "Ω")


def errors(problems: Iterator[Problem] | list[Problem]) -> list[str]:
    return [each.text for each in problems if each.severity is Severity.ERROR]


def cells(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    yield from ((place, column) for place, row in enumerate(rows[:2]) for column in row)


@pytest.mark.parametrize("table", TABLES)
def test_every_spoiled_value_of_a_table_is_told_exactly_when_it_stops_the_load(
    small: SmallDictionary, table: str
) -> None:
    path = small.folder / f"{table}.csv"
    before = path.read_text(encoding="utf-8")
    for place, column in list(cells(path)):
        for value in WRONG:
            path.write_text(before, encoding="utf-8")
            small.change(table, place, column, value)
            try:
                load_tables(small.folder)
                first = None
            except ReferenceDataError as refusal:
                first = refusal.problem
            book, problems = check_vocabulary(small.folder)
            told = errors(problems)
            assert (book is None, first is None or first in told) == (first is not None, True), (place, column, value)


def test_every_line_of_a_programme_left_out_is_told_exactly_when_it_stops_the_load(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    path = tmp_path / PROGRAM.name
    for number, line in enumerate(lines):
        if not line or line.startswith("#"):
            continue
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]) + "\n", encoding="utf-8")
        try:
            load_programs.__wrapped__(tmp_path, GUARDRAILS)
            first = None
        except ReferenceDataError as refusal:
            first = refusal.problem
        told = errors(list(PROGRAMS.check(path, vocabulary)))
        assert (bool(told), first is None or first in told) == (first is not None, True), line


def test_every_spoiled_column_of_clinical_knowledge_is_told_when_it_stops_the_load(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    for path in sorted(folder.glob("*.csv")):
        before = path.read_text(encoding="utf-8")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in rows[0]:
            spoiled = [rows[0] | {column: "zzz zzz"}, *rows[1:]]
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(spoiled)
            try:
                read_knowledge(folder, vocabulary)
                first = None
            except ReferenceDataError as refusal:
                first = refusal.problem
            told = errors(list(CLINICAL.check(folder, vocabulary)))
            assert first is None or first in told, (path.name, column)
        path.write_text(before, encoding="utf-8")
