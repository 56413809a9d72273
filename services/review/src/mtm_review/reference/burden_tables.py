"""Reads the tables of cumulative burdens: what counts, how it is counted, and a published anticholinergic scale."""

from collections.abc import Collection, Mapping
from pathlib import Path

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import Burden, BurdenKnowledge, DrugSet
from mtm_review.domain.knowledge.burdens import Score
from mtm_review.reference.rows import Row, put, rows_of

BURDEN_COLUMNS = (
    "rule_id", "name", "groups", "min_age", "at_least", "least_days", "within_days", "unless_conditions", "scored",
    "severity", "consequence", "recommendation", "citation", "status",
)  # fmt: skip
GROUP_COLUMNS = ("group", "name", "drug_set")
SCORE_COLUMNS = ("rxcui", "name", "score", "citation", "status")


def read_burdens(folder: Path, drug_sets: Mapping[str, DrugSet], conditions: Collection[str]) -> BurdenKnowledge:
    """`burdens.csv` with `burden_groups.csv` and `anticholinergic_scores.csv`."""
    groups = _groups(folder, drug_sets)
    found: dict[str, Burden] = {}
    for row in rows_of(folder / "burdens.csv", BURDEN_COLUMNS):
        burden = _burden(row, groups, conditions)
        put(found, burden.rule_id, burden, row, "rule_id")
    return BurdenKnowledge.of(found.values(), read_scores(folder))


def _groups(folder: Path, drug_sets: Mapping[str, DrugSet]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """The name by which drugs count and their names, by the group's id."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for row in rows_of(folder / "burden_groups.csv", GROUP_COLUMNS):
        set_id = row.key("drug_set", drug_sets)
        names = drug_sets[set_id].names if set_id in drug_sets else {}
        put(found, row.text("group"), (row.text("name"), names), row, "group")
    return found


def _burden(row: Row, groups: Mapping[str, tuple[str, Mapping[str, str]]], conditions: Collection[str]) -> Burden:
    chosen = [groups[group] for group in row.keys("groups", groups)]
    members: dict[str, str] = {}
    names: dict[str, str] = {}
    for called, drugs in chosen:  # a drug of two groups counts once, by the first
        members = {**dict.fromkeys(drugs, called), **members}
        names |= drugs
    if not members:
        row.refuse("groups", "must name at least one group with drugs")
    return Burden(
        rule_id=f"{Screen.OLDER_ADULT.value}.{row.text('rule_id')}",
        name=row.text("name"),
        min_age=row.number("min_age", 0, 120),
        at_least=row.number("at_least", 2, 9),
        least_days=row.number("least_days", 1, 365),
        within_days=row.number("within_days", 1, 730),
        unless_conditions=row.keys("unless_conditions", conditions),
        scored=row.yes("scored"),
        severity=row.choice("severity", Severity),
        consequence=row.sentence("consequence"),
        recommendation=row.sentence("recommendation"),
        citation=row.citation(),
        members=members,
        names=names,
    )


def read_scores(folder: Path) -> dict[str, Score]:
    """`anticholinergic_scores.csv`, by RxCUI."""
    found: dict[str, Score] = {}
    for row in rows_of(folder / "anticholinergic_scores.csv", SCORE_COLUMNS):
        rxcui = str(row.number("rxcui", 1, 99_999_999))
        put(found, rxcui, Score(rxcui, row.text("name"), row.number("score", 1, 3), row.citation()), row, "rxcui")
    return found
