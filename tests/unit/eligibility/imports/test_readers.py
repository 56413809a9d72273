"""Rows of every table format: what each becomes, and with which code it is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from mtm_eligibility.usecases.imports.formats import TABLES, TableReader, WrongColumns
from mtm_eligibility.usecases.imports.items import ClaimItem, FillItem, MemberItem, Refused

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
PDE = {
    "DML_IND": "INSERT", "PDE_ID": "-9", "FINAL_ACTION": "F", "BENE_ID": "-1", "SRVC_DT": "01-APR-2019",
    "PROD_SRVC_ID": "00071015723", "QTY_DSPNSD_NUM": "30.000", "DAYS_SUPLY_NUM": "30", "DRUG_CVRG_STUS_CD": "C",
    "ADJSTMT_DLTN_CD": " ", "TOT_RX_CST_AMT": "12.34", "PTNT_RSDNC_CD": "01",
}  # fmt: skip
BENEFICIARY = {
    "DML_IND": "INSERT", "BENE_ID": "-1", "BENE_BIRTH_DT": "26-Apr-1951", "BENE_SEX_IDENT_CD": "2", "RFRNC_YR": "2019",
    **{f"PTD_CNTRCT_{month}_ID": "S4802" for month in MONTHS}, **{f"PTD_PBP_{month}_ID": "086" for month in MONTHS},
}  # fmt: skip
CLAIM = {
    "DML_IND": "INSERT", "BENE_ID": "-1", "CLM_ID": "-7", "FINAL_ACTION": "F", "CLM_FROM_DT": "10-Jul-2014",
    "CLM_THRU_DT": "12-Jul-2014", "ADMTG_DGNS_CD": "R079", "ADMTG_DGNS_VRSN_CD": "0", "PRNCPAL_DGNS_CD": "I10",
    "PRNCPAL_DGNS_VRSN_CD": "0", "ICD_DGNS_CD1": "I10", "ICD_DGNS_VRSN_CD1": "0", "ICD_DGNS_CD2": "4019",
    "ICD_DGNS_VRSN_CD2": "9", "ICD_DGNS_E_CD1": "Y92", "ICD_DGNS_E_VRSN_CD1": "", "LINE_ICD_DGNS_CD": "E1165",
    "LINE_ICD_DGNS_VRSN_CD": "0",
}  # fmt: skip


def read(file_format: str, row: dict[str, str], separator: str = "|", end: str = "") -> Any:
    reader = TableReader(TABLES[file_format], separator.join(row))
    return reader(2, separator.join(row.values()) + end)


def code_of(file_format: str, row: dict[str, str], **options: str) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read(file_format, row, **options)
    return refused.value.code, refused.value.field


def spans(**columns: str) -> list[tuple[str, str, date, date]]:
    item: MemberItem = read("rif-beneficiary", BENEFICIARY | columns)
    return [
        (span["contract_id"], span["plan_type"], span["effective_from"], span["effective_to"]) for span in item.spans
    ]


def test_a_drug_event_is_a_final_fill() -> None:
    item: FillItem = read("rif-pde", PDE)
    assert item.final
    assert (item.row["ndc"], item.row["fill_date"], item.row["total_cost"]) == (
        "00071015723", date(2019, 4, 1), Decimal("12.34"),
    )  # fmt: skip
    assert (item.row["adjustment"], item.row["days_supply"]) == ("", 30)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("DML_IND", "UPSERT", "invalid_code"),
        ("FINAL_ACTION", "N", "not_final_action"),
        ("BENE_ID", "", "missing_field"),
        ("BENE_ID", "a b", "invalid_identifier"),
        ("SRVC_DT", "32-APR-2019", "invalid_date"),
        ("PROD_SRVC_ID", "", "missing_field"),
        ("QTY_DSPNSD_NUM", "-1", "invalid_number"),
        ("DAYS_SUPLY_NUM", "1000", "invalid_number"),
        ("DRUG_CVRG_STUS_CD", "", "missing_field"),
        ("DRUG_CVRG_STUS_CD", "Q", "invalid_code"),
        ("ADJSTMT_DLTN_CD", "X", "invalid_code"),
        ("TOT_RX_CST_AMT", "12,34", "invalid_number"),
        ("PTNT_RSDNC_CD", "001", "too_long"),
    ],
)
def test_a_drug_event_that_cannot_be_used_says_which_field(column: str, value: str, code: str) -> None:
    assert code_of("rif-pde", PDE | {column: value}) == (code, column)


def test_a_deleted_event_needs_its_key_only() -> None:
    item: FillItem = read("rif-pde", dict.fromkeys(PDE, "") | {"DML_IND": "DELETE", "PDE_ID": "-9", "BENE_ID": "-1"})
    assert item.deletes


def test_one_separator_more_at_the_end_of_a_row_is_an_old_layout() -> None:
    assert read("rif-pde", PDE, end="|").row["claim_id"] == "-9"
    assert code_of("rif-pde", PDE, end="|x")[0] == "wrong_columns"
    assert code_of("rif-pde", PDE, end="||")[0] == "wrong_columns"


def test_a_file_of_another_format_names_the_columns_that_are_missing() -> None:
    with pytest.raises(WrongColumns, match="CLM_ID, CLM_FROM_DT"):
        TableReader(TABLES["rif-carrier"], "|".join(PDE))


def test_an_unknown_column_of_our_own_formats_is_refused_without_repeating_it() -> None:
    with pytest.raises(WrongColumns, match=r"^column \d+ is not known$"):
        TableReader(TABLES["csv-diagnoses"], "member_id,icd10,service_date,setting,Canary")


def test_a_year_in_one_plan_is_one_span() -> None:
    assert spans() == [("S4802", "PDP", date(2019, 1, 1), date(2019, 12, 31))]


def test_months_without_a_plan_and_changes_of_plan_make_spans() -> None:
    assert spans(PTD_CNTRCT_JAN_ID="N", PTD_CNTRCT_FEB_ID="0", PTD_CNTRCT_MAR_ID="", PTD_CNTRCT_DEC_ID="H0104") == [
        ("S4802", "PDP", date(2019, 4, 1), date(2019, 11, 30)),
        ("H0104", "MA-PD", date(2019, 12, 1), date(2019, 12, 31)),
    ]


@pytest.mark.parametrize(("indicator", "plan_type"), [("0", "PDP"), ("4", "PDP"), ("", "PDP"), ("C", "MA-PD")])
def test_the_month_tells_the_kind_of_plan_where_the_letter_does_not(indicator: str, plan_type: str) -> None:
    contracts = {f"PTD_CNTRCT_{month}_ID": "Z0003" for month in MONTHS}
    months = {f"HMO_{number}_IND": indicator for number in range(1, 13)}
    assert [span[1] for span in spans(**contracts, **months)] == [plan_type]


def test_a_plan_that_cannot_be_read_leaves_a_gap_and_says_so() -> None:
    item: MemberItem = read("rif-beneficiary", BENEFICIARY | {"PTD_PBP_JUN_ID": "8"})
    assert [reject.code for reject in item.rejects] == ["invalid_plan"]
    assert len(item.spans) == 2


def test_a_members_row_says_who_it_is() -> None:
    names = {"BENE_GVN_NAME": "Margarete", "BENE_SRNM_NAME": "Gibson", "DEATH_DT": "17-Mar-2019", "BENE_ZIP_CD": "123"}
    item: MemberItem = read("rif-beneficiary", BENEFICIARY | names)
    assert (item.row["first_name"], item.row["sex"], item.row["death_date"]) == (
        "Margarete", "female", date(2019, 3, 17),
    )  # fmt: skip
    assert (item.row["zip_code"], [reject.code for reject in item.rejects]) == (None, ["invalid_zip_code"])


def test_every_diagnosis_but_the_admitting_one_counts_and_icd9_comes_back() -> None:
    item: ClaimItem = read("rif-carrier", CLAIM)
    assert item.codes == ("I10", "I10", "Y92", "E1165")
    assert (item.codes_in, item.service_date, item.stay) == (5, date(2014, 7, 12), None)
    assert [(reject.field, reject.code) for reject in item.rejects] == [("ICD_DGNS_CD2", "icd9_not_supported")]


def test_facility_claims_give_stays() -> None:
    dates = {"CLM_ADMSN_DT": "09-Jul-2014", "NCH_BENE_DSCHRG_DT": ""}
    assert read("rif-inpatient", CLAIM | dates).stay == (date(2014, 7, 9), date(2014, 7, 12))
    assert read("rif-snf", CLAIM).stay == (date(2014, 7, 10), date(2014, 7, 12))
    late: ClaimItem = read("rif-hospice", CLAIM | {"CLM_HOSPC_START_DT_ID": "01-Aug-2014"})
    assert (late.stay, late.rejects[-1].code) == (None, "invalid_date")


def test_quotes_of_our_own_files_are_read_and_must_close() -> None:
    row = {
        "member_id": "M-1", "birth_date": "1950-02-03", "last_name": '"Smith, Jr."', "contract_id": "H1234",
        "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "20260101", "low_income": "true",
        "address.line1": "1 Elm St", "address.city": "Salem", "address.state": "OR", "address.zip_code": "97301",
    }  # fmt: skip
    item: MemberItem = read("csv-members", row, separator=",")
    assert (item.row["last_name"], item.row["address"]["city"]) == ("Smith, Jr.", "Salem")
    assert (item.spans[0]["effective_from"], item.spans[0]["low_income"]) == (date(2026, 1, 1), True)
    assert code_of("csv-members", row | {"last_name": '"Smith'}, separator=",")[0] == "wrong_columns"
    assert code_of("csv-members", row | {"plan_type": "HMO"}, separator=",") == ("invalid_value", "plan_type")
    assert code_of("csv-members", row | {"contract_id": ""}, separator=",") == ("missing_field", "contract_id")
