"""The packaged dictionary, written as an RxNorm release, read and built under itself, answers as before."""

import random

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.building.build import finish
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.report import BuildReport
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from mtm_shared.vocabulary.official.tally import ANY_SIZE

from benchmarks.official_files import add_invented, packaged_release
from benchmarks.official_sizes import write_release


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vocabulary, BuildReport]:
    """Built from a release of some thousand of its own products and a few invented drugs."""
    folder, curated = tmp_path_factory.mktemp("release"), load_vocabulary()
    maker = packaged_release(take=1_000)
    add_invented(maker, drugs=20, ndcs_each=3)
    write_release(folder, maker)
    draft = Draft(curated.tables)
    add_rxnorm(draft, read_rxnorm(folder, lambda *_: None, limits=ANY_SIZE))
    report = finish(draft, folder / "vocabulary.mtmv", version="test", before=curated.tables, stage=lambda _: None)
    return load_vocabulary(folder / "vocabulary.mtmv"), report


def test_curated_identifiers_mean_what_they_meant(
    vocabulary: Vocabulary, rebuilt: tuple[Vocabulary, BuildReport]
) -> None:
    chosen, built = random.Random(2026), rebuilt[0]
    products = chosen.sample(list(vocabulary.products.values()), 1_500)
    for product in products:
        assert built.understand(rxcui=product.rxcui) == vocabulary.understand(rxcui=product.rxcui)
        assert built.understand(name=product.name) == vocabulary.understand(name=product.name)
    for ndc in chosen.sample(sorted(vocabulary.tables.drugs.ndcs), 1_500):
        assert built.understand(ndc=ndc) == vocabulary.understand(ndc=ndc)
    for ingredient in vocabulary.ingredients.values():
        assert built.understand(name=ingredient.name) == vocabulary.understand(name=ingredient.name)


def test_nothing_curated_is_disputed_or_gone(rebuilt: tuple[Vocabulary, BuildReport]) -> None:
    report = rebuilt[1]

    assert [conflict for conflict in report.conflicts if conflict.about != "ndc"] == []
    assert all(not one.gone and not one.changed for one in report.differences.values())
    assert report.counts["products_confirmed"] > 1_000


def test_invented_drugs_come_in(rebuilt: tuple[Vocabulary, BuildReport]) -> None:
    built, report = rebuilt
    added = [change.key for change in report.differences["ingredients"].added]

    # The inert tablet of packs is one more.
    assert len(added) == report.counts["ingredients_added"] == 21
    for rxcui in added:
        found = built.understand(name=built.ingredients[rxcui].name)
        assert isinstance(found, Drug)
        assert found.key == rxcui
