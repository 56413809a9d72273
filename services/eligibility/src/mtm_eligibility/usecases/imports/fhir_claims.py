"""ExplanationOfBenefit as a drug event, or as a medical claim with its diagnoses.

A drug event's total cost is CMS's TOT_RX_CST_AMT, else CARIN's `drugcost`, else the amount submitted (42 CFR 423.100:
ingredient cost, dispensing fee, tax and vaccine fee, whoever pays). Resources tell final actions, so that one that is
cancelled or was entered in error deletes its claim.
"""

from datetime import date
from decimal import Decimal
from re import compile as pattern
from typing import Any, Final

from mtm_shared.fhir import resources as fhir
from mtm_shared.fhir.parts import ICD10_SYSTEMS, NDC, NPI, Concept, Quantity, Reference
from mtm_shared.values.codes import Icd10, InvalidCode

from mtm_eligibility.usecases.imports.fhir_members import member_of
from mtm_eligibility.usecases.imports.items import ClaimItem, FillItem, Refused, Reject

_IDENTIFIER: Final = pattern(r"[A-Za-z0-9._:+-]{1,64}")
_CLAIM_IDS: Final = ("pde_id", "clm_id")
_COSTS: Final = ("tot_rx_cst_amt", "drugcost", "submitted")
_UNDONE: Final = frozenset({"cancelled", "entered-in-error"})
_LONGEST_SUPPLY: Final = 999
_MOST: Final = Decimal(99_999_999)
_SETTINGS: Final = {
    "carrier": "carrier", "outpatient": "outpatient", "inpatient": "inpatient", "snf": "snf", "hha": "hha",
    "hospice": "hospice", "professional": "carrier", "institutional": "outpatient",
}  # fmt: skip
_STAYS: Final = frozenset({"inpatient", "snf", "hospice"})


def fill_item(line: int, eob: fhir.ExplanationOfBenefit) -> FillItem:
    """A drug event."""
    key = {"member_id": member_of(eob.patient, "patient"), "claim_id": _claim_id(eob)}
    if eob.status in _UNDONE:
        return FillItem(line, key, final=True, deletes=True)
    if not eob.item:
        raise Refused("item", "missing_field", "the drug event has no item")
    item = eob.item[0]
    row = {
        **key,
        "ndc": _ndc(item),
        "rxcui": None,
        "drug_name": None,
        "fill_date": _filled_on(eob, item),
        "days_supply": _days_supply(eob),
        "quantity": _quantity(item),
        "total_cost": _cost(item),
        "adjustment": "",
        "coverage_status": _status(eob),
        "prescriber_npi": _prescriber(eob),
        "pharmacy_npi": _npi(eob.facility) or _npi(eob.provider),
        "patient_residence": _said(eob, "ptnt_rsdnc_cd")[:2] or None,
    }
    return FillItem(line, row, final=True)


def _claim_id(eob: fhir.ExplanationOfBenefit) -> str:
    """The unique claim id by its best known system, else the first usable one, else the resource's own id."""
    told = [(one.system.rsplit("/", 1)[-1].casefold(), one.value) for one in eob.identifier]
    best = [value for name in _CLAIM_IDS for system, value in told if system == name]
    unique = [one.value for one in eob.identifier if one.type.has("uc")]
    for value in (*best, *unique, eob.id):
        if _IDENTIFIER.fullmatch(value):
            return value
    raise Refused("identifier", "missing_field", "no claim id that can be used is given")


def _ndc(item: fhir.Item) -> str:
    """The product, or the first ingredient of a compound."""
    for concept in (item.product, *(detail.product for detail in item.detail)):
        if code := concept.code_of(NDC):
            return code[:32]
    raise Refused("item.productOrService", "missing_field", "no NDC is given")


def _filled_on(eob: fhir.ExplanationOfBenefit, item: fhir.Item) -> date:
    period = item.serviced_period or eob.billable_period
    on = item.serviced_date or (period.start if period else None)
    if on is None:
        raise Refused("item.servicedDate", "missing_field", "no day of the fill is given")
    return on


def _days_supply(eob: fhir.ExplanationOfBenefit) -> int:
    for info in eob.supporting_info:
        named = info.category.has("dayssupply") or info.category.has("days_suply_num")
        if named and info.value_quantity is not None and info.value_quantity.value is not None:
            days = info.value_quantity.value
            if days != int(days) or not 0 <= days <= _LONGEST_SUPPLY:
                raise Refused("supportingInfo[dayssupply]", "invalid_number", "days supply is not 0 to 999 whole days")
            return int(days)
    raise Refused("supportingInfo[dayssupply]", "missing_field", "no days supply is given")


def _quantity(item: fhir.Item) -> Decimal:
    given: list[Quantity | None] = [item.quantity, *(detail.quantity for detail in item.detail)]
    found = next((one.value for one in given if one is not None and one.value is not None), None)
    if found is None:
        raise Refused("item.quantity", "missing_field", "no quantity is given")
    return _bounded(found, "item.quantity")


def _cost(item: fhir.Item) -> Decimal:
    for name in _COSTS:
        for one in item.adjudication:
            if one.category.has(name) and one.amount.value is not None:
                return _bounded(one.amount.value, "item.adjudication")
    raise Refused("item.adjudication", "missing_field", "no total drug cost is given")


def _bounded(value: Decimal, element: str) -> Decimal:
    if not 0 <= value <= _MOST or value != round(value, 4):
        raise Refused(element, "invalid_number", "the number is negative, too large or too fine")
    return value


def _status(eob: fhir.ExplanationOfBenefit) -> str:
    said = _said(eob, "drug_cvrg_stus_cd", "clm_drug_cvrg_stus_cd").upper()
    if said and said not in ("C", "E", "O"):
        raise Refused("supportingInfo[drug_cvrg_stus_cd]", "invalid_value", "the coverage status is not C, E or O")
    return said or "C"


def _said(eob: fhir.ExplanationOfBenefit, *names: str) -> str:
    """The code of a supporting fact of CMS, named by its category."""
    for info in eob.supporting_info:
        if any(info.category.has(name) or info.category.has(f"clm_{name}") for name in names):
            return next((coding.code for coding in info.code.coding if coding.code), "")
    return ""


def _prescriber(eob: fhir.ExplanationOfBenefit) -> str | None:
    return next((_npi(one.provider) for one in eob.care_team if one.role.has("prescribing")), None)


def _npi(reference: Reference) -> str | None:
    known = reference.identifier
    if known is None or not known.value:
        return None
    return known.value[:32] if known.system == NPI or known.type.has("npi") else None


def claim_item(line: int, eob: fhir.ExplanationOfBenefit) -> ClaimItem:
    """A medical claim: every ICD-10-CM diagnosis on it, as of its last day."""
    member_id, claim_id = member_of(eob.patient, "patient"), _claim_id(eob)
    setting = _setting(eob.type)
    if eob.status in _UNDONE:
        return ClaimItem(line, member_id, claim_id, setting, date.min, deletes=True)
    period = eob.billable_period
    through = (period.end or period.start) if period else None
    if period is None or through is None:
        raise Refused("billablePeriod", "missing_field", "no billable period is given")
    usable: list[str] = []
    rejects: list[Reject] = []
    told = [diagnosis.concept for diagnosis in eob.diagnosis if diagnosis.concept.coding]
    for place, concept in enumerate(told):
        code, fault = _icd10(concept)
        if fault:
            rejects.append(Reject(line, "field", f"diagnosis[{place}]", fault, "not an ICD-10-CM code"))
        else:
            usable.append(code)
    stay = (period.start, through) if setting in _STAYS and period.start else None
    codes: dict[str, Any] = {"codes": tuple(dict.fromkeys(usable)), "codes_in": len(told)}
    repeated = len(usable) - len(codes["codes"])
    codes["codes_in"] -= repeated
    return ClaimItem(line, member_id, claim_id, setting, through, **codes, stay=stay, rejects=tuple(rejects))


def _setting(kind: Concept) -> str:
    return next((setting for word, setting in _SETTINGS.items() if kind.has(word)), "other")


def _icd10(concept: Concept) -> tuple[str, str]:
    """The code, and why it cannot be used."""
    given = concept.code_of(*ICD10_SYSTEMS)
    if not given:
        return "", "no_icd10"
    try:
        return Icd10.parse(given).code, ""
    except InvalidCode as invalid:
        return "", invalid.code
