"""The reader on the real names, relations and NDCs of the RxNorm release of 2025-10-06.

Another project published them in a format of its own, without dose forms and without ingredients whose name begins
with A. Written back into RxNorm's tables, with dose forms put to them by their names, they show whether official names
really are made of components, form and brand, on which the reader relies.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.vocabulary.official.records import RxNormContent
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from official_samples import TOLERANT, SmallRelease, quiet, write
from support import refdata

pytestmark = pytest.mark.refdata

_OTHER_FORMS = ("Gas for Inhalation", "Intratracheal Suspension", "Intravesical Solution", "Kit", "Pack")
_RELATIONS = {
    ("SCDC", "constitutes"): "consists_of",
    ("IN", "ingredient_of"): "has_ingredient",
    ("PIN", "ingredient_of"): "has_precise_ingredient",
    ("SCD", "contained_in"): "contains",
}
_LACKING_A = re.compile(r"(?:^|/ |\(|HR |ML |ACTUAT )[aA]")


def _rows(name: str) -> Iterator[list[str]]:
    path = refdata() / "rxnorm_prescribe_20251006" / name
    content = path.read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    for line in text.splitlines()[1:]:
        yield line.split("\t")


@pytest.fixture(scope="module")
def concepts() -> dict[int, tuple[str, str]]:
    """Term type and name by RxCUI."""
    return {int(rxcui): (tty, name) for rxcui, tty, name in _rows("concepts.tsv")}


def _unbranded(name: str) -> str:
    return re.sub(r" \[[^\[\]]+\]$", "", name)


def _with_forms(release: SmallRelease, concepts: dict[int, tuple[str, str]]) -> None:
    known = {product.form for product in load_vocabulary().products.values() if product.form}
    forms = {form: 98_000_000 + index for index, form in enumerate(sorted(known | set(_OTHER_FORMS)))}
    for form, rxcui in forms.items():
        release.atom(rxcui, "DF", form)
    longest = sorted(forms, key=len, reverse=True)
    for rxcui, (tty, name) in concepts.items():
        found = next((form for form in longest if _unbranded(name).endswith(f" {form}")), None)
        if found and tty in ("SCD", "SBD", "GPCK", "BPCK"):
            release.relate(rxcui, "has_dose_form", forms[found])


@pytest.fixture(scope="module")
def content(concepts: dict[int, tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> RxNormContent:
    """The release written as RxNorm writes it, and read."""
    release = SmallRelease()
    for rxcui, (tty, name) in concepts.items():
        release.atom(rxcui, tty, name)
    _with_forms(release, concepts)
    for first, tty, rela, second, _ in _rows("relations.tsv"):
        ends = int(first), int(second)
        if not concepts.keys() >= set(ends):
            continue
        if rela in ("has_brand_name", "has_tradename"):
            release.relate(
                *((ends[0], "has_ingredient", ends[1]) if rela[4] == "b" else (ends[1], "tradename_of", ends[0]))
            )
        elif (tty, rela) in _RELATIONS:
            release.relate(ends[1], _RELATIONS[tty, rela], ends[0])
    for salt, _, ingredient, _ in _rows("pin_in_derived.tsv"):
        release.relate(int(salt), "form_of", int(ingredient))
    for ndc, rxcui_of_ndc, _ in _rows("ndc_rxcui.tsv.gz"):
        release.attribute(int(rxcui_of_ndc), "NDC", ndc)
    folder = tmp_path_factory.mktemp("release")
    return read_rxnorm(write(folder, release.files()), quiet, limits=TOLERANT)


def test_drugs_are_made_of_their_parts_but_for_those_that_lack_one_beginning_with_a(
    content: RxNormContent, concepts: dict[int, tuple[str, str]]
) -> None:
    lacking = [
        name
        for rxcui, (tty, name) in concepts.items()
        if tty in ("SCD", "SBD") and str(rxcui) not in content.products and not _LACKING_A.search(name)
    ]
    explained = ("vaccine, inactivated", "ziv-aflibercept", "inactivated-zhzo")
    unexplained = [name for name in lacking if not any(salt in name for salt in explained)]
    made = Counter(product.tty for product in content.products.values())
    assert made["SCD"] >= 10_700
    assert made["SBD"] >= 7_200
    assert made["SCDC"] >= 9_397
    assert len(unexplained) <= 40, unexplained


def test_no_row_of_the_release_is_malformed_or_one_sided(content: RxNormContent) -> None:
    assert [dict(file.rejected) for file in content.files] == [{}, {}, {}]
    assert content.files[2].rows == 221_960


def test_strengths_are_as_many_as_ingredients(content: RxNormContent) -> None:
    wrong = [
        product
        for product in content.products.values()
        if product.tty in ("SCD", "SBD", "SCDC") and len(product.strengths) != len(product.ingredients)
    ]
    assert wrong == []


def test_products_agree_with_the_curated_ones(content: RxNormContent) -> None:
    """The curated products were taken from the same release by other means."""
    different = [
        (ours, content.products[ours.rxcui])
        for ours in load_vocabulary().products.values()
        if ours.rxcui in content.products
        and (ours.ingredients, ours.strength, ours.form, ours.brand)
        != (
            content.products[ours.rxcui].ingredients,
            content.products[ours.rxcui].strength,
            content.products[ours.rxcui].form,
            content.products[ours.rxcui].brand,
        )
    ]
    assert different == []
