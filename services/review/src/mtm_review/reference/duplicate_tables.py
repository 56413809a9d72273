"""Drug sets and the files of duplicate therapy, each with its columns, read into the domain's values.

Files refer to one another by id; a reference to nothing, an id given twice, a parent that goes in a circle or a drug
listed twice in one set is refused (ARCHITECTURE.md, law 4).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from mtm_shared.reference import ReferenceDataError

from mtm_review.domain.finding import Severity
from mtm_review.domain.knowledge import (
    Differ,
    DrugSet,
    DuplicateClass,
    DuplicateKnowledge,
    GeneralRule,
    IntendedPair,
    Side,
)
from mtm_review.reference.rows import ROUTES, Row, put, rows_of

CLASS_COLUMNS = (
    "class_id", "name", "allowance", "parent", "routes", "severity", "high_risk", "prn_counts", "best_tier",
    "consequence", "recommendation", "citation", "status",
)  # fmt: skip
PAIR_COLUMNS = (
    "pair_id", "first", "first_route", "first_release", "second", "second_route", "second_release", "conditions",
    "otherwise", "differ", "one_prescriber", "up_to_days", "rationale", "citation", "status",
)  # fmt: skip
GENERAL_COLUMNS = ("rule_id", "name", "severity", "consequence", "recommendation", "citation", "status")


def read_general(folder: Path) -> dict[str, GeneralRule]:
    """`general_rules.csv`: the rules that need no list of drugs."""
    found: dict[str, GeneralRule] = {}
    for row in rows_of(folder / "general_rules.csv", GENERAL_COLUMNS):
        rule = GeneralRule(
            row.text("rule_id"),
            row.text("name"),
            row.choice("severity", Severity),
            row.sentence("consequence"),
            row.sentence("recommendation"),
            row.citation(),
        )
        put(found, rule.rule_id, rule, row, "rule_id")
    return found


def read_drugs(path: Path, column: str) -> dict[str, dict[str, str]]:
    """Ingredient names by RxCUI, for each set of `duplicate_members.csv` or `drug_sets.csv`."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows_of(path, (column, "rxcui", "name")):
        rxcui = str(row.number("rxcui", 1, 99_999_999))
        put(found[row.text(column)], rxcui, row.text("name"), row, "rxcui")
    return dict(found)


def read_drug_sets(folder: Path) -> dict[str, DrugSet]:
    """Every set of `drug_sets.csv` and of the `drug_sets_*.csv` beside it; a set stands in one file only."""
    found: dict[str, DrugSet] = {}
    for path in sorted(folder.glob("drug_sets*.csv")):
        read = read_drugs(path, "set_id")
        if twice := sorted(found.keys() & read.keys()):
            raise ReferenceDataError(path.name, f"must not define a set of another file again: {twice[0]}", twice[0])
        found |= {set_id: DrugSet(set_id, names) for set_id, names in read.items()}
    return found


def read_duplicates(folder: Path, conditions: Iterable[str]) -> DuplicateKnowledge:
    """Everything that the screen of duplicate therapy knows; `conditions` are the ids that pairs may name."""
    classes = read_classes(folder)
    pairs = read_pairs(folder, classes, frozenset(conditions))
    return DuplicateKnowledge.of(read_general(folder).values(), classes.values(), pairs)


def read_classes(folder: Path) -> dict[str, DuplicateClass]:
    """`duplicate_classes.csv` with `duplicate_members.csv`."""
    members = read_drugs(folder / "duplicate_members.csv", "class_id")
    found: dict[str, DuplicateClass] = {}
    rows: dict[str, Row] = {}
    for row in rows_of(folder / "duplicate_classes.csv", CLASS_COLUMNS):
        class_id = row.text("class_id")
        put(found, class_id, _class(row, class_id, members.get(class_id, {})), row, "class_id")
        rows[class_id] = row
    if set(members) - set(found):
        for member in rows_of(folder / "duplicate_members.csv", ("class_id", "rxcui", "name")):
            member.key("class_id", found)
    parents = {duplicate.parent for duplicate in found.values()}
    for class_id, row in rows.items():
        if not found[class_id].members and class_id not in parents:
            row.refuse("class_id", "must have members or be a parent")
    return {key: replace(value, depth=_depth(found, key, rows)) for key, value in found.items()}


def _class(row: Row, class_id: str, members: Mapping[str, str]) -> DuplicateClass:
    routes = row.routes("routes")
    if not routes:
        row.refuse("routes", "must name at least one route")
    return DuplicateClass(
        class_id=class_id,
        rule_id=f"duplicate_therapy.{class_id}",
        name=row.text("name"),
        allowance=row.number("allowance", 1, 5),
        parent=row.optional("parent") or None,
        routes=routes,
        severity=row.choice("severity", Severity),
        high_risk=row.yes("high_risk"),
        prn_counts=row.yes("prn_counts"),
        best_tier=row.number("best_tier", 1, 3),
        consequence=row.sentence("consequence"),
        recommendation=row.sentence("recommendation"),
        citation=row.citation(),
        members=members,
    )


def _depth(classes: Mapping[str, DuplicateClass], class_id: str, rows: Mapping[str, Row]) -> int:
    seen = [class_id]
    while (parent := classes[seen[-1]].parent) is not None:
        if parent not in classes or parent in seen:
            problem = "not lead back to the class itself" if parent in seen else "be a class that is defined"
            rows[seen[-1]].refuse("parent", f"must {problem}")
            break
        seen.append(parent)
    return len(seen) - 1


def read_pairs(
    folder: Path, classes: Mapping[str, DuplicateClass], conditions: frozenset[str]
) -> tuple[IntendedPair, ...]:
    """`intended_pairs.csv`; a side is `class:<id>` or `rxcui:<number>`."""
    found: dict[str, IntendedPair] = {}
    for row in rows_of(folder / "intended_pairs.csv", PAIR_COLUMNS):
        pair = IntendedPair(
            pair_id=row.text("pair_id"),
            first=_side(row, "first", classes),
            second=_side(row, "second", classes),
            conditions=row.keys("conditions", conditions),
            otherwise=row.choice("otherwise", Severity) if row.optional("otherwise") else None,
            differ=row.choice("differ", Differ) if row.optional("differ") else None,
            one_prescriber=row.yes("one_prescriber"),
            up_to_days=row.number("up_to_days", 0, 3650),
            rationale=row.sentence("rationale"),
            citation=row.citation(),
        )
        if pair.otherwise and not pair.conditions:
            row.refuse("otherwise", "must stand only where conditions are named")
        put(found, pair.pair_id, pair, row, "pair_id")
    return tuple(found.values())


def _side(row: Row, column: str, classes: Mapping[str, DuplicateClass]) -> Side:
    kind, _, value = row.text(column).partition(":")
    if kind == "rxcui" and value.isdecimal():
        ingredients = frozenset((value,))
    elif kind == "class" and value in classes:
        ingredients = _below(classes, value)
    else:
        row.refuse(column, "must be class:<class that is defined> or rxcui:<number>")
        ingredients = frozenset()
    route = row.optional(f"{column}_route", ROUTES)
    return Side(ingredients, route, row.optional(f"{column}_release", ("long_acting", "short_acting")))


def _below(classes: Mapping[str, DuplicateClass], class_id: str) -> frozenset[str]:
    """The members of a class and of every class under it."""
    within = {class_id}
    while more := {each.class_id for each in classes.values() if each.parent in within} - within:
        within |= more
    return frozenset(rxcui for each in within for rxcui in classes[each].members)
