"""The packaged products, taken apart into RxNorm's tables and read back, are the same products."""

from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.official.forms import route_of
from mtm_shared.vocabulary.official.records import RxNormContent
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from official_samples import SMALL, quiet

from benchmarks.official_files import ReleaseMaker, add_invented, packaged_release
from benchmarks.official_sizes import write_release


@pytest.fixture(scope="module")
def maker() -> ReleaseMaker:
    """The packaged dictionary taken apart, with some invented drugs."""
    maker = packaged_release()
    add_invented(maker, drugs=50, ndcs_each=2)
    return maker


@pytest.fixture(scope="module")
def folder(maker: ReleaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release with neighbours about its rows."""
    sizes = {"RXNCONSO": 6_000_000, "RXNREL": 12_000_000, "RXNSAT": 8_000_000}
    return write_release(tmp_path_factory.mktemp("release"), maker, sizes)


@pytest.fixture(scope="module")
def content(folder: Path) -> RxNormContent:
    """The release as read."""
    return read_rxnorm(folder, quiet, limits=SMALL)


def test_nearly_all_packaged_products_can_be_taken_apart(maker: ReleaseMaker) -> None:
    packaged = load_vocabulary().products
    assert len(maker.made) >= 0.97 * len(packaged)


def test_every_product_comes_back_as_it_was(maker: ReleaseMaker, content: RxNormContent) -> None:
    vocabulary = load_vocabulary()
    for rxcui in maker.made:
        ours, read = vocabulary.products[rxcui], content.products[rxcui]
        assert read._replace(route="") == ours._replace(route="")


def test_routes_come_back_but_for_those_that_only_the_ingredients_tell(
    maker: ReleaseMaker, content: RxNormContent
) -> None:
    vocabulary = load_vocabulary()
    different = [rxcui for rxcui in maker.made if content.products[rxcui].route != vocabulary.products[rxcui].route]
    assert {(content.products[one].route, vocabulary.products[one].route) for one in different} == {
        ("injection", "subcutaneous")
    }
    told = [rxcui for rxcui in different if _told_by_ingredients(vocabulary, rxcui) == "subcutaneous"]
    assert len(told) >= 0.9 * len(different)


def _told_by_ingredients(vocabulary: Vocabulary, rxcui: str) -> str:
    product = vocabulary.products[rxcui]
    return route_of(product.form, [vocabulary.ingredients[one].routes for one in product.ingredients])


def test_neighbours_are_set_aside_and_invented_drugs_read(content: RxNormContent) -> None:
    names, relations, attributes = content.files
    assert names.set_aside["other_source"] > 0
    assert names.set_aside["suppressed"] > 0
    assert relations.set_aside["other_relation"] > 0
    assert attributes.set_aside["other_attribute"] > 0
    assert sum(product.name.startswith("inventamol") for product in content.products.values()) == 150


def test_the_same_call_writes_the_same_bytes(folder: Path, content: RxNormContent, tmp_path: Path) -> None:
    again = packaged_release()
    add_invented(again, drugs=50, ndcs_each=2)
    write_release(tmp_path, again, {"RXNCONSO": 6_000_000})
    written, before = (place / "rrf" / "RXNCONSO.RRF" for place in (tmp_path, folder))
    assert written.read_bytes() == before.read_bytes()
    assert content.files[0].size_bytes == before.stat().st_size
