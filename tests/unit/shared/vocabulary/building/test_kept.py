"""NDCs that leave the official files go on leading to their drug, as far as it is still known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mtm_shared.vocabulary.building.kept import keep_ndcs

from .conftest import Finish, clinical

if TYPE_CHECKING:
    from mtm_shared.vocabulary.building.draft import Draft
    from mtm_shared.vocabulary.model import Product
    from mtm_shared.vocabulary.tables import Tables

NDC = "00000000009"
OLD = clinical("900", "atorvastatin 5 MG Oral Tablet", "83367", "5 MG")
BOTH = clinical("901", "atorvastatin 5 MG / simvastatin 5 MG Oral Tablet", "36567+83367", "5 MG / 5 MG")


def month_before(draft: Draft, ndcs: dict[str, str], *products: Product) -> Tables:
    """The curated tables with these NDCs and products besides."""
    drugs = draft.curated.drugs
    return replace(
        draft.curated,
        drugs=replace(
            drugs,
            ndcs={**drugs.ndcs, **ndcs},
            products={**drugs.products, **{one.rxcui: one for one in products}},
        ),
    )


@pytest.mark.parametrize(
    ("led_to", "leads_to"),
    [
        ("617311", "617311"),  # the product is there still
        ("900", "83367"),  # it is gone, its ingredient is not
        ("901", None),  # a combination that no concept names
        ("902", "617311"),  # retired in favour of one
        ("903", None),  # split into two
    ],
)
def test_ndc_is_kept_as_far_as_its_drug_is_known(draft: Draft, led_to: str, leads_to: str | None) -> None:
    draft.retired |= {"902": ("617311",), "903": ("617311", "83367")}
    keep_ndcs(draft, month_before(draft, {NDC: led_to}, OLD, BOTH))

    assert draft.ndcs.get(NDC) == leads_to
    assert draft.counts["ndcs_kept" if leads_to else "ndcs_not_kept"] == 1


def test_combination_is_kept_by_its_concept(draft: Draft) -> None:
    draft.products["77"] = BOTH._replace(rxcui="77", tty="MIN", name="atorvastatin / simvastatin")
    keep_ndcs(draft, month_before(draft, {NDC: "901"}, BOTH))

    assert draft.ndcs[NDC] == "77"


def test_what_a_file_says_stands(draft: Draft) -> None:
    draft.ndcs[NDC] = "36567"
    keep_ndcs(draft, month_before(draft, {NDC: "617311"}))

    assert draft.ndcs[NDC] == "36567"
    assert draft.counts["ndcs_kept"] == 0


def test_the_build_before_is_part_of_the_name(draft: Draft, finished: Finish) -> None:
    keep_ndcs(draft, month_before(draft, {NDC: "617311"}))

    assert draft.kept_of == draft.curated.sha256
    assert len(finished(draft)[0].understand(ndc=NDC).ingredients) == 1  # type: ignore[union-attr]
