"""A member record of the wire as the facts that a determination reads.

This is the hot path of `POST /v1/determinations/evaluate`: positional arguments, and look-ups instead of enum calls.
"""

from mtm_shared.contracts import member as wire

from mtm_eligibility.domain.facts import (
    Coverage,
    Diagnosis,
    DrugManagement,
    Fill,
    MemberFacts,
    PlanType,
    Sex,
    Stay,
    StayKind,
)
from mtm_eligibility.usecases.facts import ADJUSTMENT, COVERAGE_STATUS, SETTING
from mtm_eligibility.usecases.lexicon import Lexicon


def facts_of(record: wire.MemberRecord, lexicon: Lexicon) -> MemberFacts:
    """The facts of a record; without a drug management block nobody told us, which is not the same as not at risk."""
    member, coverage = record.member, record.coverage
    return MemberFacts(
        member.member_id,
        member.birth_date,
        Sex(member.sex),
        (
            Coverage(
                coverage.contract_id,
                coverage.pbp_id,
                PlanType(coverage.plan_type),
                coverage.effective_from,
                coverage.effective_to,
                coverage.low_income,
            ),
        ),
        tuple([_fill(fill, lexicon) for fill in record.fills]),
        tuple([_diagnosis(diagnosis, lexicon) for diagnosis in record.diagnoses]),
        _drug_management(record.drug_management),
        tuple([Stay(StayKind(stay.kind), stay.from_, stay.to) for stay in record.stays]),
        member.death_date,
    )


def _fill(fill: wire.Fill, lexicon: Lexicon) -> Fill:
    drug, given, problem = lexicon.drug(fill.ndc, fill.rxcui, fill.drug_name)
    return Fill(
        fill.claim_id,
        fill.fill_date,
        fill.days_supply,
        fill.quantity,
        fill.cost,
        COVERAGE_STATUS[fill.coverage_status],
        ADJUSTMENT[fill.adjustment],
        given,
        drug,
        problem,
        fill.prescriber_npi or "",
        fill.pharmacy_npi or "",
        fill.patient_residence or "",
    )


def _diagnosis(diagnosis: wire.Diagnosis, lexicon: Lexicon) -> Diagnosis:
    icd10, conditions, problem = lexicon.diagnosis(diagnosis.icd10)
    return Diagnosis(
        icd10,
        diagnosis.service_date,
        SETTING[diagnosis.setting],
        diagnosis.claim_id or "",
        conditions,
        problem,
    )


def _drug_management(span: wire.DrugManagement | None) -> tuple[DrugManagement, ...] | None:
    if span is None:
        return None
    return (DrugManagement(span.at_risk, span.coverage_limitation, span.effective_from, span.effective_to),)
