"""The bounds that CMS sets to programmes of each plan year, and the check of a programme against its year's.

42 CFR 423.153(d)(2) and CMS's yearly guidance: a sponsor may ask for less than these bounds, never for more. A
programme of a year without bounds is refused: nothing is carried forward from another year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mtm_shared.reference import Reader, ReferenceDataError, refuse
from mtm_shared.values.citation import Citation, Status

from mtm_eligibility.domain.program import Program

_SURENESS = (Status.FINAL, Status.PROPOSED, Status.ESTIMATED, Status.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Guardrails:
    """The bounds of one plan year."""

    plan_year: int
    conditions: tuple[int, int]
    drugs: tuple[int, int]
    most_threshold: Decimal
    core_categories: frozenset[str]
    least_core_categories: int
    drug_universes: tuple[str, ...]
    at_risk_pathway: bool
    citation: Citation


def read_guardrails(path: Path) -> Mapping[int, Guardrails]:
    """The bounds by plan year."""
    with Reader.of(path) as reader:
        years = [_guardrails(table) for table in reader.tables("year")]
        by_year = {guardrails.plan_year: guardrails for guardrails in years}
        if len(by_year) != len(years):
            reader.refuse("year", [guardrails.plan_year for guardrails in years], "must list each year once")
    return by_year


def _guardrails(reader: Reader) -> Guardrails:
    return Guardrails(
        plan_year=reader.integer("plan_year"),
        conditions=(reader.integer("least_conditions"), reader.integer("most_conditions")),
        drugs=(reader.integer("least_drugs"), reader.integer("most_drugs")),
        most_threshold=reader.decimal("most_threshold"),
        core_categories=frozenset(reader.texts("core_categories")),
        least_core_categories=reader.integer("least_core_categories"),
        drug_universes=reader.texts("drug_universes"),
        at_risk_pathway=reader.boolean("at_risk_pathway"),
        citation=reader.citation(),
    )


def check(program: Program, bounds: Mapping[int, Guardrails], file: str) -> None:
    """Refuse a programme outside its year's bounds, or one that claims to be surer than its tests."""
    guardrails = bounds.get(program.plan_year)
    if guardrails is None:
        refuse(_refused(file, "plan_year", program.plan_year, "has no bounds in guardrails.toml"))
        return
    _check_minimum(file, "chronic_conditions.minimum", program.chronic_conditions.minimum.value, guardrails.conditions)
    _check_minimum(file, "part_d_drugs.minimum", program.part_d_drugs.minimum.value, guardrails.drugs)
    known = frozenset(category for each in bounds.values() for category in each.core_categories)
    _check_conditions(program, guardrails, known, file)
    _check_cost(program, guardrails, file)
    universe = program.part_d_drugs.universe.value
    if universe not in guardrails.drug_universes:
        refuse(
            _refused(file, "part_d_drugs.universe", universe, f"must be one of {', '.join(guardrails.drug_universes)}")
        )
    if guardrails.at_risk_pathway and not program.drug_management.targets_at_risk.value:
        refuse(_refused(file, "drug_management.targets_at_risk", False, "must be true in this plan year"))
    _check_status(program, file)


def _check_minimum(file: str, key: str, value: int, bounds: tuple[int, int]) -> None:
    least, most = bounds
    if not least <= value <= most:
        refuse(_refused(file, key, value, f"must be from {least} to {most}"))


def _check_conditions(program: Program, guardrails: Guardrails, known: frozenset[str], file: str) -> None:
    for condition in program.chronic_conditions.conditions:
        if condition.core_category is not None and condition.core_category not in known:
            key = f"chronic_conditions.condition.{condition.condition_id}.core_category"
            refuse(_refused(file, key, condition.core_category, f"must be none or one of {', '.join(sorted(known))}"))
    for plan_type in sorted(program.plan_types.value):
        core = {
            condition.core_category
            for condition in program.chronic_conditions.conditions
            if plan_type in condition.plan_types
        } & guardrails.core_categories
        if len(core) < guardrails.least_core_categories:
            problem = f"must hold at least {guardrails.least_core_categories} core diseases for {plan_type} members"
            refuse(_refused(file, "chronic_conditions.condition", sorted(str(each) for each in core), problem))


def _check_cost(program: Program, guardrails: Guardrails, file: str) -> None:
    threshold = program.annual_cost.threshold.value
    if threshold > guardrails.most_threshold:
        refuse(_refused(file, "annual_cost.threshold", threshold, f"must be at most {guardrails.most_threshold}"))


def _check_status(program: Program, file: str) -> None:
    tests = (program.chronic_conditions.minimum, program.part_d_drugs.minimum, program.annual_cost.threshold)
    least_sure = max((_SURENESS.index(test.citation.status) for test in tests), default=0)
    if _SURENESS.index(program.status) < least_sure:
        refuse(_refused(file, "status", program.status.value, f"must be no surer than {_SURENESS[least_sure].value}"))


def _refused(file: str, key: str, value: object, problem: str) -> ReferenceDataError:
    return ReferenceDataError(f"{file}.{key}", f"{problem}, but is {value!r}", value)
