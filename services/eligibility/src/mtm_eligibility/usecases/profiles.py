"""What a review reads of a member, as of a day: netted fills as understood drugs, and what could not be understood."""

from collections.abc import Mapping, Sequence
from datetime import date

from mtm_shared.contracts import common as wire
from mtm_shared.contracts import member as contract
from mtm_shared.values.drug import Drug
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.domain.enrollment import stands_on
from mtm_eligibility.domain.facts import DrugManagement, Fill, MemberFacts
from mtm_eligibility.domain.facts import Stay as StayFact
from mtm_eligibility.domain.netting import net_fills
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.enrollments import enrollments_of, read_events
from mtm_eligibility.usecases.enrollments import happened
from mtm_eligibility.usecases.facts import StoredFacts, member_facts, read_facts
from mtm_eligibility.usecases.lexicon import Lexicon
from mtm_eligibility.usecases.members import stored_member


async def get_profile(session: AsyncSession, lexicon: Lexicon, member_id: str, as_of: date) -> contract.Profile:
    """The member's profile, or `UnknownMember`. Nothing that lies after the day is in it."""
    stored = await read_facts(session, member_id)
    facts = member_facts(stored, lexicon)
    enrollments = await enrollments_of(session, member_id)
    history = await read_events(session, [row["enrollment_id"] for row in enrollments])
    return _profile(stored, facts, _enrollment(enrollments, history, as_of), lexicon.version, as_of)


def _profile(
    stored: StoredFacts, facts: MemberFacts, enrollment: contract.ProfileEnrollment | None, version: str, as_of: date
) -> contract.Profile:
    told = stored_member(stored.member, stored.coverage)
    used, _ = net_fills(facts.fills)
    fills = sorted((fill for fill in used if fill.fill_date <= as_of), key=lambda fill: (fill.fill_date, fill.claim_id))
    identifiers = {(row["claim_id"], row["adjustment"]): row for row in stored.fills}
    return contract.Profile(
        member=told.member,
        coverage=told.coverage,
        fills=[_fill(fill, identifiers[fill.claim_id, fill.adjustment.value]) for fill in fills],
        diagnoses=[
            contract.Diagnosis(
                icd10=fact.icd10,
                service_date=fact.service_date,
                setting=fact.setting.value,
                claim_id=fact.claim_id or None,
            )
            for fact in facts.diagnoses
            if fact.service_date <= as_of
        ],
        drug_management=[
            _drug_management(span) for span in facts.drug_management or () if span.effective_from <= as_of
        ],
        stays=[
            contract.Stay.model_validate({"kind": stay.kind.value, "from": stay.start, "to": stay.end})
            for stay in merged_stays(facts.stays)
            if stay.start <= as_of
        ],
        enrollment=enrollment,
        not_checked=_not_checked(facts, fills, as_of),
        vocabulary_version=version,
        as_of=as_of,
    )


def merged_stays(stays: Sequence[StayFact]) -> list[StayFact]:
    """Stays of a kind that overlap or repeat are one: interim bills name the same admission again and again."""
    merged: list[StayFact] = []
    for stay in sorted(stays, key=lambda stay: (stay.kind.value, stay.start)):
        last = merged[-1] if merged else None
        if last and last.kind is stay.kind and (last.end is None or stay.start <= last.end):
            end = None if last.end is None or stay.end is None else max(last.end, stay.end)
            merged[-1] = StayFact(last.kind, last.start, end)
        else:
            merged.append(stay)
    return merged


def wire_drug(drug: Drug) -> wire.Drug:
    """A drug as understood."""
    return wire.Drug(
        rxcui=drug.rxcui,
        name=drug.name,
        ingredients=[wire.Ingredient(rxcui=part.rxcui, name=part.name) for part in drug.ingredients],
        dose_form=drug.dose_form,
        route=drug.route,
        strength=drug.strength,
        resolved_by=drug.resolved_by.value,
    )


def _fill(fill: Fill, row: Row) -> contract.ProfileFill:
    return contract.ProfileFill(
        claim_id=fill.claim_id,
        ndc=row["ndc"],
        rxcui=row["rxcui"],
        drug_name=row["drug_name"],
        drug=None if fill.drug is None else wire_drug(fill.drug),
        fill_date=fill.fill_date,
        days_supply=fill.days_supply,
        quantity=fill.quantity,
        total_cost=fill.cost,
        coverage_status=fill.coverage_status.value,
        prescriber_npi=row["prescriber_npi"],
        pharmacy_npi=row["pharmacy_npi"],
    )


def _drug_management(span: DrugManagement) -> contract.DrugManagement:
    return contract.DrugManagement(
        at_risk=span.at_risk,
        coverage_limitation=span.coverage_limitation,
        effective_from=span.effective_from,
        effective_to=span.effective_to,
    )


def _enrollment(
    rows: Sequence[Row], history: Mapping[str, Sequence[Row]], as_of: date
) -> contract.ProfileEnrollment | None:
    """The enrolment that stood on the day, by what had happened until then, whatever happened since."""
    for row in rows:
        if stands_on(happened(history[row["enrollment_id"]]), row["plan_year"], as_of):
            return contract.ProfileEnrollment(
                enrollment_id=row["enrollment_id"],
                program_id=row["program_id"],
                status="enrolled",
                enrolled_on=row["enrolled_on"],
                plan_year=row["plan_year"],
            )
    return None


def _not_checked(facts: MemberFacts, fills: Sequence[Fill], as_of: date) -> list[wire.NotChecked]:
    """Each identifier and code that could not be understood, once."""
    faults = {("fill", fill.given): fill.problem for fill in fills if fill.problem}
    faults |= {
        ("diagnosis", fact.icd10): fact.problem
        for fact in facts.diagnoses
        if fact.problem and fact.service_date <= as_of
    }
    return [
        wire.NotChecked(what=what, value=value, code=code, detail=f"The vocabulary does not know this {what}'s code.")
        for (what, value), code in sorted(faults.items())
    ]
