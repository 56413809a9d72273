"""`mtm-review knowledge check`: every mistake of the knowledge files at once, and what of them makes no sense."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from mtm_shared.rule_files import Problem, Severity
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath
from mtm_shared.vocabulary.command.page import Page, write, write_json

from mtm_review.command.opening import stop, vocabulary_at
from mtm_review.domain.readable import ReadableRule, readable_rules
from mtm_review.reference import KNOWLEDGE, read_knowledge
from mtm_review.reference.checking import check_path, recognises


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(envvar="MTM_KNOWLEDGE", help="A folder of knowledge files (default: the packaged ones)."),
    ] = None,
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Name every mistake with its file, line, column and value, and what is allowed there.

    An error stops the service or makes a rule mean nothing; a warning is for a pharmacist to look at.
    """
    path = (folder or KNOWLEDGE).resolve()
    if not path.exists() or not recognises(path):
        stop(f"{folder} is no folder of knowledge files: it has no drug_disease.csv")
    book = vocabulary_at(vocabulary)
    problems = sorted(check_path(path, book), key=lambda each: (each.file, each.severity, each.line or 0, each.place))
    errors = sum(each.severity is Severity.ERROR for each in problems)
    rules = [] if errors or not path.is_dir() else list(readable_rules(read_knowledge(path, book)).values())
    if as_json:
        write_json(_as_data(problems, rules))
    else:
        write(_in_words(problems, rules))
    raise typer.Exit(1 if errors else 0)


def _statuses(rules: list[ReadableRule]) -> dict[str, int]:
    return dict(sorted(Counter(rule.citation.status.value for rule in rules).items()))


def _in_words(problems: list[Problem], rules: list[ReadableRule]) -> str:
    page = Page()
    for file in dict.fromkeys(each.file for each in problems):
        page.heading(file.name)
        page.items(_line(each) for each in problems if each.file == file)
    counts = Counter(each.severity for each in problems)
    page.heading(f"errors: {counts[Severity.ERROR]}, warnings: {counts[Severity.WARNING]}")
    if rules:
        statuses = ", ".join(f"{count} {status}" for status, count in _statuses(rules).items())
        page.line(f"rules: {len(rules)}; sources: {statuses}")
    return str(page)


def _line(problem: Problem) -> str:
    place = ", ".join(part for part in (f"line {problem.line}" if problem.line else "", problem.place) if part)
    return f"{problem.severity.value}: {f'{place}: ' if place else ''}{problem.text}"


def _as_data(problems: list[Problem], rules: list[ReadableRule]) -> dict[str, Any]:
    return {
        "errors": sum(each.severity is Severity.ERROR for each in problems),
        "warnings": sum(each.severity is Severity.WARNING for each in problems),
        "problems": [
            {
                "severity": each.severity.value,
                "file": each.file.name,
                "line": each.line,
                "place": each.place,
                "value": each.value,
                "text": each.text,
            }
            for each in problems
        ],
        "rules": len(rules),
        "statuses": _statuses(rules),
    }
