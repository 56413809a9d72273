"""`mtm-vocabulary check`: every mistake in the vocabulary and in rule files, with its place and what is allowed there.

A service stops at the first mistake; whoever edits a file wants all of them before anything is started. The loaders
are the services' own, so that what passes here loads there.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mtm_shared.rule_files import Problem, RuleFiles, Severity, installed
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.built.sealing import is_built
from mtm_shared.vocabulary.command.check_vocabulary import check_vocabulary
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath, refuse_missing
from mtm_shared.vocabulary.command.page import Page, write, write_json
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA

_SHOWN: Final = 40


class Report:
    """Problems as they are found, and what was looked at."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.checked: list[tuple[str, Path]] = []

    def add(self, what: str, path: Path, problems: Iterable[Problem]) -> None:
        """What was found in one path."""
        self.checked.append((what, path))
        self.problems += problems

    def count(self, severity: Severity) -> int:
        """How many of a severity."""
        return sum(problem.severity is severity for problem in self.problems)


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Rule files, tables or folders being edited; default: all that is installed."),
    ] = None,
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Check the vocabulary, and the rule files of the installed services or those given.

    Errors stop a service from starting or make a rule mean nothing; warnings are for a person to look at.
    """
    report = Report()
    target = vocabulary or PACKAGED_DATA
    refuse_missing(vocabulary)
    book, found = check_vocabulary(target)
    # Whoever edits a rule file is told what stops the vocabulary, not what a pharmacist might look at in it.
    report.add("vocabulary", target, [each for each in found if not paths or each.severity is Severity.ERROR])
    if book is not None:
        _check_rule_files(report, book, paths)
    _tell(report, book, as_json=as_json)
    raise typer.Exit(1 if report.count(Severity.ERROR) else 0)


def _check_rule_files(report: Report, book: Vocabulary, paths: list[Path] | None) -> None:
    services = installed()
    if not paths:
        for service in services:
            for path in service.own:
                report.add(service.service, path, service.check(path, book))
        return
    for path in paths:
        if (tables := _vocabulary_at(path)) is not None:
            report.add("vocabulary", tables, check_vocabulary(tables)[1])
            continue
        service = _service_of(services, path)
        report.add(service.service, path, service.check(path, book))


def _vocabulary_at(path: Path) -> Path | None:
    """The vocabulary that the path is, or that it is a table of."""
    if path.is_file() and is_built(path):
        return path
    folder = path if path.is_dir() else path.parent
    return folder if (folder / "edition.toml").is_file() else None


def _service_of(services: Iterable[RuleFiles], path: Path) -> RuleFiles:
    if not path.exists():
        typer.echo(f"mtm-vocabulary: there is no {path}", err=True)
        raise typer.Exit(2)
    found = next((each for each in services if each.recognises(path)), None)
    if found is None:
        names = ", ".join(each.service for each in services) or "none"
        typer.echo(f"mtm-vocabulary: {path} is no rule file of an installed service ({names})", err=True)
        raise typer.Exit(2)
    return found


def _tell(report: Report, book: Vocabulary | None, *, as_json: bool) -> None:
    if as_json:
        write_json(_as_data(report, book))
        return
    page = Page()
    by_file: dict[Path, list[Problem]] = {}
    for problem in report.problems:
        by_file.setdefault(problem.file, []).append(problem)
    for path, problems in sorted(by_file.items()):
        page.heading(_shown(path))
        ordered = sorted(problems, key=lambda each: (each.severity, each.line or 0, each.place))
        page.items(_in_words(problem) for problem in ordered[:_SHOWN])
        if len(ordered) > _SHOWN:
            page.line(f"and {len(ordered) - _SHOWN} more (--json lists all)")
    if book is None:
        page.heading("The vocabulary does not load")
        page.line("Rule files were not checked: they are checked against it.")
    page.heading(_summary(report))
    checked = Counter(what for what, _ in report.checked)
    page.line("checked: " + ", ".join(f"{what} ({number})" for what, number in checked.items()), depth=0)
    write(str(page))


def _in_words(problem: Problem) -> str:
    place = f"line {problem.line}" if problem.line else ""
    where = ", ".join(part for part in (place, problem.place) if part)
    return f"{problem.severity.value}: {f'{where}: ' if where else ''}{problem.text}"


def _summary(report: Report) -> str:
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if not errors and not warnings:
        return "No problem found."
    return f"{_number(errors, 'error')} and {_number(warnings, 'warning')}."


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.resolve().relative_to(here)) if path.resolve().is_relative_to(here) else str(path)


def _as_data(report: Report, book: Vocabulary | None) -> dict[str, Any]:
    return {
        "vocabulary": {"version": book.version, "sha256": book.sha256} if book else None,
        "checked": [{"what": what, "path": _shown(path)} for what, path in report.checked],
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "problems": [
            {
                "severity": each.severity.value,
                "file": _shown(each.file),
                "line": each.line,
                "place": each.place or None,
                "value": each.value,
                "problem": each.text,
            }
            for each in report.problems
        ],
    }
