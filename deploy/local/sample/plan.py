"""The whole plan as member records of the wire, one member after another, each from a random stream of its own.

A member does not change when the plan grows: member 7 of sixty is member 7 of a thousand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from deploy.local.sample.claims import diagnoses_of, fills_of
from deploy.local.sample.health import Course, conditions_of, courses_of
from deploy.local.sample.people import Person, Prescriber, npi, person, prescribers

AS_OF = date(2026, 6, 30)
CLAIMS_FROM = date(2025, 7, 1)
CONTRACTS = {"MA-PD": ("H1234", "001"), "PDP": ("S5678", "012")}
OPIOIDS = frozenset({"hydrocodone_apap", "oxycodone_5"})
SEDATIVES = frozenset({"alprazolam_025", "lorazepam_05"})


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One member: the wire's `MemberRecord` as plain values."""

    member_id: str
    language: str
    record: dict[str, Any]


def members(count: int, seed: int) -> Iterator[SampleMember]:
    """The first `count` members of the plan with this seed."""
    doctors = prescribers(seed)
    for number in range(1, count + 1):
        yield _member(number, Random(f"{seed}:{number}"), doctors)  # noqa: S311 - nothing here is a secret


def _member(number: int, random: Random, doctors: tuple[Prescriber, ...]) -> SampleMember:
    someone = person(number, random, AS_OF)
    own = tuple(random.sample(doctors, 3))
    found = conditions_of(someone.sex, random)
    start = max(CLAIMS_FROM, someone.covered_from)
    courses = courses_of(found, start, AS_OF, (0, 1, 2), random)
    npis = (*(doctor.npi for doctor in own), npi(random))
    record: dict[str, Any] = {
        "member": _member_shape(someone, own),
        "coverage": _coverage_shape(someone),
        "fills": fills_of(someone.member_id, courses, npis, random),
        "diagnoses": diagnoses_of(someone.member_id, found, start, AS_OF, random),
    }
    at_risk = _drug_management(courses, random)
    if at_risk is not None:
        record["drug_management"] = at_risk
    return SampleMember(someone.member_id, someone.language, record)


def _member_shape(someone: Person, own: tuple[Prescriber, ...]) -> dict[str, Any]:
    city, state, zip_code = someone.place
    return {
        "member_id": someone.member_id,
        "mbi": someone.mbi,
        "first_name": someone.first_name,
        "middle_initial": someone.middle_initial,
        "last_name": someone.last_name,
        "birth_date": someone.birth_date.isoformat(),
        "sex": someone.sex,
        "zip_code": zip_code,
        "address": {"line1": someone.address, "city": city, "state": state, "zip_code": zip_code},
        "phone": someone.phone,
        "language": someone.language,
        "prescribers": [{"npi": doctor.npi, "name": doctor.name, "phone": doctor.phone} for doctor in own],
    }


def _coverage_shape(someone: Person) -> dict[str, Any]:
    contract, package = CONTRACTS[someone.plan_type]
    return {
        "contract_id": contract,
        "pbp_id": package,
        "plan_type": someone.plan_type,
        "effective_from": someone.covered_from.isoformat(),
        "low_income": someone.low_income,
    }


def _drug_management(courses: tuple[Course, ...], random: Random) -> dict[str, Any] | None:
    """Some members with an opioid and a sedative are at risk; only some of them have an active limitation."""
    taken = {course.drug.drug_id for course in courses}
    if not (taken & OPIOIDS and taken & SEDATIVES) and not (taken & OPIOIDS and random.random() < 0.06):
        return None
    limited = random.random() < 0.7
    return {"at_risk": True, "coverage_limitation": limited, "effective_from": "2026-02-01"}
