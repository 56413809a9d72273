"""A file that is not what it seems is refused with the reason, whichever reader it is given to."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from mtm_shared.vocabulary.official.icd10cm import read_icd10cm
from mtm_shared.vocabulary.official.medrt import read_medrt
from mtm_shared.vocabulary.official.nadac import read_nadac
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from mtm_shared.vocabulary.official.records import OfficialFileError
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from official_samples import MEDRT, NADAC, SMALL, a_directory, a_release, an_order_file, quiet, write

Reader = Callable[[Path], object]


def _rxnorm(path: Path) -> object:
    return read_rxnorm(path, quiet, limits=SMALL)


def _directory(path: Path) -> object:
    return read_ndc_directory(path, quiet, limits=SMALL)


def _medrt(path: Path) -> object:
    return read_medrt(path / "Core_MEDRT.xml", quiet, limits=SMALL)


def _icd10(path: Path) -> object:
    return read_icd10cm(path / "icd10cm_order_2027.txt", quiet, limits=SMALL)


def _nadac(path: Path) -> object:
    return read_nadac(path / "nadac.csv", quiet, limits=SMALL)


_READERS: dict[str, tuple[Reader, dict[str, bytes]]] = {
    "RXNCONSO.RRF": (_rxnorm, a_release().files()),
    "RXNREL.RRF": (_rxnorm, a_release().files()),
    "RXNSAT.RRF": (_rxnorm, a_release().files()),
    "product.txt": (_directory, a_directory()),
    "package.txt": (_directory, a_directory()),
    "Core_MEDRT.xml": (_medrt, {"Core_MEDRT.xml": MEDRT.encode()}),
    "icd10cm_order_2027.txt": (_icd10, {"icd10cm_order_2027.txt": an_order_file()}),
    "nadac.csv": (_nadac, {"nadac.csv": NADAC.encode()}),
}
_EVERY = sorted(_READERS)
_COLUMNS = [name for name in _EVERY if not name.startswith(("Core", "icd10cm"))]


def _refused(folder: Path, name: str, spoil: Callable[[bytes], bytes]) -> OfficialFileError:
    reader, files = _READERS[name]
    write(folder, {**files, name: spoil(files[name])})
    with pytest.raises(OfficialFileError) as refused:
        reader(folder)
    assert refused.value.file == name
    assert name in str(refused.value)
    return refused.value


@pytest.mark.parametrize("name", _EVERY)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"<!DOCTYPE html><html><body>503</body></html>\n", "wrong_file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "wrong_file"),
        ("RXCUI|LAT\n".encode("utf-16"), "not_utf8"),
    ],
)
def test_what_is_no_official_file_at_all(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert _refused(tmp_path, name, lambda _: content).code == code


@pytest.mark.parametrize("name", _EVERY)
def test_a_file_cut_in_the_middle_of_a_line(tmp_path: Path, name: str) -> None:
    assert _refused(tmp_path, name, lambda content: content[:-7]).code == "truncated"


@pytest.mark.parametrize("name", _EVERY)
def test_a_gzip_cut_short(tmp_path: Path, name: str) -> None:
    assert _refused(tmp_path, name, lambda content: gzip.compress(content)[:-9]).code == "truncated"


@pytest.mark.parametrize("name", _COLUMNS)
def test_an_additional_column(tmp_path: Path, name: str) -> None:
    def more(content: bytes) -> bytes:
        mark = {"RRF": b"|", "txt": b"\tNEW", "csv": b",NEW"}[name[-3:]]
        end = b"\r\n" if b"\r\n" in content else b"\n"
        return content.replace(end, mark + end)

    assert _refused(tmp_path, name, more).code == "wrong_columns"


@pytest.mark.parametrize("name", ["RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"])
def test_a_table_under_the_name_of_another(tmp_path: Path, name: str) -> None:
    other = "RXNREL.RRF" if name != "RXNREL.RRF" else "RXNCONSO.RRF"
    refused = _refused(tmp_path, name, lambda _: a_release().files()[other])
    assert (refused.code, refused.line) == ("wrong_columns", 1)


@pytest.mark.parametrize("name", ["RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"])
def test_bytes_that_are_not_utf8_are_named_by_line(tmp_path: Path, name: str) -> None:
    def spoil(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[2] = lines[2].replace(b"RXNORM", b"RXN\xe9RM")
        return b"\n".join(lines)

    refused = _refused(tmp_path, name, spoil)
    assert (refused.code, refused.line) == ("not_utf8", 3)


@pytest.mark.parametrize("name", ["RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"])
def test_columns_in_another_order(tmp_path: Path, name: str) -> None:
    first, second = {"RXNCONSO.RRF": (11, 14), "RXNREL.RRF": (0, 4), "RXNSAT.RRF": (8, 10)}[name]

    def swap(content: bytes) -> bytes:
        rows = [line.split(b"|") for line in content.splitlines()]
        for row in rows:
            row[first], row[second] = row[second], row[first]
        return b"".join(b"|".join(row) + b"\n" for row in rows)

    assert _refused(tmp_path, name, swap).code in {"wrong_file", "wrong_direction", "bad_value"}


@pytest.mark.parametrize("name", ["product.txt", "package.txt", "nadac.csv"])
def test_a_header_in_another_order_names_the_column(tmp_path: Path, name: str) -> None:
    mark = b"," if name.endswith("csv") else b"\t"

    def swap(content: bytes) -> bytes:
        header, rest = content.split(b"\n", 1)
        columns = header.split(mark)
        columns[0], columns[1] = columns[1], columns[0]
        return mark.join(columns) + b"\n" + rest

    refused = _refused(tmp_path, name, swap)
    assert (refused.code, refused.line) == ("wrong_order", 1)
    assert "column 1 is" in str(refused)


@pytest.mark.parametrize("name", ["product.txt", "package.txt", "nadac.csv"])
def test_a_missing_column_is_named(tmp_path: Path, name: str) -> None:
    mark = b"," if name.endswith("csv") else b"\t"

    def drop(content: bytes) -> bytes:
        return b"".join(mark.join(line.split(mark)[1:]) for line in content.splitlines(keepends=True))

    refused = _refused(tmp_path, name, drop)
    assert refused.code == "wrong_columns"
    assert "missing: PRODUCTID" in str(refused) or "missing: NDC Description" in str(refused)


def test_a_file_too_small_to_be_real(tmp_path: Path) -> None:
    folder = write(tmp_path, a_directory())
    with pytest.raises(OfficialFileError, match="has 3 rows; a whole NDC product file has at least 50,000") as refused:
        read_ndc_directory(folder, quiet)
    assert refused.value.code == "too_few_rows"


def test_a_damaged_zip_names_the_file_in_it(tmp_path: Path) -> None:
    archive = tmp_path / "ndctext.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, data in a_directory().items():
            zipped.writestr(name, data)
    archive.write_bytes(archive.read_bytes().replace(b"Lipitor", b"Lipitur"))
    with pytest.raises(OfficialFileError, match=r"ndctext.zip/product.txt: .*CRC") as refused:
        read_ndc_directory(archive, quiet, limits=SMALL)
    assert refused.value.code == "damaged_archive"


def test_a_zip_cut_short(tmp_path: Path) -> None:
    archive = tmp_path / "ndctext.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("product.txt", a_directory()["product.txt"])
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(OfficialFileError, match="is not a whole zip archive"):
        read_ndc_directory(archive, quiet, limits=SMALL)


def test_a_folder_without_the_table_says_what_it_holds(tmp_path: Path) -> None:
    folder = write(tmp_path, {"Readme.txt": b"x"})
    with pytest.raises(OfficialFileError, match=r"does not hold RXNCONSO.RRF; it holds Readme.txt") as refused:
        read_rxnorm(folder, quiet, limits=SMALL)
    assert refused.value.code == "missing_file"


def test_two_files_that_could_be_the_table(tmp_path: Path) -> None:
    folder = write(tmp_path, a_release().files())
    write(tmp_path / "rrf", a_release().files())
    with pytest.raises(OfficialFileError, match=r"holds 2 files that could be RXNCONSO\.RRF"):
        read_rxnorm(folder, quiet, limits=SMALL)


def test_a_table_smaller_than_the_readme_says_was_cut_between_two_lines(tmp_path: Path) -> None:
    files = a_release().files()
    sizes = "".join(f"{name:<36}{len(content) * 1000:,}           bytes\n" for name, content in files.items())
    folder = write(tmp_path, {**files, "Readme_Full_Prescribe_11022026.txt": sizes.encode()})
    with pytest.raises(OfficialFileError, match="but the Readme of the release gives") as refused:
        read_rxnorm(folder, quiet, limits=SMALL)
    assert (refused.value.code, refused.value.file) == ("truncated", "RXNCONSO.RRF")


def test_packages_cut_between_two_lines_leave_products_bare(tmp_path: Path) -> None:
    files = a_directory()
    files["package.txt"] = b"".join(files["package.txt"].splitlines(keepends=True)[:-1])
    with pytest.raises(OfficialFileError, match="has no package for 1 of 3 products") as refused:
        read_ndc_directory(write(tmp_path, files), quiet, limits=SMALL)
    assert refused.value.code == "truncated"


def test_codes_cut_between_two_lines_lack_letters(tmp_path: Path) -> None:
    limits = SMALL._replace(minimum_rows={"ICD-10-CM order": 1})
    folder = write(tmp_path, {"icd10cm_order_2027.txt": an_order_file()})
    with pytest.raises(OfficialFileError, match="has no code that begins with A, B, C") as refused:
        read_icd10cm(folder, quiet, limits=limits)
    assert refused.value.code == "truncated"


def test_the_whole_release_is_preferred_to_the_subset_in_its_zip(tmp_path: Path) -> None:
    archive = tmp_path / "RxNorm_full_11022026.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, data in a_release().files().items():
            zipped.writestr(f"rrf/{name}", data)
            zipped.writestr(f"prescribe/rrf/{name}", b"the subset\n")
    read = read_rxnorm(archive, quiet, limits=SMALL)
    assert read.files[0].name == "RxNorm_full_11022026.zip/rrf/RXNCONSO.RRF"


def test_progress_ends_at_the_whole_file(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    files = a_release().files()
    read_rxnorm(write(tmp_path, files), lambda *call: calls.append(call), limits=SMALL)
    assert calls == [(name, len(content), len(content)) for name, content in files.items()]
