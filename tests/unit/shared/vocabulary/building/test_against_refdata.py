"""The build with real official files: the NDC Directory of 2019-04 and ICD-10-CM of April 2026."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.building import BuildReport, Sources, build
from mtm_shared.vocabulary.building.directory import Placing
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.indexes import names_of
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from support import refdata

pytestmark = pytest.mark.refdata


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """Built from the real files."""
    out = tmp_path_factory.mktemp("real") / "vocabulary.mtmv"
    sources = Sources(
        ndc=refdata() / "fda_ndc_20190429", icd10=(refdata() / "icd10cm_2026/icd10cm-tabular-April-1-2026.xml.gz",)
    )
    return out, build(sources, out)


def codes() -> Iterator[str]:
    """Every code of the April 2026 list."""
    text = gzip.decompress((refdata() / "icd10cm_2026/icd10cm_all_codes.tsv.gz").read_bytes()).decode()
    yield from (row["code"].replace(".", "") for row in csv.DictReader(text.splitlines(), delimiter="\t"))


def test_every_row_is_accounted_for(real: tuple[Path, BuildReport]) -> None:
    for file in real[1].files:
        assert file.rows == file.used + sum(file.set_aside.values()) + sum(file.rejected.values())
        assert sum(file.rejected.values()) <= file.rows // 10_000


def test_packages_are_placed_or_listed(real: tuple[Path, BuildReport]) -> None:
    report = real[1]
    placed = sum(count for name, count in report.counts.items() if name.startswith("directory_"))

    assert placed + len(report.not_placed) == next(file.used for file in report.files if file.kind == "NDC package")
    assert report.holds["NDCs"] > 130_000


def test_curated_condition_codes_exist(real: tuple[Path, BuildReport]) -> None:
    assert [conflict for conflict in real[1].conflicts if conflict.about == "condition_code"] == []


def test_every_listed_code_is_known(real: tuple[Path, BuildReport]) -> None:
    vocabulary = load_vocabulary(real[0])

    unknown = [code for code in codes() if not vocabulary.icd10_listed(code) or vocabulary.icd10_problem(code)]
    assert unknown == []
    assert vocabulary.icd10_listed("E11.2ZZ") is False
    assert vocabulary.icd10_listed("W19.XXXA")


def test_built_file_knows_what_the_packaged_one_knows(real: tuple[Path, BuildReport], vocabulary: Vocabulary) -> None:
    built = load_vocabulary(real[0])
    ndcs = list(vocabulary.tables.drugs.ndcs)[::7]

    assert all(built.understand(ndc=ndc) == vocabulary.understand(ndc=ndc) for ndc in ndcs)


def test_placing_agrees_with_rxnorm(vocabulary: Vocabulary) -> None:
    """Packages whose product RxNorm states, placed as if it did not: the drug is the same but for a handful."""
    draft = Draft(vocabulary.tables)
    known = dict(draft.ndcs)
    draft.ndcs.clear()
    drugs = vocabulary.tables.drugs
    placing = Placing(draft, names_of(drugs, drugs, {}))
    packages = read_ndc_directory(refdata() / "fda_ndc_20190429", lambda *_: None).packages
    agreement: Counter[tuple[str, bool]] = Counter()
    for ndc, product in known.items():
        found, how = placing.place(packages[ndc]) if ndc in packages else ("", "")
        if found:
            parts = drugs.products[found].ingredients if found in drugs.products else (found,)
            agreement[how, parts == drugs.products[product].ingredients] += 1

    assert agreement["strength", True] > 4_000
    assert agreement["strength", False] == 0
    # Labels that leave a substance out (the calamine of a lotion, the protamine part of an insulin) or name another
    # (morphine for opium tincture).
    assert agreement["ingredient", False] + agreement["combination", False] <= 12
