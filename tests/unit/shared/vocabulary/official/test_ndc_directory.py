"""What the FDA NDC Directory is read into."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from mtm_shared.vocabulary.official.ndc_codes import LongNdc, classes_of, ndc11
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from mtm_shared.vocabulary.official.records import NdcDirectory, OfficialFileError
from official_samples import SMALL, TOLERANT, a_directory, quiet, write


@pytest.fixture
def directory(tmp_path: Path) -> NdcDirectory:
    """The small directory as read."""
    return read_ndc_directory(write(tmp_path, a_directory()), quiet, limits=SMALL)


@pytest.mark.parametrize(
    ("code", "digits"),
    [("0071-0157-23", "00071015723"), ("50111-467-01", "50111046701"), ("60000-0123-4", "60000012304")],
)
def test_each_shape_of_ten_digits_is_padded_in_its_short_segment(code: str, digits: str) -> None:
    assert ndc11(code) == digits


@pytest.mark.parametrize("code", ["100000-0123-04", "100000-123-04"])
def test_a_labeler_of_six_digits_is_no_eleven_digit_ndc(code: str) -> None:
    with pytest.raises(LongNdc, match="11-digit claims have no place"):
        ndc11(code)


@pytest.mark.parametrize("code", ["0071015723", "00071015723", "071-0157-23", "0071-0157-231", ""])
def test_other_shapes_are_no_ndc(code: str) -> None:
    with pytest.raises(ValueError):
        ndc11(code)


def test_class_names_with_commas_stay_whole() -> None:
    listed = "Cyclooxygenase Inhibitors [MoA],Anti-Inflammatory Agents, Non-Steroidal [CS],Prostaglandins E, Syn"
    assert classes_of(listed) == ("Cyclooxygenase Inhibitors [MoA]", "Anti-Inflammatory Agents, Non-Steroidal [CS]")


def test_a_package_knows_its_product(directory: NdcDirectory) -> None:
    zolpidem = directory.packages["50111046701"]
    assert (zolpidem.proprietary_name, zolpidem.schedule, zolpidem.strengths) == ("Zolpidem ER", "CIV", ("10 mg/1",))
    assert (zolpidem.start, zolpidem.end) == (date(2007, 4, 23), date(2028, 1, 1))


def test_several_substances_and_routes_are_kept_apart(directory: NdcDirectory) -> None:
    both = directory.packages["60000012304"]
    assert (both.substances, both.strengths, both.routes) == (
        ("ONE", "TWO"),
        ("1 mg/mL", "2 mg/mL"),
        ("ORAL", "TOPICAL"),
    )
    assert both.sample
    assert both.start == date(2010, 1, 1)


def test_the_zip_as_downloaded_reads_like_the_folder(directory: NdcDirectory, tmp_path: Path) -> None:
    archive = tmp_path / "ndctext.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, data in a_directory().items():
            zipped.writestr(name, data)
    assert read_ndc_directory(archive, quiet, limits=SMALL).packages == directory.packages


def test_names_in_windows_letters_and_in_utf8_are_read(tmp_path: Path) -> None:
    for encoding in ("cp1252", "utf-8"):
        files = a_directory()
        files["product.txt"] = files["product.txt"].replace(b"A Labeler", "Régime Labs".encode(encoding))
        read = read_ndc_directory(write(tmp_path / encoding, files), quiet, limits=SMALL)
        assert read.packages["00071015723"].labeler == "Régime Labs"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("product.txt", b"19961217\t\tNDA", b"19961317\t\tNDA", "month must be in 1..12"),
        ("product.txt", b"\tCIV\t", b"\tC4\t", "DEASCHEDULE 'C4' is not one of CI to CV"),
        ("product.txt", b"20280101", b"30310209", "3031-02-09 is not between 1900 and 2999"),
        ("package.txt", b"0071-0157-23\t", b"0072-0157-23\t", "PRODUCTNDC '0071-0157' and PRODUCTID"),
    ],
)
def test_a_malformed_row_is_refused_with_its_value(
    tmp_path: Path, file: str, old: bytes, new: bytes, message: str
) -> None:
    files = a_directory()
    files[file] = files[file].replace(old, new)
    with pytest.raises(OfficialFileError, match=message) as refused:
        read_ndc_directory(write(tmp_path, files), quiet, limits=SMALL)
    assert (refused.value.code, refused.value.file) == ("bad_value", file)
    assert refused.value.line is not None


def test_one_malformed_row_in_a_large_file_is_counted_and_shown(tmp_path: Path) -> None:
    files = a_directory()
    files["product.txt"] = files["product.txt"].replace(b"\tCIV\t", b"\tC4\t")
    read = read_ndc_directory(write(tmp_path, files), quiet, limits=TOLERANT)
    assert read.files[0].rejected == {"bad_value": 1}
    assert read.files[0].examples[0].startswith("line 3: DEASCHEDULE 'C4'")
    assert read.files[1].set_aside == {"unknown_product": 1}


def test_an_ndc_listed_for_two_different_products_belongs_to_neither(tmp_path: Path) -> None:
    files = a_directory()
    product, package = (files[name].split(b"\r\n")[1] for name in ("product.txt", "package.txt"))
    files["product.txt"] += product.replace(b"_a1", b"_z9").replace(b"A Labeler", b"Z Labeler") + b"\r\n"
    files["package.txt"] += package.replace(b"_a1", b"_z9") + b"\r\n"
    read = read_ndc_directory(write(tmp_path, files), quiet, limits=TOLERANT)
    assert "00071015723" not in read.packages
    assert read.files[1].set_aside == {"listed_twice": 2}


def test_a_coming_twelve_digit_code_is_set_aside_under_its_name(tmp_path: Path) -> None:
    files = a_directory()
    for name in files:
        files[name] = files[name].replace(b"0071-0157", b"100071-0157")
    read = read_ndc_directory(write(tmp_path, files), quiet, limits=SMALL)
    assert read.files[1].set_aside == {"ndc_too_long_for_claims": 1}


def test_a_package_described_under_another_code_is_set_aside(tmp_path: Path) -> None:
    files = a_directory()
    files["package.txt"] = files["package.txt"].replace(b"\t0071-0157-23\t", b"\t0071-0157-28\t")
    read = read_ndc_directory(write(tmp_path, files), quiet, limits=SMALL)
    assert read.files[1].set_aside == {"description_names_other_ndc": 1}
    assert "00071015728" not in read.packages
