"""A draft over the two statins, hand-made official content, and the vocabulary that comes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.building.build import finish
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.report import BuildReport
from mtm_shared.vocabulary.dictionary import load_tables
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import NdcDirectory, Package, RxNormContent, RxNormIngredient

Finish = Callable[[Draft], tuple[Vocabulary, BuildReport]]


class Folder(Protocol):
    """A folder of tables, as the fixture `small` has it."""

    folder: Path


def clinical(rxcui: str, name: str, ingredients: str, strength: str, brand: str = "") -> Product:
    """An oral tablet."""
    tty = "SBD" if brand else "SCD"
    return Product(rxcui, tty, name, tuple(ingredients.split("+")), strength, "Oral Tablet", "oral", brand)


def rxnorm(
    ingredients: dict[str, str] | None = None,
    products: tuple[Product, ...] = (),
    ndcs: dict[str, str] | None = None,
    retired: dict[str, tuple[str, ...]] | None = None,
    synonyms: dict[str, tuple[str, ...]] | None = None,
) -> RxNormContent:
    """A release of these concepts."""
    return RxNormContent(
        ingredients={
            rxcui: RxNormIngredient(rxcui, name, (synonyms or {}).get(rxcui, ()), ())
            for rxcui, name in (ingredients or {}).items()
        },
        products={product.rxcui: product for product in products},
        synonyms={},
        members={},
        ndcs=ndcs or {},
        retired=retired or {},
        files=(),
    )


def package(ndc: str, substances: str, **changes: Any) -> Package:
    """A 40 mg prescription tablet, unless said otherwise."""
    plain = Package(
        ndc=ndc,
        product_ndc=f"{ndc[:5]}-{ndc[5:9]}",
        labeler="A Labeler",
        proprietary_name=substances,
        nonproprietary_name=substances,
        substances=tuple(substances.split("; ")) if substances else (),
        strengths=("40 mg/1",),
        form="TABLET, FILM COATED",
        routes=("ORAL",),
        product_type="HUMAN PRESCRIPTION DRUG",
        marketing_category="ANDA",
        schedule="",
        classes=(),
        start=None,
        end=None,
        sample=False,
        excluded="",
    )
    return plain._replace(**changes)


def directory(*packages: Package) -> NdcDirectory:
    """A directory of these packages."""
    return NdcDirectory({one.ndc: one for one in packages}, ())


@pytest.fixture
def draft(small: Folder) -> Draft:
    """The two statins, nothing added yet."""
    return Draft(load_tables(small.folder))


@pytest.fixture
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finish:
    """Builds a draft and opens the file."""

    def build(draft: Draft) -> tuple[Vocabulary, BuildReport]:
        out = tmp_path_factory.mktemp("built") / "vocabulary.mtmv"
        report = finish(draft, out, version="test", before=None, stage=lambda _: None)
        return load_vocabulary(out), report

    return build
