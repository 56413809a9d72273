"""Reads one programme file, strictly: every key known, every value there and in its bounds, every value cited."""

from decimal import Decimal
from pathlib import Path

from mtm_shared.reference import Reader
from mtm_shared.values.citation import Status

from mtm_eligibility.domain.facts import PlanType
from mtm_eligibility.domain.program import (
    AnnualCost,
    ChronicConditions,
    Cited,
    Comparison,
    CostMethod,
    CountBy,
    CountedCondition,
    DrugManagementPathway,
    DrugUniverse,
    EvidencePolicy,
    EvidenceRule,
    PartDDrugs,
    Program,
    WhenNotTold,
    WindowKind,
)
from mtm_eligibility.reference.outreach_part import read_outreach
from mtm_eligibility.reference.service_parts import (
    read_contact,
    read_identity,
    read_opt_out,
    read_priority,
    read_score,
    read_services,
    read_wording,
)
from mtm_eligibility.reference.sources import Sources

NO_CATEGORY = "none"


def read_program(path: Path) -> Program:
    """The programme in the file, whose name must be its id."""
    with Reader.of(path) as reader:
        program_id = reader.text("program_id")
        if program_id != path.stem:
            reader.refuse("program_id", program_id, f"must be the file's name, {path.stem!r}")
        sources = Sources(reader.table("sources"))
        contact = read_contact(reader.table("contact"), sources)
        program = Program(
            program_id=program_id,
            name=reader.text("name"),
            plan_year=reader.integer("plan_year", minimum=2006, maximum=2100),
            status=reader.enum("status", Status),
            citation=sources.of(reader),
            plan_types=sources.cited(reader, "plan_types", lambda table: _plan_types(table, "value")),
            chronic_conditions=_chronic_conditions(reader.table("chronic_conditions"), sources),
            part_d_drugs=_part_d_drugs(reader.table("part_d_drugs"), sources),
            annual_cost=_annual_cost(reader.table("annual_cost"), sources),
            drug_management=_drug_management(reader.table("drug_management"), sources),
            score=read_score(reader.table("score"), sources),
            priority=read_priority(reader.table("priority"), sources),
            services=read_services(reader.table("services"), sources),
            contact=contact,
            opt_out=read_opt_out(reader.table("opt_out"), sources, contact),
            identity=read_identity(reader.table("identity"), sources),
            outreach=read_outreach(reader.table("outreach"), sources),
            wording=read_wording(reader.table("wording"), sources),
        )
        sources.refuse_unused()
    return program


def _chronic_conditions(reader: Reader, sources: Sources) -> ChronicConditions:
    conditions = tuple(_condition(table, sources) for table in reader.tables("condition"))
    seen: set[str] = set()
    for place, condition in enumerate(conditions):
        if condition.condition_id in seen:
            reader.refuse(f"condition[{place}].id", condition.condition_id, "must not be listed twice")
        seen.add(condition.condition_id)
    return ChronicConditions(
        minimum=sources.cited(reader, "minimum", lambda table: table.integer("value", minimum=1)),
        count_by=sources.cited(reader, "count_by", lambda table: table.enum("value", CountBy)),
        evidence=_evidence(reader.table("evidence"), sources),
        conditions=conditions,
    )


def _condition(reader: Reader, sources: Sources) -> CountedCondition:
    category = reader.text("core_category")
    return CountedCondition(
        condition_id=reader.text("id"),
        name=reader.text("name"),
        core_category=None if category == NO_CATEGORY else category,
        plan_types=_plan_types(reader, "plan_types"),
        citation=sources.of(reader),
    )


def _plan_types(reader: Reader, key: str) -> frozenset[PlanType]:
    values = reader.texts(key)
    known = {plan_type.value for plan_type in PlanType}
    if not values or not known.issuperset(values):
        reader.refuse(key, list(values), f"must be one or more of {', '.join(sorted(known))}")
    return frozenset(PlanType(value) for value in known.intersection(values))


def _evidence(reader: Reader, sources: Sources) -> EvidencePolicy:
    return EvidencePolicy(
        rule=sources.cited(reader, "rule", lambda table: table.enum("value", EvidenceRule)),
        institutional_claims=_count(reader, "institutional_claims", sources, minimum=1),
        other_claims=_count(reader, "other_claims", sources, minimum=1),
        days_apart=_count(reader, "days_apart", sources, minimum=1),
        look_back_days=_count(reader, "look_back_days", sources, minimum=1),
    )


def _part_d_drugs(reader: Reader, sources: Sources) -> PartDDrugs:
    return PartDDrugs(
        minimum=_count(reader, "minimum", sources, minimum=1),
        universe=sources.cited(reader, "universe", lambda table: table.enum("value", DrugUniverse)),
        window=sources.cited(reader, "window", lambda table: table.enum("value", WindowKind)),
        window_days=_count(reader, "window_days", sources, minimum=1),
    )


def _annual_cost(reader: Reader, sources: Sources) -> AnnualCost:
    return AnnualCost(
        threshold=sources.cited(reader, "threshold", lambda table: table.decimal("value", minimum=Decimal("0.01"))),
        comparison=sources.cited(reader, "comparison", lambda table: table.enum("value", Comparison)),
        universe=sources.cited(reader, "universe", lambda table: table.enum("value", DrugUniverse)),
        method=sources.cited(reader, "method", lambda table: table.enum("value", CostMethod)),
        minimum_days=_count(reader, "minimum_days", sources, minimum=1),
        running_grace_days=_count(reader, "running_grace_days", sources, minimum=0),
    )


def _drug_management(reader: Reader, sources: Sources) -> DrugManagementPathway:
    return DrugManagementPathway(
        targets_at_risk=sources.cited(reader, "targets_at_risk", lambda table: table.boolean("value")),
        when_not_told=sources.cited(reader, "when_not_told", lambda table: table.enum("value", WhenNotTold)),
    )


def _count(reader: Reader, key: str, sources: Sources, *, minimum: int) -> Cited[int]:
    return sources.cited(reader, key, lambda table: table.integer("value", minimum=minimum))
