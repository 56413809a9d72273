"""The format of a file is told by its first lines."""

from pathlib import Path

import pytest
from mtm_eligibility.guessing import files_of, guess_format


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        ('{"member": {"member_id": "M-1"}}\n', "ndjson"),
        ("DML_IND|PDE_ID|PROD_SRVC_ID\nINSERT|1|2\n", "rif-pde"),
        ("DML_IND|BENE_ID|NCH_CLM_TYPE_CD\nINSERT|1|71\n", "rif-carrier"),
        ("DML_IND|BENE_ID|NCH_CLM_TYPE_CD\nINSERT|1|20\n", "rif-snf"),
        ("DML_IND|BENE_ID|NCH_CLM_TYPE_CD\nINSERT|1|82\n", None),
        ("DML_IND|BENE_ID|NCH_CLM_TYPE_CD\n", None),
        ("DESYNPUF_ID,PDE_ID,SRVC_DT\n", "desynpuf-pde"),
        ("\ufeffmember_id,claim_id,fill_date,days_supply\n", "csv-fills"),
        ("<xml/>", None),
        ("", None),
    ],
)
def test_header_and_first_row_tell(tmp_path: Path, content: str, file_format: str | None) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    assert guess_format(path) == file_format


def test_members_come_before_their_claims(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("member_id,icd10,service_date,setting\n")
    (tmp_path / "b.csv").write_text("member_id,birth_date\n")
    (tmp_path / "c.xml").write_text("<manifest/>")
    assert [(path.name, file_format) for path, file_format in files_of(tmp_path, None)] == [
        ("b.csv", "csv-members"), ("a.csv", "csv-diagnoses"), ("c.xml", None),
    ]  # fmt: skip
