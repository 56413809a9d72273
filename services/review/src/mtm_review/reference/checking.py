"""Checks clinical knowledge for whoever edits it: every mistake at once, drugs and conditions by the vocabulary.

A rule about a drug that the vocabulary does not hold never fires, and a name that is not the drug's own is a sign of a
wrong number; a service would start with both. It also says which rules use a condition or the drugs of a class, for
the generated pages.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mtm_shared.reference import RefusalKind, collect
from mtm_shared.rule_files import Problem, RuleFiles, Section, Severity, problems_of
from mtm_shared.vocabulary import Vocabulary

from mtm_review.domain.knowledge import BurdenKnowledge, Rule
from mtm_review.reference import KNOWLEDGE, load_knowledge, pages, read_knowledge
from mtm_review.reference.sense import problems_of_sense
from mtm_review.reference.todo_wording import FILE as TODO_WORDING
from mtm_review.reference.todo_wording import load_todo_wording

_RULES = "Rules of reviews"
_SIDES = ("first", "second")


def recognises(path: Path) -> bool:
    """Whether the path is a knowledge folder, one of its files, or the wording of to-do lists."""
    if path.is_dir():
        return (path / "drug_disease.csv").is_file()
    listed = path.name.endswith((".csv", ".csv.toml"))
    return path.name == TODO_WORDING.name or (listed and (path.parent / "drug_disease.csv").is_file())


def check_path(path: Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Every problem of the knowledge folder (a file is checked with the folder it stands in) or of the wording."""
    if path.name == TODO_WORDING.name:
        yield from problems_of(collect(lambda: load_todo_wording(path)).refusals, path.parent)
        return
    folder = path if path.is_dir() else path.parent
    collected = collect(lambda: read_knowledge(folder, vocabulary))
    refusals = collected.refusals
    yield from problems_of(refusals, folder)
    # What the loader refused is not judged a second time: the row, or all rows of a file that it could not read.
    refused = {(each.file, each.line) for each in refusals if each.line}
    unread = {each.file for each in refusals if each.kind is RefusalKind.UNREADABLE}
    for file in sorted(folder.glob("*.csv")):
        if file.name in unread:
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            for row in rows:
                if (file.name, rows.line_num) not in refused:
                    yield from _check_row(file, rows.line_num, row, vocabulary)
    if collected.value is not None and not refusals:
        yield from problems_of_sense(collected.value, folder, vocabulary)


def _check_row(file: Path, line: int, row: dict[str, str], vocabulary: Vocabulary) -> Iterator[Problem]:
    rxcui, name = row.get("rxcui"), row.get("name")
    if rxcui:
        yield from _check_drug(file, line, "rxcui", rxcui, name, vocabulary)
    for column in _SIDES:
        kind, _, value = (row.get(column) or "").partition(":")
        if kind == "rxcui":
            yield from _check_drug(file, line, column, value, None, vocabulary)


def _check_drug(
    file: Path, line: int, column: str, rxcui: str, name: str | None, vocabulary: Vocabulary
) -> Iterator[Problem]:
    known = vocabulary.ingredient(rxcui)
    if known is None:
        product = vocabulary.product(rxcui)
        what = f"is the product {product.name!r}" if product else "is not in the vocabulary"
        text = f"must be the RxCUI of an ingredient, but {rxcui!r} {what}, so that the rule never fires"
        yield Problem(Severity.ERROR, file, line, column, rxcui, text)
    elif name is not None and name != known.name:
        text = f"must be the name that {rxcui} has in the vocabulary, {known.name!r}, but is {name!r}"
        yield Problem(Severity.ERROR, file, line, "name", name, text)
    elif known.device:
        text = f"{known.name} is a device: no rule about drugs sees it"
        yield Problem(Severity.WARNING, file, line, column, rxcui, text)


def about_condition(condition_id: str, _: Vocabulary) -> Iterable[Section]:
    """The rules that speak of the condition, and those that it silences."""
    knowledge = load_knowledge()
    rules = sorted(knowledge.rules.values(), key=lambda each: each.rule_id)
    speaking = [rule for rule in rules if condition_id in rule.when.conditions]
    silenced = [rule for rule in rules if condition_id in rule.when.unless_conditions]
    if speaking:
        rows = tuple((_drugs(rule), rule.severity.value, rule.consequence, str(rule.citation)) for rule in speaking)
        links = tuple(f"{rule.screen.value}.md" for rule in speaking)
        yield Section(_RULES, ("drugs", "severity", "why", "source"), rows, links)
    shown = [each for each in knowledge.inference.by_id.values() if each.condition == condition_id]
    if shown:
        head = ("inferred from", "confidence", "why", "source")
        rows = tuple(
            (each.inference_id.replace("_", " "), each.confidence.value, each.reason, str(each.citation))
            for each in shown
        )
        yield Section("Inferred from drugs where nobody reported it", head, rows)
    if silenced:
        yield Section(
            "Rules that it silences",
            ("rule", "source"),
            tuple((_title(rule), str(rule.citation)) for rule in silenced),
            tuple(map(_page, silenced)),
        )
    if pairs := [pair for pair in knowledge.duplicates.pairs if condition_id in pair.conditions]:
        yield Section(
            "Drugs that it makes a pair that is meant",
            ("pair", "why", "source"),
            tuple((pair.pair_id.replace("_", " "), pair.rationale, str(pair.citation)) for pair in pairs),
            ("duplicate_therapy.md",) * len(pairs),
        )
    yield from _gaps_of(condition_id)


def about_ingredients(rxcuis: frozenset[str], _: Vocabulary) -> Iterable[Section]:
    """The duplicate classes, the rules and the burdens that hold any of the drugs."""
    knowledge = load_knowledge()
    yield from _burdens(knowledge.burdens, rxcuis)
    duplicates = tuple(
        (rule.name, str(rule.allowance), rule.severity.value, _held(rule.members, rxcuis))
        for rule in sorted(knowledge.duplicates.classes.values(), key=lambda each: each.name.casefold())
        if rxcuis.intersection(rule.members)
    )
    rules = [
        rule
        for rule in sorted(knowledge.rules.values(), key=lambda each: each.rule_id)
        if rxcuis.intersection(knowledge.names_of(rule.drug_set))
    ]
    if duplicates:
        head = ("class of the rule", "allowed", "severity", "drugs of this class")
        yield Section("Duplicate therapy", head, duplicates, ("duplicate_therapy.md",) * len(duplicates))
    if rules:
        rows = tuple(
            (_title(rule), rule.severity.value, _held(knowledge.names_of(rule.drug_set), rxcuis)) for rule in rules
        )
        yield Section(_RULES, ("rule", "severity", "drugs of this class"), rows, tuple(map(_page, rules)))
    yield from _measures_of(rxcuis)


def _gaps_of(condition_id: str) -> Iterator[Section]:
    gaps = [gap for gap in load_knowledge().gaps.gaps.values() if condition_id in (*gap.conditions, *gap.also)]
    if gaps:
        rows = tuple(
            (gap.said.name, gap.said.severity.value, gap.said.consequence, str(gap.said.citation)) for gap in gaps
        )
        yield Section("Drugs whose absence is told", ("drug", "severity", "why", "source"), rows,
                      ("gap_in_care.md",) * len(rows))  # fmt: skip


def _measures_of(rxcuis: frozenset[str]) -> Iterator[Section]:
    known = load_knowledge().adherence.measures_of
    measures = {measure.said.rule_id: measure for rxcui in sorted(rxcuis) for measure in known.get(rxcui, ())}
    if measures:
        rows = tuple((each.said.name, f"{each.threshold} %", str(each.said.citation)) for each in measures.values())
        yield Section("Days covered", ("class", "threshold", "source"), rows, ("adherence.md",) * len(rows))


def _burdens(known: BurdenKnowledge, rxcuis: frozenset[str]) -> Iterator[Section]:
    rows = tuple(
        (burden.name, burden.severity.value, _held(burden.names, rxcuis))
        for burden in known.burdens.values()
        if rxcuis.intersection(burden.members)
    )
    if rows:
        yield Section("Burdens", ("burden", "severity", "drugs of this class"), rows, ("older_adult.md",) * len(rows))


def _page(rule: Rule) -> str:
    """The page of the condition that the rule speaks of, else that of its screen."""
    named = rule.when.conditions
    return f"conditions/{named[0]}.md" if named else f"{rule.screen.value}.md"


def _drugs(rule: Rule) -> str:
    return " with ".join(name.replace("_", " ") for name in (rule.drug_set, *rule.when.with_drugs))


def _title(rule: Rule) -> str:
    conditions = " or ".join(name.replace("_", " ") for name in rule.when.conditions)
    return f"{_drugs(rule)} in {conditions}" if conditions else _drugs(rule)


def _held(names: Mapping[str, str], rxcuis: frozenset[str]) -> str:
    return ", ".join(sorted(name for rxcui, name in names.items() if rxcui in rxcuis))


RULE_FILES = RuleFiles(
    service="review",
    own=(KNOWLEDGE, TODO_WORDING),
    recognises=recognises,
    check=check_path,
    about_condition=about_condition,
    about_ingredients=about_ingredients,
    pages=lambda _: pages.render(load_knowledge()),
)
