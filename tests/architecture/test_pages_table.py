"""Every sentence of a plan's page has a row, every row a test that there is, and every test of a page a row."""

import ast
import re
from pathlib import Path

import pytest
from support import ROOT

TABLE = ROOT / "docs/programme-pages.md"
TESTS = {"Aetna": "tests/pages/test_aetna_2021.py", "Health Options": "tests/pages/test_health_options_2024.py"}
ROW = re.compile(r"^\| *(\d+) *\|(.+)\|(.+)\| *`([^`]+)` *\|$", re.MULTILINE)


def rows(title: str) -> list[tuple[str, str]]:
    """The number and the test of each row below the heading that begins so."""
    (section,) = [part for part in TABLE.read_text(encoding="utf-8").split("\n## ") if part.startswith(title)]
    lines = [line for line in section.splitlines() if re.match(r"\| *\d", line)]
    found = [(row[1], row[4]) for row in ROW.finditer(section)]
    assert len(found) == len(lines), "a row has no number, sentence, feature and test"
    return found


def functions_of(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in nodes if isinstance(node, functions) and node.name.startswith("test_")}


def named(test: str) -> tuple[Path, str]:
    """A row names `file::test`; a file without a folder lives in tests/pages."""
    name, _, function = test.partition("::")
    return (ROOT / name if "/" in name else ROOT / "tests/pages" / name), function


@pytest.mark.parametrize("title", TESTS)
def test_every_row_names_a_test_that_there_is(title: str) -> None:
    missing = [test for _, test in rows(title) if (found := named(test)) and found[1] not in functions_of(found[0])]
    assert missing == []


@pytest.mark.parametrize("title", TESTS)
def test_no_test_stands_for_two_rows(title: str) -> None:
    told = [test for _, test in rows(title)]
    assert sorted(told) == sorted(set(told))


@pytest.mark.parametrize(("title", "file"), TESTS.items())
def test_every_test_of_a_page_is_in_its_table(title: str, file: str) -> None:
    told = {function for path, function in (named(test) for _, test in rows(title)) if path == ROOT / file}
    assert told == functions_of(ROOT / file)


@pytest.mark.parametrize("title", TESTS)
def test_rows_are_numbered_without_a_gap(title: str) -> None:
    assert [int(number) for number, _ in rows(title)] == list(range(1, len(rows(title)) + 1))
