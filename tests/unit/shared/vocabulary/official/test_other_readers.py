"""What MED-RT, ICD-10-CM and NADAC are read into."""

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from mtm_shared.vocabulary.official.icd10cm import read_icd10cm
from mtm_shared.vocabulary.official.medrt import read_medrt
from mtm_shared.vocabulary.official.nadac import read_nadac
from mtm_shared.vocabulary.official.records import Assertion, Icd10Cm, OfficialFileError
from official_samples import MEDRT, NADAC, ORDER, SMALL, TABULAR, TOLERANT, a_codes_file, an_order_file, quiet


def _icd10(folder: Path, name: str, content: bytes) -> Icd10Cm:
    path = folder / name
    path.write_bytes(content)
    return read_icd10cm(path, quiet, limits=SMALL)


def test_an_order_file_says_of_every_code_whether_it_is_billable(tmp_path: Path) -> None:
    read = _icd10(tmp_path, "icd10cm_order_2027.txt", an_order_file())
    assert {code: found.billable for code, found in read.codes.items()} == {
        code: bool(valid) for code, valid, _ in ORDER
    }
    assert (read.edition, read.codes["E1122"].title) == ("2027", ORDER[3][2])


def test_a_codes_file_holds_the_billable_codes(tmp_path: Path) -> None:
    read = _icd10(tmp_path, "icd10cm_codes_2027.txt", a_codes_file())
    assert list(read.codes) == [code for code, valid, _ in ORDER if valid]


def test_seventh_characters_are_added_behind_filling_x_and_exceptions_obeyed(tmp_path: Path) -> None:
    read = _icd10(tmp_path, "icd10cm_tabular_2027.xml", TABULAR.encode())
    assert [code for code in read.codes if read.codes[code].billable] == [
        *("W19XXXA", "W19XXXD", "S061X6A", "S061X6S", "S061X7A", "I10"),
    ]
    assert read.codes["W19XXXA"].title == "Unspecified fall, initial encounter"
    assert not read.codes["W19"].billable
    assert read.edition == "2027"


def test_an_exception_that_is_not_understood_refuses_the_tabular_list(tmp_path: Path) -> None:
    changed = TABULAR.replace("codes in category S06 with 6th character 7", "most codes with 6th character 7")
    with pytest.raises(OfficialFileError, match="a note on S06 is not understood"):
        _icd10(tmp_path, "icd10cm_tabular_2027.xml", changed.encode())


def test_a_missing_line_of_an_order_file_shows_in_its_numbers(tmp_path: Path) -> None:
    lines = an_order_file().splitlines(keepends=True)
    with pytest.raises(OfficialFileError, match="order number 4 where 3 was expected") as refused:
        _icd10(tmp_path, "order.txt", b"".join(lines[:2] + lines[3:]))
    assert (refused.value.code, refused.value.line) == ("wrong_order", 3)


def test_a_header_code_marked_billable_is_refused(tmp_path: Path) -> None:
    changed = an_order_file().replace(b"00001 E11     0", b"00001 E11     1")
    with pytest.raises(OfficialFileError, match="code E11 does not fit the codes above and below it"):
        _icd10(tmp_path, "order.txt", changed)


def test_medrt_assertions_lead_from_the_drug_and_classes_to_it(tmp_path: Path) -> None:
    path = tmp_path / "Core_MEDRT.xml"
    path.write_text(MEDRT)
    read = read_medrt(path, quiet, limits=SMALL)
    assert read.edition == "2026.11.02"
    assert read.assertions == (
        Assertion("83367", "CI_with", "MeSH", "M0012644", "Liver Diseases", ""),
        Assertion("83367", "Parent Of", "MED-RT", "N0000175589", "HMG-CoA Reductase Inhibitor [EPC]", "EPC"),
        Assertion("83367", "may_treat", "MeSH", "M0010681", "Hypercholesterolemia", ""),
    )
    assert dict(read.files[0].set_aside) == {
        "alphabetical bin": 1,
        "concept": 2,
        "element namespace": 1,
        "not on RxNorm": 1,
        "relation has_news": 1,
    }


def test_a_medrt_association_the_wrong_way_round_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "Core_MEDRT.xml"
    path.write_text(MEDRT.replace("may_treat", "Parent Of"))
    with pytest.raises(OfficialFileError, match="Parent Of leads from RxNorm to MeSH") as refused:
        read_medrt(path, quiet, limits=SMALL)
    assert refused.value.code == "wrong_direction"


def test_medrt_refuses_a_document_type(tmp_path: Path) -> None:
    path = tmp_path / "Core_MEDRT.xml"
    path.write_text(MEDRT.replace("<terminology>", "<!DOCTYPE t [<!ENTITY a 'b'>]><terminology>"))
    with pytest.raises(OfficialFileError, match="declares a document type"):
        read_medrt(path, quiet, limits=SMALL)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("underscores", [False, True])
def test_the_latest_price_stands_under_either_spelling_of_the_header(
    tmp_path: Path, *, compress: bool, underscores: bool
) -> None:
    header, rest = NADAC.split("\n", 1)
    content = f"{header.replace(' ', '_') if underscores else header}\n{rest}".encode()
    path = tmp_path / "nadac.csv"
    path.write_bytes(gzip.compress(content) if compress else content)
    read = read_nadac(path, quiet, limits=SMALL)
    atorvastatin, spray = read.prices["00093505698"], read.prices["46122038576"]
    assert (atorvastatin.price, atorvastatin.effective) == (Decimal("0.04410"), date(2026, 10, 21))
    assert (spray.unit, spray.otc, spray.as_of) == ("ML", True, date(2026, 11, 18))
    assert read.files[0].set_aside == {"superseded": 1}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",00093111301,", ",93111301,", "a spreadsheet may have taken its leading zeros"),
        (",0.01210,10", ",1.2e-3,10", "NADAC Per Unit '1.2e-3' is not an amount"),
        (",EA,C/I,N,1,G,0", ",TAB,C/I,N,1,G,0", "Pricing Unit 'TAB'"),
        ('"1, 5"', '"1, 5', "unexpected end of data"),
        ("10/21/2026,EA,C/I,N,1,G,0", "21/10/2026,EA,C/I,N,1,G,0", "month must be in 1..12"),
    ],
)
def test_a_malformed_price_is_refused_with_its_value(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "nadac.csv"
    path.write_text(NADAC.replace(old, new))
    with pytest.raises(OfficialFileError, match=message):
        read_nadac(path, quiet, limits=SMALL)


def test_two_prices_for_one_day_leave_the_drug_without_a_price(tmp_path: Path) -> None:
    path = tmp_path / "nadac.csv"
    line = NADAC.splitlines()[4]
    path.write_text(NADAC + line.replace("0.01210,10", "0.02210,10", 1) + "\n")
    read = read_nadac(path, quiet, limits=TOLERANT)
    assert "00093111301" not in read.prices
