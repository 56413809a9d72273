"""Whether knowledge that loads also makes sense: rules that can never fire, and sets that nothing names.

A loader sees one row; these look at a rule with all that it names. An error is a rule that means nothing or breaks the
house's word (a contraindication is an FDA label's); a warning is for a pharmacist to look at.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.rule_files import Problem, Severity
from mtm_shared.vocabulary import Vocabulary

from mtm_review.domain.finding import Severity as Harm
from mtm_review.domain.knowledge import Knowledge, Rule
from mtm_review.domain.readable import ReadableRule, readable_rules

_LABEL: Final = "FDA label"
_IDS: Final = re.compile(r"[;:,=<> ]+")
_SETS: Final = "drug_sets*.csv"
_QUOTED: Final = re.compile(r'"([a-z][a-z0-9_]*)"')


class _Place(NamedTuple):
    file: Path
    line: int


def problems_of_sense(knowledge: Knowledge, folder: Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Every such problem, each at the row of its rule or set."""
    places = _places(folder)
    for rule in readable_rules(knowledge).values():
        yield from _label(rule, places, folder)
    for ruled in knowledge.rules.values():
        for column, severity, text in _never(ruled, knowledge, vocabulary):
            yield _problem(ruled.rule_id, places, folder, severity, column, text)
    yield from _unused(knowledge, folder)


def _places(folder: Path) -> dict[str, _Place]:
    """Where each rule stands, by its id and by the id without its screen."""
    found: dict[str, _Place] = {}
    for file in sorted(folder.glob("*.csv")):
        for line, row in _rows(file):
            named = row.get("rule_id") or row.get("class_id")
            if named and file.name != "duplicate_members.csv":
                screen = "duplicate_therapy" if "class_id" in row else file.stem
                found.setdefault(named if named.startswith(f"{screen}.") else f"{screen}.{named}", _Place(file, line))
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        for row in rows:
            yield rows.line_num, row


def _problem(
    rule_id: str, places: dict[str, _Place], folder: Path, severity: Severity, column: str, text: str
) -> Problem:
    place = places.get(rule_id)
    if place is None:
        return Problem(severity, folder, None, column, rule_id, f"{rule_id}: {text}")
    return Problem(severity, place.file, place.line, column, rule_id, text)


def _label(rule: ReadableRule, places: dict[str, _Place], folder: Path) -> Iterator[Problem]:
    if rule.severity is Harm.CONTRAINDICATED and not rule.citation.source.startswith(_LABEL):
        text = f"must begin with {_LABEL!r} where the severity is contraindicated, but is {rule.citation.source!r}"
        yield _problem(rule.rule_id, places, folder, Severity.ERROR, "citation", text)


def _never(rule: Rule, knowledge: Knowledge, vocabulary: Vocabulary) -> Iterator[tuple[str, Severity, str]]:
    """Why the rule can never fire, or not for some of its drugs or conditions."""
    when = rule.when
    if when.max_age and when.min_age > when.max_age:
        yield "min_age", Severity.ERROR, f"must not be more than max_age, {when.max_age}: the rule never fires"
    excepted = set(when.unless_conditions)
    covered = [name for name in when.conditions if excepted & vocabulary.implied_by(name)]
    if covered:
        whole = len(covered) == len(when.conditions)
        so = "the rule never fires" if whole else f"it never fires for {', '.join(covered)}"
        text = f"must not except whoever has the rule's own condition: {so}"
        yield "unless_conditions", Severity.ERROR if whole else Severity.WARNING, text
    own = knowledge.names_of(rule.drug_set)
    silenced = [name for rxcui, name in own.items() if any(rxcui in knowledge.names_of(s) for s in when.unless_drugs)]
    if silenced:
        whole = len(silenced) == len(own)
        so = "the rule never fires" if whole else f"it never fires for {', '.join(sorted(silenced))}"
        text = f"must not name the rule's own drugs: {so}"
        yield "unless_drugs", Severity.ERROR if whole else Severity.WARNING, text
    others = {rxcui for name in when.with_drugs for rxcui in knowledge.names_of(name)}
    if when.with_drugs and len(own) == 1 and others == own.keys():
        yield "with_drugs", Severity.ERROR, "must name another drug than the rule's only one: the rule never fires"


def _named_in_code() -> set[str]:
    """Texts of the service's own modules, for the few sets that a screen asks for by their id."""
    modules = Path(__file__).parents[1].rglob("*.py")
    return {found for module in modules for found in _QUOTED.findall(module.read_text(encoding="utf-8"))}


def _unused(knowledge: Knowledge, folder: Path) -> Iterator[Problem]:
    """Sets whose id stands in no other file and that no screen asks for by name; nothing looks at their drugs."""
    named: set[str] = set()
    for file in folder.glob("*.csv"):
        if not file.match(_SETS):
            named.update(part for _, row in _rows(file) for cell in row.values() for part in _IDS.split(cell or ""))
    told = _named_in_code()
    for file in sorted(folder.glob(_SETS)):
        for line, row in _rows(file):
            set_id = row["set_id"]
            if set_id not in named and set_id not in told and set_id in knowledge.drug_sets:
                told.add(set_id)
                text = f"no rule names the set {set_id!r}, so that its drugs are listed for nothing"
                yield Problem(Severity.WARNING, file, line, "set_id", set_id, text)
