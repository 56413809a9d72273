"""Patient and Coverage as members and their spans.

A member's id is the id of the Patient, as references name it. The contract and benefit package are read from CMS's
extensions, or from the coverage's classes `contract`, `group` and `plan`; the plan type follows the contract number
(CMS: contracts that start with S are stand-alone prescription drug plans).
"""

from re import compile as pattern
from typing import Any, Final

from mtm_shared.contracts.member import Coverage as WireCoverage
from mtm_shared.contracts.member import Member
from mtm_shared.fhir import resources as fhir
from mtm_shared.fhir.parts import MBI, Address, Reference
from pydantic import ValidationError

from mtm_eligibility.usecases.imports.items import CoverageItem, MemberItem, Refused
from mtm_eligibility.usecases.imports.wire_rows import refused
from mtm_eligibility.usecases.members import coverage_row, member_row

_IDENTIFIER: Final = pattern(r"[A-Za-z0-9._:+-]{1,64}")
_CONTRACT: Final = ("BENE-CNTRCT-NUM", "ptdcntrct01", "contract")
_PACKAGE: Final = ("BENE-PBP-NUM", "CNTRCT-PBP-NUM", "CNTRCT-PBP-SGMT-NUM", "ptdpbpid01", "pbp")
_SEXES: Final = {"female": "female", "male": "male"}


def member_of(reference: Reference, element: str) -> str:
    """The member that a reference names."""
    if not _IDENTIFIER.fullmatch(reference.id):
        raise Refused(element, "missing_field", f"{element} does not name a Patient by its id")
    return reference.id


def member_item(line: int, patient: fhir.Patient) -> MemberItem:
    """A member; coverage is told by Coverage alone."""
    if not _IDENTIFIER.fullmatch(patient.id):
        raise Refused("id", "missing_field", "the Patient has no id that can be used")
    name = next((one for one in patient.name if one.use != "old"), None)
    address = next((_address(one) for one in patient.address if one.line and one.city), None)
    zip_code = next((one.postal_code for one in patient.address if one.postal_code), None)
    values: dict[str, Any] = {
        "member_id": patient.id,
        "mbi": _mbi(patient),
        "first_name": name.given[0] if name and name.given else None,
        "middle_initial": name.given[1][:1] if name and len(name.given) > 1 else None,
        "last_name": name.family or None if name else None,
        "birth_date": patient.birth_date,
        "sex": _SEXES.get(patient.gender, "unknown"),
        "zip_code": zip_code,
        "address": address,
        "phone": next((one.value for one in patient.telecom if one.system == "phone"), None),
        "language": _language(patient),
        "death_date": patient.deceased,
    }
    try:
        member = Member.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as invalid:
        raise refused(invalid) from None
    row = member_row(member)
    # A Patient does not say who prescribes; what a request said stays.
    del row["prescribers"]
    return MemberItem(line, row, [])


def _mbi(patient: fhir.Patient) -> str | None:
    """The Medicare beneficiary identifier given last, which is the current one."""
    found = [one.value for one in patient.identifier if one.system == MBI or one.type.has("mc")]
    return found[-1] if found else None


def _language(patient: fhir.Patient) -> str:
    spoken = sorted(patient.communication, key=lambda one: not one.preferred)
    words = [coding.code.casefold() for one in spoken for coding in one.language.coding]
    return "es" if any(word == "es" or word.startswith("es-") for word in words[:1]) else "en"


def _address(told: Address) -> dict[str, Any] | None:
    second = told.line[1] if len(told.line) > 1 else None
    parts = {"line1": told.line[0], "line2": second, "city": told.city, "state": told.state.upper()}
    return parts | {"zip_code": told.postal_code} if told.postal_code and len(told.state) == 2 else None


def coverage_item(line: int, told: fhir.Coverage) -> CoverageItem:
    """One span of Part D coverage."""
    member_id = member_of(told.beneficiary, "beneficiary")
    contract = _named(told, _CONTRACT)
    if not contract:
        raise Refused("extension", "missing_field", "no contract number is given")
    if told.period is None or told.period.start is None:
        raise Refused("period.start", "missing_field", "period.start is required")
    values = {
        "contract_id": contract,
        "pbp_id": _named(told, _PACKAGE)[-3:],
        "plan_type": "PDP" if contract.startswith("S") else "MA-PD",
        "effective_from": told.period.start,
        "effective_to": told.period.end,
        "low_income": _low_income(told),
    }
    try:
        return CoverageItem(line, coverage_row(member_id, WireCoverage.model_validate(values)))
    except ValidationError as invalid:
        raise refused(invalid) from None


def _named(told: fhir.Coverage, names: tuple[str, ...]) -> str:
    """The first value under one of the names: of an extension, or of a class."""
    for name in names:
        for extension in told.extension:
            coding = extension.value_coding or {}
            if extension.url.rsplit("/", 1)[-1] == name and (extension.value_string or coding.get("code")):
                return extension.value_string or str(coding["code"])
        for one in told.classes:
            if one.type.has(name) and one.value:
                return one.value
    return ""


def _low_income(told: fhir.Coverage) -> bool | None:
    said = _named(told, ("BENE-LIS-EFCTV-CD",))
    return {"Y": True, "N": False}.get(said)
