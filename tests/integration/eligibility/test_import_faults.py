"""Faults inside imported files: a file means what a request means, and blank space is not the end of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from deciding import COVERAGE, MEMBER, Service, fill, record
from mtm_eligibility.usecases.errors import UnusableUri
from mtm_eligibility.usecases.imports import lines
from mtm_eligibility.usecases.imports.requests import local_file

MEMBER_FILE = (
    b"member_id,birth_date,contract_id,pbp_id,plan_type,effective_from\nM-1,1950-02-03,H1234,001,MA-PD,2026-01-01\n"
)


async def faults(service: Service, status: dict[str, Any]) -> list[tuple[str, str, str]]:
    assert status["state"] == "done", status["failure"]
    found = (await service.ok("GET", f"/v1/imports/{status['import_id']}/rejects"))["items"]
    return [(each["scope"], each["field"], each["code"]) for each in found]


async def test_a_record_with_impossible_parts_is_stored_without_them(service: Service) -> None:
    diagnosis = {"icd10": "E11.9", "service_date": "1949-01-01", "setting": "carrier"}
    whole = record(
        fills=[fill("good"), fill("early", fill_date="1949-01-01")],
        diagnoses=[diagnosis],
        drug_management={
            "at_risk": True, "coverage_limitation": True, "effective_from": "2026-03-01", "effective_to": "2026-02-01",
        },
        stays=[
            {"kind": "inpatient", "from": "2026-03-05", "to": "2026-03-01"},
            {"kind": "snf", "from": "1949-01-01", "to": "1949-01-02"},
        ],
    )  # fmt: skip
    status = await service.bring("ndjson", json.dumps(whole).encode())
    assert await faults(service, status) == [
        ("field", "fills/1/fill_date", "before_birth"),
        ("field", "diagnoses/0/service_date", "before_birth"),
        ("field", "drug_management/effective_to", "ends_before_start"),
        ("field", "stays/0/to", "ends_before_start"),
        ("field", "stays/1/from", "before_birth"),
    ]
    profile = await service.ok("GET", "/v1/members/M-1/profile?as_of=2026-12-31")
    assert [each["claim_id"] for each in profile["fills"]] == ["good"]
    assert (profile["diagnoses"], profile["drug_management"], profile["stays"]) == ([], [], [])


async def test_a_row_older_than_its_member_is_rejected_as_a_request_would_be(quick: Service) -> None:
    await quick.bring("csv-members", MEMBER_FILE)
    fills = b"member_id,claim_id,drug_name,fill_date,days_supply,quantity,total_cost\n"
    status = await quick.bring("csv-fills", fills + b"M-1,C-1,metformin,1949-12-31,30,30,1.00\n")
    assert await faults(quick, status) == [("row", "fill_date", "before_birth")]
    codes = b"member_id,icd10,service_date,setting\nM-1,E11.9,1949-12-31,carrier\n"
    assert await faults(quick, await quick.bring("csv-diagnoses", codes)) == [("row", "service_date", "before_birth")]


async def test_blank_lines_without_end_do_not_end_the_file(quick: Service, monkeypatch: Any) -> None:
    monkeypatch.setattr(lines, "LARGEST_CHUNK", 1000)
    header, row = MEMBER_FILE.splitlines(keepends=True)
    status = await quick.bring("csv-members", header + b"\n" * 5000 + row)
    assert (status["counts"]["rows_in"], status["counts"]["accepted"]) == (1, 1)


async def test_claims_are_known_again_by_member_and_claim_together(service: Service) -> None:
    two = MEMBER_FILE + MEMBER_FILE.splitlines()[1].replace(b"M-1", b"M-2") + b"\n"
    await service.bring("csv-members", two)
    header = b"member_id,claim_id,drug_name,fill_date,days_supply,quantity,total_cost\n"
    rest = b",metformin,2026-02-01,30,30,1.00\n"
    await service.bring("csv-fills", header + b"M-1,C-1" + rest + b"M-2,C-2" + rest)
    crossed = await service.bring("csv-fills", header + b"M-1,C-2" + rest + b"M-2,C-1" + rest + b"M-2,C-2" + rest)
    assert (crossed["counts"]["accepted"], crossed["counts"]["replaced"]) == (2, 1)


async def test_a_stored_member_is_unchanged_by_a_bad_line(quick: Service) -> None:
    await quick.ok("PUT", "/v1/members/M-1", {"member": MEMBER, "coverage": COVERAGE})
    status = await quick.bring("ndjson", b'{"member": {"member_id": "M-1"}}\n')
    assert status["counts"]["rejected"] == 1
    assert (await quick.ok("GET", "/v1/members/M-1"))["member"]["last_name"] == "Canary"


async def test_a_separator_at_the_end_of_every_line_is_read(quick: Service) -> None:
    status = await quick.bring("csv-members", MEMBER_FILE.replace(b"\n", b",\r\n"))
    assert (status["state"], status["counts"]["accepted"]) == ("done", 1)


async def test_an_empty_file_of_records_fails_as_an_empty_table_does(quick: Service) -> None:
    status = await quick.bring("ndjson", b"")
    assert (status["state"], status["failure"]["code"]) == ("failed", "empty_file")


async def test_a_rule_over_several_fields_is_said_in_words(quick: Service) -> None:
    await quick.bring("csv-members", MEMBER_FILE)
    header = b"member_id,claim_id,ndc,fill_date,days_supply,quantity,total_cost\n"
    status = await quick.bring("csv-fills", header + b"M-1,C-1,,2026-02-01,30,30,1.00\nM-1,C-2,1,2026-02-01,30,30,\n")
    rejects = (await quick.ok("GET", f"/v1/imports/{status['import_id']}/rejects"))["items"]
    assert [each["message"] for each in rejects] == [
        "one of ndc, rxcui and drug_name is required",
        "give ingredient_cost with the other cost parts, or total_cost",
    ]


@pytest.mark.parametrize("place", ["link", "../secret", "inside/../../secret", "%2e%2e/secret"])
def test_no_address_leads_out_of_the_data_folder(tmp_path: Path, place: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "secret").write_text("x")
    (data / "link").symlink_to(tmp_path / "secret")
    (data / "file").write_text("x")
    with pytest.raises(UnusableUri, match="below the data folder"):
        local_file(f"file://{data}/{place}", data, anywhere=False)
    assert local_file(f"file://{data}/file", data, anywhere=False) == (data / "file").resolve()
