"""A member in the shapes of the wire (`mtm_shared.contracts.member`): JSON text, and the columns of our CSV files.

Fills and diagnoses hold nothing that needs escaping, so they are formatted directly; members go through `json`.
"""

import json
from typing import Any

from deploy.local.sample.calendars import NEW_YEAR, iso
from deploy.local.sample.coverage import Span
from deploy.local.sample.fills import Fill
from deploy.local.sample.formats.lines import money
from deploy.local.sample.member import DRUG_MANAGEMENT_FROM, Member
from deploy.local.sample.people import pharmacies, places, prescribers
from deploy.local.sample.prevalence import SEXES
from deploy.local.sample.visits import Diagnosis

FILL_COLUMNS = (
    "member_id", "claim_id", "ndc", "fill_date", "days_supply", "quantity", "ingredient_cost", "dispensing_fee",
    "sales_tax", "vaccine_fee", "coverage_status", "adjustment", "prescriber_npi", "pharmacy_npi", "patient_residence",
)  # fmt: skip
DIAGNOSIS_COLUMNS = ("member_id", "claim_id", "icd10", "service_date", "setting")
MEMBER_COLUMNS = (
    "member_id", "mbi", "first_name", "middle_initial", "last_name", "birth_date", "sex", "zip_code", "phone",
    "language", "death_date", "address.line1", "address.city", "address.state", "address.zip_code", "contract_id",
    "pbp_id", "plan_type", "effective_from", "effective_to", "low_income",
)  # fmt: skip


def member_shape(member: Member, seed: int) -> dict[str, Any]:
    """The wire's `Member`."""
    someone = member.person
    city, state, zip_code = places()[someone.place]
    doctors = [prescribers(seed)[place] for place in someone.prescribers]
    shape = {
        "member_id": someone.member_id,
        "mbi": someone.mbi,
        "first_name": someone.first_name,
        "middle_initial": someone.middle_initial,
        "last_name": someone.last_name,
        "birth_date": iso(someone.birth),
        "sex": SEXES[someone.sex],
        "zip_code": zip_code,
        "address": {"line1": someone.address, "city": city, "state": state, "zip_code": zip_code},
        "phone": someone.phone,
        "language": someone.language,
        "prescribers": [{"npi": doctor.npi, "name": doctor.name, "phone": doctor.phone} for doctor in doctors],
    }
    if someone.death:
        shape["death_date"] = iso(someone.death)
    return shape


def coverage_shape(member: Member, span: Span) -> dict[str, Any]:
    """The wire's `Coverage`."""
    shape: dict[str, Any] = {
        "contract_id": span.contract_id,
        "pbp_id": span.pbp_id,
        "plan_type": span.plan_type,
        "effective_from": iso(span.start),
        "low_income": member.person.low_income,
    }
    if span.end:
        shape["effective_to"] = iso(span.end)
    return shape


def drug_management_shape(limited: bool) -> dict[str, Any]:
    """The wire's `DrugManagement`."""
    day = iso(NEW_YEAR + DRUG_MANAGEMENT_FROM - 1)
    return {"at_risk": True, "coverage_limitation": limited, "effective_from": day}


def stays_shape(member: Member) -> list[dict[str, Any]]:
    """The wire's `Stay`s."""
    return [
        {"kind": stay.kind, "from": iso(stay.start)} | ({"to": iso(stay.end)} if stay.end else {})
        for stay in member.stays
    ]


def fill_json(member_id: str, fill: Fill, residence: str, npi: str, pharmacy: str) -> str:
    """The wire's `Fill`."""
    return (
        f'{{"claim_id":"{member_id}-{fill.claim:04d}","ndc":"{fill.ndc}","fill_date":"{iso(fill.day)}",'
        f'"days_supply":{fill.days_supply},"quantity":"{fill.quantity // 10}.{fill.quantity % 10}",'
        f'"ingredient_cost":"{money(fill.cost)}","dispensing_fee":"{money(fill.fee)}","sales_tax":"0.00",'
        f'"vaccine_fee":"{money(fill.vaccine_fee)}","coverage_status":"{fill.status}",'
        f'"adjustment":"{fill.adjustment}","prescriber_npi":"{npi}","pharmacy_npi":"{pharmacy}",'
        f'"patient_residence":"{residence}"}}'
    )


def diagnosis_json(member_id: str, row: Diagnosis) -> str:
    """The wire's `Diagnosis`."""
    return (
        f'{{"icd10":"{row.icd10}","service_date":"{iso(row.day)}","setting":"{row.setting}",'
        f'"claim_id":"{member_id}-{row.claim}"}}'
    )


def fill_row(member_id: str, fill: Fill, residence: str, npi: str, pharmacy: str) -> str:
    """A line of csv-fills."""
    return (
        f"{member_id},{member_id}-{fill.claim:04d},{fill.ndc},{iso(fill.day)},{fill.days_supply},"
        f"{fill.quantity // 10}.{fill.quantity % 10},{money(fill.cost)},{money(fill.fee)},0.00,"
        f"{money(fill.vaccine_fee)},{fill.status},{fill.adjustment},{npi},{pharmacy},{residence}\n"
    )


def diagnosis_row(member_id: str, row: Diagnosis) -> str:
    """A line of csv-diagnoses."""
    return f"{member_id},{member_id}-{row.claim},{row.icd10},{iso(row.day)},{row.setting}\n"


def member_row(member: Member, span: Span) -> str:
    """A line of csv-members; nothing in it holds a comma or a quote."""
    someone = member.person
    city, state, zip_code = places()[someone.place]
    death, end = iso(someone.death) if someone.death else "", iso(span.end) if span.end else ""
    return (
        f"{someone.member_id},{someone.mbi},{someone.first_name},{someone.middle_initial},{someone.last_name},"
        f"{iso(someone.birth)},{SEXES[someone.sex]},{zip_code},{someone.phone},{someone.language},{death},"
        f"{someone.address},{city},{state},{zip_code},{span.contract_id},{span.pbp_id},{span.plan_type},"
        f"{iso(span.start)},{end},{'true' if someone.low_income else 'false'}\n"
    )


def records_of(member: Member, seed: int, *, claims: bool = True) -> list[str]:
    """The member as lines of NDJSON: one for each span of coverage, the last with everything else."""
    shape = json.dumps(member_shape(member, seed), ensure_ascii=False, separators=(",", ":"))
    lines = []
    for span in member.spans[:-1]:
        told = json.dumps(coverage_shape(member, span), separators=(",", ":"))
        lines.append(f'{{"member":{shape},"coverage":{told}}}\n')
    told = json.dumps(coverage_shape(member, member.spans[-1]), separators=(",", ":"))
    parts = [f'{{"member":{shape},"coverage":{told}']
    if claims:
        parts.append(_claims(member, seed))
    if member.limited is not None:
        parts.append(f'"drug_management":{json.dumps(drug_management_shape(member.limited), separators=(",", ":"))}')
    if member.stays:
        parts.append(f'"stays":{json.dumps(stays_shape(member), separators=(",", ":"))}')
    lines.append(",".join(parts) + "}\n")
    return lines


def _claims(member: Member, seed: int) -> str:
    someone, doctors, shops = member.person, prescribers(seed), pharmacies(seed)
    member_id, residence = someone.member_id, someone.residence
    fills = ",".join(
        [
            fill_json(member_id, fill, residence, doctors[fill.prescriber].npi, shops[fill.pharmacy])
            for fill in member.fills
        ]
    )
    diagnoses = ",".join([diagnosis_json(member_id, row) for row in member.diagnoses])
    return f'"fills":[{fills}],"diagnoses":[{diagnoses}]'
