"""Files are told apart by what is in them; a file that cannot be imported is named with the reason, never dropped."""

from pathlib import Path

import pytest

from deploy.local.claims_folder import read_folder
from deploy.local.processes import DemoFailed

PDE = "DML_IND|PDE_ID|BENE_ID\nINSERT|1|-7\nINSERT|2|-7\nINSERT|3|-8\n"


def claim(kind: str) -> str:
    return f"DML_IND|BENE_ID|NCH_CLM_TYPE_CD\nINSERT|-7|{kind}\n"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PDE, "rif-pde"),
        ("DML_IND|BENE_ID|BENE_BIRTH_DT|RFRNC_YR\n", "rif-beneficiary"),
        (claim("10"), "rif-hha"),
        (claim("20"), "rif-snf"),
        (claim("40"), "rif-outpatient"),
        (claim("50"), "rif-hospice"),
        (claim("60"), "rif-inpatient"),
        (claim("71"), "rif-carrier"),
        ("DESYNPUF_ID,PDE_ID,SRVC_DT,PROD_SRVC_ID\nA,1,20080101,1\n", "desynpuf-pde"),
        ("DESYNPUF_ID,BENE_BIRTH_DT\n", "desynpuf-beneficiary"),
        ("DESYNPUF_ID,CLM_ID,SEGMENT,CLM_ADMSN_DT\n", "desynpuf-inpatient"),
        ("DESYNPUF_ID,CLM_ID,SEGMENT\n", "desynpuf-outpatient"),
        ("DESYNPUF_ID,CLM_ID,PRF_PHYSN_NPI_1\n", "desynpuf-carrier"),
    ],
)
def test_the_header_and_the_claim_type_say_what_a_file_is(tmp_path: Path, content: str, form: str) -> None:
    (tmp_path / "any-name.txt").write_text(content, encoding="utf-8")
    assert [file.format for file in read_folder(tmp_path).files] == [form]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("dme.csv", claim("82").encode(), "durable medical equipment"),
        ("empty.csv", b"", "neither a RIF nor a DE-SynPUF header"),
        ("notes.csv", b"a,b\n1,2\n", "neither a RIF nor a DE-SynPUF header"),
        ("scan.csv", b"\xff\xfe\x00\x81", "not a text table"),
        ("manifest.xml", b"<x/>", "not a table of claims"),
        ("history.csv", b"DML_IND|BENE_ID|BENE_BIRTH_DT\n", "no coverage"),
        ("none.csv", b"DML_IND|BENE_ID|NCH_CLM_TYPE_CD\n", "no claims in it"),
    ],
)
def test_what_cannot_be_imported_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / "pde.csv").write_text(PDE, encoding="utf-8")
    (tmp_path / name).write_bytes(content)
    (left_out,) = read_folder(tmp_path).skipped
    assert left_out[0] == name
    assert why in left_out[1]


def test_people_come_before_their_drugs_and_drugs_before_visits(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(claim("71"), encoding="utf-8")
    (tmp_path / "2.csv").write_text(PDE, encoding="utf-8")
    (tmp_path / "3.csv").write_text("DML_IND|BENE_ID|BENE_BIRTH_DT|RFRNC_YR\n", encoding="utf-8")
    assert [file.format for file in read_folder(tmp_path).files] == ["rif-beneficiary", "rif-pde", "rif-carrier"]


def test_everyone_with_a_drug_event_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "pde.csv").write_text(PDE, encoding="utf-8")
    assert read_folder(tmp_path).members_with_fills == ("-7", "-8")


def test_a_folder_without_claims_says_so(tmp_path: Path) -> None:
    with pytest.raises(DemoFailed, match="holds no file that an import reads"):
        read_folder(tmp_path)


def test_what_is_not_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(DemoFailed, match="is not a folder"):
        read_folder(tmp_path / "nowhere")
