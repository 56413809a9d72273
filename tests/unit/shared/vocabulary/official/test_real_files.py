"""The readers on the real files at hand: read whole, with the counts that their notes of origin give."""

import gzip
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from mtm_shared.vocabulary.official.icd10cm import read_icd10cm
from mtm_shared.vocabulary.official.medrt import read_medrt
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from mtm_shared.vocabulary.official.records import Icd10Cm, NdcDirectory
from official_samples import SMALL, quiet
from support import refdata

pytestmark = pytest.mark.refdata


@pytest.fixture(scope="module")
def directory() -> NdcDirectory:
    """The FDA NDC Directory of 2019-04-29."""
    return read_ndc_directory(refdata() / "fda_ndc_20190429", quiet)


@pytest.fixture(scope="module")
def icd10() -> Icd10Cm:
    """The tabular list of FY2026, April update."""
    return read_icd10cm(refdata() / "icd10cm_2026" / "icd10cm-tabular-April-1-2026.xml.gz", quiet)


def test_the_directory_is_read_whole_and_every_row_accounted_for(directory: NdcDirectory) -> None:
    products, packages = directory.files
    assert (products.rows, products.used, dict(products.rejected)) == (128_241, 128_240, {"bad_value": 1})
    assert (packages.rows, packages.used, dict(packages.rejected)) == (243_960, 243_928, {})
    assert dict(packages.set_aside) == {
        "description_names_other_ndc": 2,
        "listed_twice": 20,
        "repeated": 9,
        "unknown_product": 1,
    }


def test_the_one_rejected_product_is_a_labelers_misprint(directory: NdcDirectory) -> None:
    assert directory.files[0].examples == ("line 42160: ENDMARKETINGDATE: 3031-02-09 is not between 1900 and 2999",)


def test_the_directory_is_not_pure_ascii_and_its_hard_spaces_become_spaces(directory: NdcDirectory) -> None:
    labelers = {package.labeler for package in directory.packages.values()}
    assert "Bio Ekuiliber LLC" in labelers
    assert not any("\u00a0" in labeler for labeler in labelers)


def test_zolpidems_schedule_is_a_matter_of_majority(directory: NdcDirectory) -> None:
    told = Counter(
        package.schedule for package in directory.packages.values() if package.substances == ("ZOLPIDEM TARTRATE",)
    )
    assert told.most_common(1)[0][0] == "CIV"
    assert 0 < told[""] < told["CIV"]


def test_class_names_with_commas_stay_whole_in_the_real_file(directory: NdcDirectory) -> None:
    names = {name for package in directory.packages.values() for name in package.classes}
    assert "Anti-Inflammatory Agents, Non-Steroidal [CS]" in names
    assert "Anti-Inflammatory Agents" not in names
    assert all(name.endswith("]") for name in names)


def _listed() -> Mapping[str, str]:
    """Every code of the list made from the same edition by another program, without its dot, and its description."""
    with gzip.open(refdata() / "icd10cm_2026" / "icd10cm_all_codes.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    return {row[0].replace(".", ""): row[1] for row in rows}


def test_seventh_characters_are_added_as_in_the_independent_list(icd10: Icd10Cm) -> None:
    assert icd10.edition == "2026"
    assert icd10.files[0].rows == 46_881
    assert icd10.codes.keys() == _listed().keys()


def test_titles_are_those_of_the_independent_list_but_for_notes_run_into_them(icd10: Icd10Cm) -> None:
    different = {
        code: (title, icd10.codes[code].title)
        for code, title in _listed().items()
        if title != icd10.codes[code].title and not title.startswith(f"{icd10.codes[code].title}/")
    }
    assert len(different) <= 1, different


def test_the_independent_list_of_codes_lacks_none_of_ours(icd10: Icd10Cm) -> None:
    listed = (refdata() / "icd10cm_2026" / "code-list-April-2026.txt").read_text(encoding="utf-8").split()
    assert icd10.codes.keys() <= set(listed)
    assert all("-" in code or code.isdecimal() for code in set(listed) - icd10.codes.keys())


def test_the_medrt_sample_is_read_whole() -> None:
    path: Path = refdata() / "medrt_sample_20260706" / "medrt_subset.xml"
    read = read_medrt(path, quiet, limits=SMALL)
    assert read.edition == "2026.07.06"
    counts = Counter(assertion.relation for assertion in read.assertions)
    assert (counts["CI_with"], counts["Parent Of"], len(read.assertions)) == (19, 5, 79)
    assert {one.target_kind for one in read.assertions if one.relation == "Parent Of"} == {"EPC"}
    assert {one.rxcui for one in read.assertions} == {"161", "17767", "5640", "272", "321988", "5095", "6628"}
