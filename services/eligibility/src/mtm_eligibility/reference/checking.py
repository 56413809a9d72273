"""Checks programme files for whoever edits one: every mistake at once, and every condition against the vocabulary.

A programme that passes here is one that the service would start with (`load_programs` reads with the same code). It
also says which programmes count a condition, for the generated pages.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mtm_shared.reference import ReferenceDataError, collect, near, read_toml, toml_line
from mtm_shared.rule_files import Problem, RuleFiles, Section, Severity, problems_of
from mtm_shared.vocabulary import Vocabulary

from mtm_eligibility.domain.program import Program
from mtm_eligibility.reference import GUARDRAILS, PROGRAMS, load_programs
from mtm_eligibility.reference.guardrails import Guardrails, check, read_guardrails
from mtm_eligibility.reference.program_file import read_program


def recognises(path: Path) -> bool:
    """Whether the path is a programme file, CMS's bounds, or a folder of programme files."""
    if path.is_dir():
        return any(_is_program(file) for file in path.glob("*.toml"))
    return path.suffix == ".toml" and (path.name == GUARDRAILS.name or _is_program(path))


def _is_program(path: Path) -> bool:
    try:
        return not {"program_id", "chronic_conditions"}.isdisjoint(read_toml(path))
    except ReferenceDataError:
        # What is no TOML at all is taken for one by its words, so that the mistake can be told.
        return "program_id" in path.read_text(encoding="utf-8", errors="replace")


def check_path(path: Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Every problem of the programme file, the bounds or the folder."""
    if path.name == GUARDRAILS.name:
        yield from problems_of(collect(lambda: read_guardrails(path)).refusals, path.parent)
        return
    bounds = collect(lambda: read_guardrails(GUARDRAILS)).value or {}
    for file in sorted(path.glob("*.toml")) if path.is_dir() else (path,):
        yield from _check_program(file, bounds, vocabulary)


def _check_program(file: Path, bounds: Mapping[int, Guardrails], vocabulary: Vocabulary) -> Iterator[Problem]:
    def read() -> Program:
        program = read_program(file)
        check(program, bounds, file.name)
        return program

    collected = collect(read)
    yield from problems_of(collected.refusals, file.parent)
    if collected.value is not None:
        refused = tuple(refusal.place for refusal in collected.refusals)
        yield from _check_conditions(file, collected.value, refused, vocabulary)


def _check_conditions(
    file: Path, program: Program, refused: tuple[str, ...], vocabulary: Vocabulary
) -> Iterator[Problem]:
    for place, counted in enumerate(program.chronic_conditions.conditions):
        table = f"chronic_conditions.condition[{place}]"
        if any(each.startswith(table) for each in refused):
            continue
        known = vocabulary.condition(counted.condition_id)
        if known is None:
            text = f"must be a condition of the vocabulary{near(counted.condition_id, vocabulary.conditions)}"
            yield _problem(Severity.ERROR, file, f"{table}.id", counted.condition_id, text)
        elif known.core_category != counted.core_category:
            text = f"is {known.core_category or 'no core disease'} in the vocabulary"
            yield _problem(Severity.WARNING, file, f"{table}.core_category", str(counted.core_category), text)


def _problem(severity: Severity, file: Path, keys: str, value: str, text: str) -> Problem:
    return Problem(severity, file, toml_line(file, keys), keys, value, f"{text}, but is {value!r}")


def about_condition(condition_id: str, vocabulary: Vocabulary) -> Iterable[Section]:
    """The programmes that count the condition."""
    rows = tuple(
        (program.program_id, str(program.plan_year), ", ".join(sorted(counted.plan_types)), str(counted.citation))
        for program in load_programs().values()
        for counted in program.chronic_conditions.conditions
        if counted.condition_id == condition_id
    )
    return (Section("Programmes that count it", ("programme", "plan year", "plans", "source"), rows),) if rows else ()


RULE_FILES = RuleFiles(
    service="eligibility",
    own=(PROGRAMS, GUARDRAILS),
    recognises=recognises,
    check=check_path,
    about_condition=about_condition,
)
