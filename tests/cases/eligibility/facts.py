"""From a record as it goes over the wire to the kernel's facts, by the real vocabulary: the cases' own short way."""

from datetime import date
from typing import Any

from mtm_eligibility.domain.facts import (
    Adjustment,
    Coverage,
    CoverageStatus,
    Diagnosis,
    DrugManagement,
    Fill,
    MemberFacts,
    PlanType,
    Setting,
    Sex,
    Stay,
    StayKind,
)
from mtm_shared.contracts.member import MemberRecord
from mtm_shared.vocabulary import NotUnderstood, Vocabulary


def facts_of(record: dict[str, Any], vocabulary: Vocabulary) -> MemberFacts:
    """The facts of a `MemberRecord` dict."""
    wire = MemberRecord.model_validate(record)
    limited = wire.drug_management
    return MemberFacts(
        member_id=wire.member.member_id,
        birth_date=wire.member.birth_date,
        sex=Sex(wire.member.sex),
        coverage=(_coverage(wire),),
        fills=tuple(_fill(fill, vocabulary) for fill in wire.fills),
        diagnoses=tuple(_diagnosis(diagnosis, vocabulary) for diagnosis in wire.diagnoses),
        drug_management=None if limited is None else (DrugManagement(**limited.model_dump()),),
        stays=tuple(Stay(StayKind(stay.kind), stay.from_, stay.to) for stay in wire.stays),
    )


def _coverage(wire: MemberRecord) -> Coverage:
    given = wire.coverage.model_dump()
    return Coverage(**{**given, "plan_type": PlanType(given["plan_type"])})


def _fill(fill: Any, vocabulary: Vocabulary) -> Fill:
    understood = vocabulary.understand(ndc=fill.ndc, rxcui=fill.rxcui, name=fill.drug_name)
    unknown = understood if isinstance(understood, NotUnderstood) else None
    return Fill(
        claim_id=fill.claim_id,
        fill_date=fill.fill_date,
        days_supply=fill.days_supply,
        quantity=fill.quantity,
        cost=fill.cost,
        coverage_status=CoverageStatus(fill.coverage_status),
        adjustment=Adjustment(fill.adjustment),
        given=fill.ndc or fill.rxcui or fill.drug_name,
        drug=None if isinstance(understood, NotUnderstood) else understood,
        problem=unknown.code if unknown else "",
    )


def _diagnosis(diagnosis: Any, vocabulary: Vocabulary) -> Diagnosis:
    code: str = diagnosis.icd10
    day: date = diagnosis.service_date
    conditions, problem = vocabulary.conditions_of(code), vocabulary.icd10_problem(code) or ""
    return Diagnosis(code, day, Setting(diagnosis.setting), diagnosis.claim_id or "", conditions, problem)
