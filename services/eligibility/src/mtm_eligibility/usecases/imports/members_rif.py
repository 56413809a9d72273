"""Beneficiary files: who the member is, and Part D coverage month by month for one reference year.

CCW research identifiable files (CMS Chronic Conditions Warehouse, Master Beneficiary Summary File): twelve columns
each of Part D contract and plan benefit package. The letter of the contract says the kind of plan: S and E are
stand-alone plans, H and R Medicare Advantage; where another letter stands, the month's HMO indicator decides (0 and 4
are fee for service; a blank one says that the file counts no HMO months). DE-SynPUF files name no contract at all:
their members have no coverage, and the row says so.
"""

from calendar import monthrange
from datetime import date, timedelta
from re import compile as pattern
from typing import Any

from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import MemberItem, Refused, Reject

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
_CONTRACT = pattern(r"[A-Z][0-9]{4}")
_PACKAGE = pattern(r"[0-9]{3}")
_ZIP = pattern(r"[0-9]{5}(-?[0-9]{4})?")
# Not enrolled in Medicare, not in Part D, unknown.
_NO_CONTRACT = frozenset({"", "0", "N", "X", "*"})
_KINDS = {"S": "PDP", "E": "PDP", "H": "MA-PD", "R": "MA-PD"}
_FEE_FOR_SERVICE = frozenset({"", "0", "4"})
_LOW_INCOME = {f"{code:02d}": code < 9 for code in range(1, 10)}
SEX = {"1": "male", "2": "female", "0": "unknown", "": "unknown"}
COMMANDS = {"INSERT": "INSERT", "UPDATE": "UPDATE", "DELETE": "DELETE"}

RIF_COLUMNS = (
    "DML_IND", "BENE_ID", "BENE_BIRTH_DT", "BENE_SEX_IDENT_CD", "RFRNC_YR",
    *(f"PTD_CNTRCT_{month}_ID" for month in _MONTHS), *(f"PTD_PBP_{month}_ID" for month in _MONTHS),
)  # fmt: skip
DESYNPUF_COLUMNS = ("DESYNPUF_ID", "BENE_BIRTH_DT", "BENE_DEATH_DT", "BENE_SEX_IDENT_CD")


def read_rif(line: int, fields: Fields) -> MemberItem:
    """A row of a beneficiary file."""
    member_id = fields.identifier("BENE_ID")
    if fields.choice("DML_IND", COMMANDS) == "DELETE":
        return MemberItem(line, {"member_id": member_id}, [], deletes=True)
    year = fields.whole("RFRNC_YR", 2199)
    if year < 1965:
        raise Refused("RFRNC_YR", "invalid_number", "RFRNC_YR is before there was Medicare")
    rejects: list[Reject] = []
    row: dict[str, Any] = {
        "member_id": member_id,
        "mbi": fields.short("MBI_NUM", 32),
        "first_name": fields.short("BENE_GVN_NAME"),
        "middle_initial": fields.short("BENE_MDL_NAME"),
        "last_name": fields.short("BENE_SRNM_NAME"),
        "birth_date": fields.day("BENE_BIRTH_DT"),
        "sex": fields.choice("BENE_SEX_IDENT_CD", SEX),
        "zip_code": _zip_code(line, fields, rejects),
        "death_date": fields.optional_day("DEATH_DT"),
    }
    spans = _spans(line, member_id, year, fields, rejects)
    return MemberItem(line, row, spans, date(year, 1, 1), date(year, 12, 31), rejects=tuple(rejects))


def read_desynpuf(line: int, fields: Fields) -> MemberItem:
    """A row of a DE-SynPUF beneficiary summary."""
    rejects: tuple[Reject, ...] = ()
    if fields.optional("PLAN_CVRG_MOS_NUM").strip("0"):
        message = "the file says how many months of Part D there were, but not under which contract"
        rejects = (Reject(line, "field", "PLAN_CVRG_MOS_NUM", "contract_not_given", message),)
    row = {
        "member_id": fields.identifier("DESYNPUF_ID"),
        "birth_date": fields.day("BENE_BIRTH_DT"),
        "sex": fields.choice("BENE_SEX_IDENT_CD", SEX),
        "death_date": fields.optional_day("BENE_DEATH_DT"),
    }
    return MemberItem(line, row, [], rejects=rejects)


def _zip_code(line: int, fields: Fields, rejects: list[Reject]) -> str | None:
    text = fields.optional("BENE_ZIP_CD")
    if text and not _ZIP.fullmatch(text):
        rejects.append(Reject(line, "field", "BENE_ZIP_CD", "invalid_zip_code", "not a ZIP code of 5 or 9 digits"))
        return None
    return text or None


def _spans(line: int, member_id: str, year: int, fields: Fields, rejects: list[Reject]) -> list[dict[str, Any]]:
    """The year's coverage; months of one plan in a row are one span, with the subsidy that was known last."""
    spans: list[dict[str, Any]] = []
    for number, month in enumerate(_MONTHS, 1):
        plan = _plan(line, number, month, fields, rejects)
        if plan is None:
            continue
        first, last = date(year, number, 1), date(year, number, monthrange(year, number)[1])
        before = spans[-1] if spans else None
        if (
            before
            and all(before[name] == plan[name] for name in ("contract_id", "pbp_id", "plan_type"))
            and (before["effective_to"] + timedelta(days=1) == first)
        ):
            before["effective_to"] = last
            if plan["low_income"] is not None:
                before["low_income"] = plan["low_income"]
        else:
            spans.append({"member_id": member_id, "effective_from": first, "effective_to": last, **plan})
    return spans


def _plan(line: int, number: int, month: str, fields: Fields, rejects: list[Reject]) -> dict[str, Any] | None:
    contract = fields.optional(f"PTD_CNTRCT_{month}_ID")
    if contract in _NO_CONTRACT:
        return None
    package = fields.optional(f"PTD_PBP_{month}_ID")
    for name, text, shape in (
        (f"PTD_CNTRCT_{month}_ID", contract, _CONTRACT),
        (f"PTD_PBP_{month}_ID", package, _PACKAGE),
    ):
        if not shape.fullmatch(text):
            rejects.append(Reject(line, "field", name, "invalid_plan", "not a contract or plan benefit package"))
            return None
    fee_for_service = fields.optional(f"HMO_{number}_IND") in _FEE_FOR_SERVICE
    return {
        "contract_id": contract,
        "pbp_id": package,
        "plan_type": _KINDS.get(contract[0], "PDP" if fee_for_service else "MA-PD"),
        "low_income": _LOW_INCOME.get(fields.optional(f"CST_SHR_GRP_{month}_CD")),
    }
