"""A stored member as the facts that a determination reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

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
from mtm_eligibility.storage import tables
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.claims import read_of_member
from mtm_eligibility.storage.members import read_coverage, read_member
from mtm_eligibility.usecases.errors import UnknownMember
from mtm_eligibility.usecases.lexicon import Lexicon

COVERAGE_STATUS = {status.value: status for status in CoverageStatus}
ADJUSTMENT = {adjustment.value: adjustment for adjustment in Adjustment}
SETTING = {setting.value: setting for setting in Setting}


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """Everything stored of one member, as rows."""

    member: Row
    coverage: Sequence[Row]
    fills: Sequence[Row]
    diagnoses: Sequence[Row]
    drug_management: Sequence[Row]
    stays: Sequence[Row]


async def read_facts(session: AsyncSession, member_id: str) -> StoredFacts:
    """Read one member with all claims, or raise `UnknownMember`."""
    member = await read_member(session, member_id)
    if member is None:
        raise UnknownMember
    return StoredFacts(
        member,
        (await read_coverage(session, [member_id]))[member_id],
        await read_of_member(session, tables.fills, member_id),
        await read_of_member(session, tables.diagnoses, member_id),
        await read_of_member(session, tables.drug_management, member_id),
        await read_of_member(session, tables.stays, member_id),
    )


def fill_of(row: Row, lexicon: Lexicon) -> Fill:
    """A stored record as a fill with its drug understood."""
    drug, given, problem = lexicon.drug(row["ndc"], row["rxcui"], row["drug_name"])
    return Fill(
        claim_id=row["claim_id"],
        fill_date=row["fill_date"],
        days_supply=row["days_supply"],
        quantity=row["quantity"],
        cost=row["total_cost"],
        coverage_status=COVERAGE_STATUS[row["coverage_status"]],
        adjustment=ADJUSTMENT[row["adjustment"]],
        given=given,
        drug=drug,
        problem=problem,
        prescriber_npi=row["prescriber_npi"] or "",
        pharmacy_npi=row["pharmacy_npi"] or "",
        patient_residence=row["patient_residence"] or "",
    )


def diagnosis_of(row: Row, lexicon: Lexicon) -> Diagnosis:
    """A stored diagnosis with the conditions that it is evidence of."""
    icd10, conditions, problem = lexicon.diagnosis(row["icd10"])
    return Diagnosis(icd10, row["service_date"], SETTING[row["setting"]], row["claim_id"], conditions, problem)


def member_facts(stored: StoredFacts, lexicon: Lexicon) -> MemberFacts:
    """Stored rows as domain facts. No drug management rows means that nobody told us, not that there is none."""
    return MemberFacts(
        member_id=stored.member["member_id"],
        birth_date=stored.member["birth_date"],
        sex=Sex(stored.member["sex"]),
        coverage=tuple(
            Coverage(
                row["contract_id"],
                row["pbp_id"],
                PlanType(row["plan_type"]),
                row["effective_from"],
                row["effective_to"],
                row["low_income"],
            )
            for row in stored.coverage
        ),
        fills=tuple(fill_of(row, lexicon) for row in stored.fills),
        diagnoses=tuple(diagnosis_of(row, lexicon) for row in stored.diagnoses),
        drug_management=tuple(
            DrugManagement(row["at_risk"], row["coverage_limitation"], row["effective_from"], row["effective_to"])
            for row in stored.drug_management
        )
        or None,
        stays=tuple(Stay(StayKind(row["kind"]), row["start_date"], row["end_date"]) for row in stored.stays),
        death_date=stored.member["death_date"],
    )
