"""The public synthetic claims, file by file: expected numbers are counted here from the raw files, independently."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from deciding import Service
from support import cases

pytestmark = pytest.mark.realcases
SETTINGS = ("carrier", "inpatient", "outpatient", "snf", "hha", "hospice")
MCT_MEMBERS = ("", "-update-1", "-update-3", "-update-4", "-update-6", "-update-7")
MCT_EVENTS = ("", "-update-2", "-update-3", "-update-4", "-update-5", "-update-6", "-update-6")


def rows(path: Path, separator: str = "|") -> Iterator[dict[str, str]]:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    for line in lines:
        yield dict(zip(header.split(separator), line.split(separator), strict=False))


def codes(row: dict[str, str]) -> set[str]:
    """Every diagnosis of a row but the admitting one."""
    return {
        text.strip()
        for name, text in row.items()
        if "DGNS" in name and "_CD" in name and "VRSN" not in name and not name.startswith("ADMT") and text.strip()
    }


def filled(row: dict[str, str]) -> int:
    return sum(
        bool(text.strip())
        for name, text in row.items()
        if "DGNS" in name and "_CD" in name and "VRSN" not in name and not name.startswith("ADMT")
    )


async def bring(service: Service, file_format: str, path: Path) -> dict[str, Any]:
    status = await service.bring(file_format, path.read_bytes())
    assert status["state"] == "done", (path.name, status["failure"])
    counts: dict[str, Any] = status["counts"]
    assert counts["rows_in"] == sum(counts[name] for name in ("accepted", "replaced", "deleted", "rejected"))
    return counts


async def members_of(service: Service) -> list[str]:
    page = await service.ok("GET", "/v1/members?limit=500")
    return [member["member_id"] for member in page["items"]]


async def profiles(service: Service, as_of: str) -> dict[str, dict[str, Any]]:
    return {
        member: await service.ok("GET", f"/v1/members/{member}/profile?as_of={as_of}")
        for member in await members_of(service)
    }


async def bring_synthea_members(service: Service) -> None:
    for year in range(2011, 2022):
        await bring(service, "rif-beneficiary", cases() / "rif-synthea" / f"beneficiary_{year}.csv")


async def test_every_drug_event_and_diagnosis_of_the_synthetic_files_is_there(service: Service) -> None:
    folder = cases() / "rif-synthea"
    await bring_synthea_members(service)
    events = list(rows(folder / "pde.csv"))
    counts = await bring(service, "rif-pde", folder / "pde.csv")
    assert (len(events), counts["accepted"], counts["rejected"]) == (984, 984, 0)
    expected: set[tuple[str, str, str, str]] = set()
    for setting in SETTINGS:
        claims = list(rows(folder / f"{setting}.csv"))
        counts = await bring(service, f"rif-{setting}", folder / f"{setting}.csv")
        assert counts["accepted"] == len(claims)
        assert counts["claims"]["used"] == len({row["CLM_ID"] for row in claims})
        diagnoses = {(row["BENE_ID"], row["CLM_ID"], setting, code) for row in claims for code in codes(row)}
        assert (counts["diagnoses"]["items_in"], counts["diagnoses"]["used"]) == (
            sum(map(filled, claims)), len(diagnoses),
        )  # fmt: skip
        expected |= diagnoses
    stored = await profiles(service, "2030-01-01")
    assert {
        (member, each["claim_id"], each["setting"], each["icd10"].replace(".", ""))
        for member, profile in stored.items()
        for each in profile["diagnoses"]
    } == expected
    costs = {(row["BENE_ID"], row["PDE_ID"]): float(row["TOT_RX_CST_AMT"]) for row in events}
    assert {
        (member, each["claim_id"]): float(each["total_cost"])
        for member, profile in stored.items()
        for each in profile["fills"]
    } == costs


async def test_everyone_with_fills_is_determined_in_the_claims_year_and_as_a_what_if(quick: Service) -> None:
    folder = cases() / "rif-synthea"
    await bring_synthea_members(quick)
    await bring(quick, "rif-pde", folder / "pde.csv")
    for setting in SETTINGS:
        await bring(quick, f"rif-{setting}", folder / f"{setting}.csv")
    with_fills = {row["BENE_ID"] for row in rows(folder / "pde.csv")}
    assert len(with_fills) == 18
    for program_id, as_of, what_if in (("aetna-2021", "2021-05-31", False), ("cms-2026", "2020-12-31", True)):
        for member in with_fills:
            ask = {"program_id": program_id, "as_of": as_of}
            answer = await quick.ok("POST", f"/v1/members/{member}/determinations", ask)
            assert answer["outcome"] in {"eligible", "not_eligible", "cannot_tell"}
            assert all(criterion["because"] for criterion in answer["criteria"])
            assert ("program_year_differs" in {each["code"] for each in answer["notices"]}) is what_if


async def test_coverage_of_several_years_joins(service: Service) -> None:
    await bring_synthea_members(service)
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
    expected: Counter[tuple[str, str]] = Counter()
    for year in range(2011, 2022):
        for row in rows(cases() / "rif-synthea" / f"beneficiary_{year}.csv"):
            for month in months:
                if row[f"PTD_CNTRCT_{month}_ID"]:
                    expected[row["BENE_ID"], row[f"PTD_CNTRCT_{month}_ID"]] += 1
    found: Counter[tuple[str, str]] = Counter()
    for member in await members_of(service):
        spans = (await service.ok("GET", f"/v1/members/{member}"))["coverage"]
        for span in spans:
            (first_year, first_month), (last_year, last_month) = (
                tuple(map(int, span[end].split("-")[:2])) for end in ("effective_from", "effective_to")
            )
            found[member, span["contract_id"]] += (last_year - first_year) * 12 + last_month - first_month + 1
        days = [(span["effective_from"], span["effective_to"]) for span in spans]
        assert all(before[1] < after[0] for before, after in pairwise(days)), "no day twice"
    assert found == expected


async def test_inserts_and_updates_net_to_the_last_word_on_every_event(service: Service) -> None:
    folder = cases() / "rif-static"
    for part in MCT_MEMBERS:
        await bring(service, "rif-beneficiary", folder / f"sample-mct{part}-beneficiaries.txt")
    last: dict[str, dict[str, str]] = {}
    replaced = 0
    for place, part in enumerate(MCT_EVENTS):
        path = folder / f"sample-mct{part}-pde{'-new-benes' if place == 5 else ''}.txt"
        counts = await bring(service, "rif-pde", path)
        events = list(rows(path))
        known = sum(row["PDE_ID"] in last for row in events)
        assert (counts["accepted"], counts["replaced"], counts["rejected"]) == (len(events) - known, known, 0)
        replaced += known
        last |= {row["PDE_ID"]: row for row in events}
    assert (len(last), replaced) == (124, 34)
    stored = await profiles(service, "2030-01-01")
    found = {
        each["claim_id"]: (member, each["ndc"], each["fill_date"][:4], float(each["total_cost"]))
        for member, profile in stored.items()
        for each in profile["fills"]
    }
    assert found == {
        key: (row["BENE_ID"], row["PROD_SRVC_ID"], row["SRVC_DT"][-4:], float(row["TOT_RX_CST_AMT"]))
        for key, row in last.items()
    }


async def test_rows_of_the_oldest_layout_are_read(quick: Service) -> None:
    folder = cases() / "rif-static"
    await bring(quick, "rif-beneficiary", folder / "sample-a-beneficiaries.txt")
    for file_format, name in (("pde", "pde"), ("carrier", "bcarrier"), ("inpatient", "inpatient"), ("snf", "snf")):
        counts = await bring(quick, f"rif-{file_format}", folder / f"sample-a-{name}.txt")
        assert counts["accepted"] == 1, name
    assert counts["diagnoses"]["rejected_by_code"] == {"icd9_not_supported": 6}


async def test_the_public_use_file_comes_back_with_codes(service: Service) -> None:
    folder = cases() / "desynpuf-10"
    for year in (2008, 2009, 2010):
        path = folder / f"DE1_0_{year}_Beneficiary_Summary_File_Sample_TestA.csv"
        await bring(service, "desynpuf-beneficiary", path)
    name = "DE1_0_2008_to_2010_Prescription_Drug_Events_Sample_TestA.csv"
    assert (await bring(service, "desynpuf-pde", folder / name))["accepted"] == 390
    for setting, name in (
        ("carrier", "Carrier_Claims_Sample_TestAA"),
        ("outpatient", "Outpatient_Claims_Sample_TestA"),
    ):
        path = folder / f"DE1_0_2008_to_2010_{name}.csv"
        counts = await bring(service, f"desynpuf-{setting}", path)
        dated = [row for row in rows(path, ",") if row["CLM_THRU_DT"]]
        assert counts["rejected_by_code"]["icd9_not_supported"] == len(dated)
        assert counts["rejected"] == counts["rows_in"] == sum(1 for _ in rows(path, ","))
    empty = folder / "DE1_0_2008_to_2010_Carrier_Claims_Sample_TestAB.csv"
    assert (await bring(service, "desynpuf-carrier", empty))["rows_in"] == 0
    inpatient = folder / "DE1_0_2008_to_2010_Inpatient_Claims_Sample_TestA.csv"
    counts = await bring(service, "desynpuf-inpatient", inpatient)
    assert (counts["accepted"], counts["diagnoses"]["used"]) == (5, 0), "stays are kept, ICD-9 codes come back"
    unknown = 0
    for member in await members_of(service):
        ask = {"program_id": "cms-2022", "as_of": "2008-12-31"}
        answer = await service.ok("POST", f"/v1/members/{member}/determinations", ask)
        unknown += sum(each["code"] == "unknown_ndc" for each in answer["not_checked"])
    assert unknown > 0
