"""Reads the files of rules about drugs; each screen's file has the columns that its rules need, of one shared grammar.

| column | means |
|---|---|
| `drug_set` | the drugs that the rule speaks of; `together` = yes judges them as one (a total dose) |
| `condition`, `conditions` | one, or any of several separated by semicolons, must be on record |
| `with_drugs`, `with_routes` | another drug of any of these sets must be taken too, by any of these routes |
| `also_drugs` | a third drug of any of these sets must be taken too |
| `without_drugs` | none of these may be taken: then another rule speaks of all of them |
| `min_age`, `max_age`, `sex`, `not_in_hospice` | who |
| `routes`, `release`, `as_needed` | how: `systemic` is all that reach the blood; `excused` lets as-needed drugs pass |
| `dose_over` | a daily dose, such as `3000 mg`, that must be exceeded |
| `days_over`, `days_within` | days on hand without a break, or within so many last days, that must be exceeded |
| `new_within` | started so many days ago or less |
| `lab` | a bound on the latest result, such as `egfr<30` |
| `unless_drugs`, `unless_conditions` | what silences the rule, each a list separated by semicolons |
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import DrugSet, LabTest, Rule
from mtm_review.domain.knowledge.rules import Amount, AsNeeded, Circumstances, LabBound, Release
from mtm_review.reference.rows import Row, put, rows_of

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) (mg|unt|meq)")
_BOUND = re.compile(r"([a-z0-9_]+)([<>])(\d+(?:\.\d+)?)")
_SAID = ("consequence", "recommendation", "citation", "status")
_DAYS = 3650


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of rules: its screen, the reason code of its findings (or "", where a column `dur_code` says it)."""

    name: str
    screen: Screen
    dur_code: str
    columns: tuple[str, ...]


RULE_FILES = (
    RuleFile(
        "drug_disease.csv",
        Screen.DRUG_DISEASE,
        "MC",
        ("rule_id", "drug_set", "condition", "severity", "min_age", "sex", "routes", "as_needed", "dose_over",
         "unless_drugs", "unless_conditions", *_SAID),
    ),
    RuleFile(
        "older_adult.csv",
        Screen.OLDER_ADULT,
        "PA",
        ("rule_id", "drug_set", "severity", "min_age", "max_age", "sex", "not_in_hospice", "conditions", "routes",
         "release", "as_needed", "dose_over", "days_over", "days_within", "new_within", "unless_drugs",
         "unless_conditions", *_SAID),
    ),
    RuleFile(
        "drug_drug.csv",
        Screen.DRUG_DRUG,
        "DD",
        ("rule_id", "drug_set", "routes", "dose_over", "with_drugs", "with_routes", "also_drugs", "without_drugs",
         "conditions", "min_age", "sex", "new_within", "unless_drugs", "unless_conditions", "severity", *_SAID),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that rules may name: drug sets, conditions of the vocabulary and laboratory tests."""

    drug_sets: Mapping[str, DrugSet]
    conditions: Collection[str]
    labs: Mapping[str, LabTest]


def read_rules(folder: Path, names: Names) -> dict[str, Rule]:
    """The rules of every file, by id."""
    found: dict[str, Rule] = {}
    for file in RULE_FILES:
        facts: dict[tuple[object, ...], str] = {}
        for row in rows_of(folder / file.name, file.columns):
            rule = _rule(row, file, names)
            put(found, rule.rule_id, rule, row, "rule_id")
            fact = (rule.drug_set, rule.when, rule.together)
            if facts.setdefault(_who(fact, rule), rule.rule_id) != rule.rule_id:
                row.refuse("drug_set", "must not be paired twice with the same circumstances")
    return found


def _who(fact: tuple[object, ...], rule: Rule) -> tuple[object, ...]:
    """What makes two rules the same: for a drug and a disease it is the pair, whatever the circumstances."""
    return (rule.drug_set, rule.when.conditions) if rule.screen is Screen.DRUG_DISEASE else fact


def _rule(row: Row, file: RuleFile, names: Names) -> Rule:
    return Rule(
        rule_id=f"{file.screen.value}.{row.text('rule_id')}",
        screen=file.screen,
        dur_code=row.text("dur_code") if row.has("dur_code") else file.dur_code,
        drug_set=row.key("drug_set", names.drug_sets),
        when=_circumstances(row, names),
        severity=row.choice("severity", Severity),
        together=row.has("together") and row.yes("together"),
        consequence=row.sentence("consequence"),
        recommendation=row.sentence("recommendation"),
        citation=row.citation(),
    )


def _circumstances(row: Row, names: Names) -> Circumstances:
    return Circumstances(
        min_age=_count(row, "min_age", 120),
        max_age=_count(row, "max_age", 120),
        sex=row.optional("sex", ("female", "male")) if row.has("sex") else "",
        not_in_hospice=row.has("not_in_hospice") and row.yes("not_in_hospice"),
        with_drugs=row.keys("with_drugs", names.drug_sets) if row.has("with_drugs") else (),
        also_drugs=row.keys("also_drugs", names.drug_sets) if row.has("also_drugs") else (),
        without_drugs=row.keys("without_drugs", names.drug_sets) if row.has("without_drugs") else (),
        conditions=_conditions(row, names.conditions),
        routes=row.routes("routes") if row.has("routes") else frozenset(),
        release=row.choice("release", Release) if row.has("release") else Release.ANY,
        as_needed=row.choice("as_needed", AsNeeded) if row.has("as_needed") else AsNeeded.COUNTS,
        dose_over=_amount(row) if row.has("dose_over") else None,
        days_over=_count(row, "days_over", _DAYS),
        new_within=_count(row, "new_within", _DAYS),
        lab=_bound(row, names.labs) if row.has("lab") else None,
        unless_drugs=row.keys("unless_drugs", names.drug_sets) if row.has("unless_drugs") else (),
        unless_conditions=row.keys("unless_conditions", names.conditions) if row.has("unless_conditions") else (),
        days_within=_count(row, "days_within", _DAYS),
        with_routes=row.routes("with_routes") if row.has("with_routes") else frozenset(),
    )


def _count(row: Row, column: str, most: int) -> int:
    """A number that may be left out: then it is not asked."""
    return row.number(column, 0, most) if row.has(column) and row.optional(column) else 0


def _conditions(row: Row, known: Collection[str]) -> tuple[str, ...]:
    if row.has("condition"):
        return (row.key("condition", known),)
    return row.keys("conditions", known) if row.has("conditions") else ()


def _amount(row: Row) -> Amount | None:
    text = row.optional("dose_over")
    match = _AMOUNT.fullmatch(text)
    if text and match is None:
        row.refuse("dose_over", "must be an amount a day, such as 3000 mg (units: mg, unt, meq)")
    return Amount(Decimal(match[1]), match[2]) if match else None


def _bound(row: Row, labs: Mapping[str, LabTest]) -> LabBound | None:
    text = row.optional("lab")
    match = _BOUND.fullmatch(text)
    if text and (match is None or match[1] not in labs):
        row.refuse("lab", f"must be a bound such as egfr<30, of one of {', '.join(sorted(labs))}")
        return None
    return LabBound(match[1], match[2] == "<", Decimal(match[3])) if match else None


def read_labs(folder: Path) -> dict[str, LabTest]:
    """`labs.csv`: the laboratory tests that rules may name, with the LOINC codes of their results."""
    found: dict[str, LabTest] = {}
    columns = ("lab_id", "name", "loinc", "unit", "lowest", "highest", "valid_days", "citation", "status")
    for row in rows_of(folder / "labs.csv", columns):
        test = LabTest(
            lab_id=row.text("lab_id"),
            name=row.text("name"),
            codes=frozenset(row.text("loinc").split(";")),
            unit=row.text("unit"),
            lowest=row.number("lowest", 0, 100_000),
            highest=row.number("highest", 1, 100_000),
            valid_days=row.number("valid_days", 1, 1000),
        )
        put(found, test.lab_id, test, row, "lab_id")
    return found
