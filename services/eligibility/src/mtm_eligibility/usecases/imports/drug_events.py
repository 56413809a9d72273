"""Prescription drug event files: one row for each event, by its final action.

CCW Part D Event file: total cost is TOT_RX_CST_AMT, the sum of ingredient cost, dispensing fee, sales tax and vaccine
administration fee (42 CFR 423.100); only final actions are facts. NDCs are kept as they stand in the file: one that is
obsolete or malformed is not lost here but named by every determination. Not modelled: an update that moves an event to
another beneficiary leaves the event with the first one too; CCW sends a DELETE for it.
"""

from typing import Any

from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import FillItem, Refused
from mtm_eligibility.usecases.imports.members_rif import COMMANDS

_COVERAGE_STATUS = {"C": "C", "E": "E", "O": "O"}
_ADJUSTMENT = {"": "", "A": "A", "D": "D", "R": "R"}
_LONGEST_SUPPLY = 999

RIF_COLUMNS = (
    "DML_IND", "PDE_ID", "FINAL_ACTION", "BENE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM",
    "DRUG_CVRG_STUS_CD", "ADJSTMT_DLTN_CD", "TOT_RX_CST_AMT",
)  # fmt: skip
DESYNPUF_COLUMNS = (
    "DESYNPUF_ID", "PDE_ID", "SRVC_DT", "PROD_SRVC_ID", "QTY_DSPNSD_NUM", "DAYS_SUPLY_NUM", "TOT_RX_CST_AMT",
)  # fmt: skip


def check_final(fields: Fields) -> None:
    """Only the final action on a claim is a fact."""
    if fields.optional("FINAL_ACTION") != "F":
        raise Refused("FINAL_ACTION", "not_final_action", "only final actions (F) are taken")


def read_rif(line: int, fields: Fields) -> FillItem:
    """A row of a Part D event file."""
    key = {"member_id": fields.identifier("BENE_ID"), "claim_id": fields.identifier("PDE_ID")}
    if fields.choice("DML_IND", COMMANDS) == "DELETE":
        return FillItem(line, key, final=True, deletes=True)
    check_final(fields)
    row = {
        **key,
        **_event(fields),
        "adjustment": fields.choice("ADJSTMT_DLTN_CD", _ADJUSTMENT),
        "coverage_status": fields.choice("DRUG_CVRG_STUS_CD", _COVERAGE_STATUS),
        "prescriber_npi": fields.short("PRSCRBR_ID", 32),
        "pharmacy_npi": fields.short("SRVC_PRVDR_ID", 32),
        "patient_residence": fields.short("PTNT_RSDNC_CD", 2),
    }
    return FillItem(line, row, final=True)


def read_desynpuf(line: int, fields: Fields) -> FillItem:
    """A row of a DE-SynPUF drug event file, which knows covered original events only."""
    row = {
        "member_id": fields.identifier("DESYNPUF_ID"),
        "claim_id": fields.identifier("PDE_ID"),
        **_event(fields),
        "adjustment": "",
        "coverage_status": "C",
        "prescriber_npi": None,
        "pharmacy_npi": None,
        "patient_residence": None,
    }
    return FillItem(line, row, final=True)


def _event(fields: Fields) -> dict[str, Any]:
    quantity = fields.decimal("QTY_DSPNSD_NUM")
    if quantity < 0:
        raise Refused("QTY_DSPNSD_NUM", "invalid_number", "QTY_DSPNSD_NUM is negative")
    return {
        "ndc": fields.text("PROD_SRVC_ID", 32),
        "rxcui": None,
        "drug_name": None,
        "fill_date": fields.day("SRVC_DT"),
        "days_supply": fields.whole("DAYS_SUPLY_NUM", _LONGEST_SUPPLY),
        "quantity": quantity,
        "total_cost": fields.decimal("TOT_RX_CST_AMT"),
    }
