"""Reads the files of rules about drugs; each screen's file has the columns that its rules need, of one shared grammar.

| column | means |
|---|---|
| `drug_set` | the drugs that the rule speaks of; `together` = yes judges them as one (a total dose) |
| `rxcui`, `name` | in place of `drug_set`: the one ingredient that the rule speaks of |
| `condition`, `conditions` | one, or any of several separated by semicolons, must be on record |
| `with_drugs`, `with_routes` | another drug of any of these sets must be taken too, by any of these routes |
| `also_drugs` | a third drug of any of these sets must be taken too |
| `without_drugs` | none of these may be taken: then another rule speaks of all of them |
| `min_age`, `max_age`, `sex`, `not_in_hospice` | who |
| `routes`, `release`, `as_needed` | how: `systemic` is all that reach the blood; `excused` lets as-needed drugs pass |
| `dose_over`, `dose_under` | a daily dose, such as `3000 mg`, that must be exceeded, or not be reached |
| `mme_from`, `mme_below` | morphine milligram equivalents a day of all opioids: from the one to below the other |
| `days_over`, `days_within` | days on hand without a break, or within so many last days, that must be exceeded |
| `new_within` | started so many days ago or less |
| `naive_days`, `first_supply_over` | no drug of the set for so many days before; first dispensed for more days |
| `sources` | prescribers, pharmacies and days, such as `4/4/180`: from as many or more of both in the last days |
| `lab` | a bound on the latest result: `egfr<30`, `egfr>95`, from 30 to below 45 `egfr 30-45`; before it another test |
| | that is read first: `creatinine_clearance or egfr<30` |
| `unless_drugs`, `unless_conditions` | what silences the rule, each a list separated by semicolons |
| `unless_on_file` | a product of these drugs alone that was ever on file silences the rule |
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.knowledge import DrugSet, LabTest, Rule
from mtm_review.domain.knowledge.rules import Amount, AsNeeded, Circumstances, LabBound, Release, Sources
from mtm_review.reference.rows import Row, put, rows_of

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) (mg|unt|meq)")
_NUMBER = r"\d+(?:\.\d+)?"
_BOUND = re.compile(rf"([a-z0-9_]+)(?: or ([a-z0-9_]+))?(?:([<>])({_NUMBER})| ({_NUMBER})-({_NUMBER}))")
_SOURCES = re.compile(r"(\d+)/(\d+)/(\d+)")
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
    RuleFile(
        "max_doses.csv",
        Screen.DOSE,
        "HD",
        ("rule_id", "rxcui", "name", "dose_over", "severity", "together", "min_age", "max_age", "sex", "routes",
         "release", "with_drugs", "conditions", "unless_drugs", "unless_conditions", *_SAID),
    ),
    RuleFile(
        "kidney_doses.csv",
        Screen.DOSE,
        "HD",
        ("rule_id", "rxcui", "name", "lab", "dose_over", "severity", "together", "routes", "conditions",
         "unless_drugs", "unless_conditions", *_SAID),
    ),
    RuleFile(
        "low_doses.csv",
        Screen.DOSE,
        "LD",
        ("rule_id", "rxcui", "name", "dose_under", "severity", "together", "routes", "conditions",
         "unless_conditions", *_SAID),
    ),
    RuleFile(
        "duration.csv",
        Screen.DURATION,
        "MX",
        ("rule_id", "drug_set", "days_over", "days_within", "new_within", "first_supply_over", "severity", "min_age",
         "sex", "not_in_hospice", "routes", "as_needed", "with_drugs", "conditions", "unless_drugs",
         "unless_conditions", *_SAID),
    ),
    RuleFile(
        "opioid_safety.csv",
        Screen.OPIOID_SAFETY,
        "",
        ("rule_id", "drug_set", "dur_code", "severity", "together", "not_in_hospice", "with_drugs", "conditions",
         "routes", "release", "mme_from", "mme_below", "days_over", "new_within", "naive_days", "first_supply_over",
         "sources", "unless_drugs", "unless_on_file", "unless_conditions", *_SAID),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that rules may name: drug sets, conditions of the vocabulary and laboratory tests."""

    drug_sets: Mapping[str, DrugSet]
    conditions: Collection[str]
    labs: Mapping[str, LabTest]


def read_single_sets(folder: Path) -> dict[str, DrugSet]:
    """A set of one for each ingredient that a rule names itself; its id is made of the name."""
    found: dict[str, DrugSet] = {}
    for file in RULE_FILES:
        if "rxcui" in file.columns:
            for row in rows_of(folder / file.name, file.columns):
                names = {str(row.number("rxcui", 1, 99_999_999)): row.text("name")}
                set_id = _single(row)
                if found.setdefault(set_id, DrugSet(set_id, names)).names != names:
                    row.refuse("name", "must be the name of one ingredient only")
    return found


def _single(row: Row) -> str:
    """The id of the set, which no set of several drugs can have: it must not change when another set does."""
    return "ingredient_" + re.sub(r"[^a-z0-9]+", "_", row.text("name").lower()).strip("_")


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
        drug_set=row.key("drug_set", names.drug_sets) if row.has("drug_set") else _single(row),
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
        mme_from=_count(row, "mme_from", _DAYS),
        dose_over=_amount(row, "dose_over") if row.has("dose_over") else None,
        dose_under=_amount(row, "dose_under") if row.has("dose_under") else None,
        days_over=_count(row, "days_over", _DAYS),
        new_within=_count(row, "new_within", _DAYS),
        naive_days=_count(row, "naive_days", _DAYS),
        first_supply_over=_count(row, "first_supply_over", _DAYS),
        sources=_sources(row) if row.has("sources") else None,
        lab=_bound(row, names.labs) if row.has("lab") else None,
        unless_drugs=row.keys("unless_drugs", names.drug_sets) if row.has("unless_drugs") else (),
        unless_on_file=row.keys("unless_on_file", names.drug_sets) if row.has("unless_on_file") else (),
        unless_conditions=row.keys("unless_conditions", names.conditions) if row.has("unless_conditions") else (),
        days_within=_count(row, "days_within", _DAYS),
        with_routes=row.routes("with_routes") if row.has("with_routes") else frozenset(),
        mme_below=_count(row, "mme_below", _DAYS),
    )


def _count(row: Row, column: str, most: int) -> int:
    """A number that may be left out: then it is not asked."""
    return row.number(column, 0, most) if row.has(column) and row.optional(column) else 0


def _conditions(row: Row, known: Collection[str]) -> tuple[str, ...]:
    if row.has("condition"):
        return (row.key("condition", known),)
    return row.keys("conditions", known) if row.has("conditions") else ()


def _amount(row: Row, column: str) -> Amount | None:
    text = row.optional(column)
    match = _AMOUNT.fullmatch(text)
    if text and match is None:
        row.refuse(column, "must be an amount a day, such as 3000 mg (units: mg, unt, meq)")
    return Amount(Decimal(match[1]), match[2]) if match else None


def _sources(row: Row) -> Sources | None:
    text = row.optional("sources")
    match = _SOURCES.fullmatch(text)
    if text and match is None:
        row.refuse("sources", "must be prescribers, pharmacies and days, such as 4/4/180")
    return Sources(int(match[1]), int(match[2]), int(match[3])) if match else None


def _bound(row: Row, labs: Mapping[str, LabTest]) -> LabBound | None:
    text = row.optional("lab")
    match = _BOUND.fullmatch(text)
    if text and (match is None or not {match[1], match[2] or match[1]} <= labs.keys()):
        row.refuse("lab", f"must be a bound such as egfr<30, of one of {', '.join(sorted(labs))}")
        return None
    if match is None:
        return None
    if match[5]:
        return LabBound(match[1], True, Decimal(match[6]), Decimal(match[5]), match[2] or "")
    return LabBound(match[1], match[3] == "<", Decimal(match[4]), None, match[2] or "")


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
