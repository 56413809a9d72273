"""Reads the files of adherence: measured classes and rules on early refills."""

from collections.abc import Collection, Mapping
from pathlib import Path

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import AdherenceKnowledge, DrugSet, EarlyRefills, Measure, Said
from mtm_review.reference.rows import Row, put, rows_of

MEASURE_COLUMNS = (
    "rule_id", "name", "drug_sets", "routes", "threshold", "min_age", "unless_drugs", "unless_conditions",
    "switch_sets", "severity", "consequence", "recommendation", "citation", "status",
)  # fmt: skip
EARLY_COLUMNS = (
    "rule_id", "name", "schedules", "routes", "window_days", "on_hand_over", "in_a_row", "early_percent", "severity",
    "consequence", "recommendation", "citation", "status",
)  # fmt: skip
_SCHEDULES = ("2", "3", "4", "5")


def read_adherence(folder: Path, drug_sets: Mapping[str, DrugSet], conditions: Collection[str]) -> AdherenceKnowledge:
    """`adherence.csv` and `early_refills.csv`."""
    measures: dict[str, Measure] = {}
    for row in rows_of(folder / "adherence.csv", MEASURE_COLUMNS):
        measure = Measure(
            said=said_of(row, Screen.ADHERENCE, "LR"),
            drug_sets=row.keys("drug_sets", drug_sets),
            routes=row.routes("routes"),
            threshold=row.number("threshold", 1, 100),
            min_age=row.number("min_age", 0, 120),
            unless_drugs=row.keys("unless_drugs", drug_sets),
            unless_conditions=row.keys("unless_conditions", conditions),
            switch_sets=row.keys("switch_sets", drug_sets),
        )
        if not measure.drug_sets:
            row.refuse("drug_sets", "must name a drug set")
        put(measures, measure.said.rule_id, measure, row, "rule_id")
    return AdherenceKnowledge.of(measures.values(), _early(folder).values(), drug_sets)


def _early(folder: Path) -> dict[str, EarlyRefills]:
    found: dict[str, EarlyRefills] = {}
    for row in rows_of(folder / "early_refills.csv", EARLY_COLUMNS):
        rule = EarlyRefills(
            said=said_of(row, Screen.ADHERENCE, "ER"),
            schedules=frozenset(row.keys("schedules", _SCHEDULES)),
            routes=row.routes("routes"),
            window_days=row.number("window_days", 30, 730),
            on_hand_over=row.number("on_hand_over", 1, 365),
            in_a_row=row.number("in_a_row", 2, 20),
            early_percent=row.number("early_percent", 1, 100),
        )
        put(found, rule.said.rule_id, rule, row, "rule_id")
    return found


def said_of(row: Row, screen: Screen, dur_code: str) -> Said:
    """The columns that every rule has: id, name, severity, consequence, recommendation, citation and status."""
    return Said(
        rule_id=f"{screen.value}.{row.text('rule_id')}",
        screen=screen,
        dur_code=dur_code,
        name=row.text("name"),
        severity=row.choice("severity", Severity),
        consequence=row.sentence("consequence"),
        recommendation=row.sentence("recommendation"),
        citation=row.citation(),
    )
