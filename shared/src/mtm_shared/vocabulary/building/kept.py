"""NDCs that have left the official files, kept from the build before: claims outlive the packages they name.

RxNorm and the NDC Directory list what is sold now, a determination reads the claims of a year and more. An NDC is kept
only while no file says anything of it, and only as far as what it led to is still in the dictionary: the same
concept, the one that stands for it now, or its ingredients.
"""

from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.lookups import IngredientSet
from mtm_shared.vocabulary.tables import Tables


def keep_ndcs(draft: Draft, before: Tables) -> None:
    """Put the NDCs of the build before into the draft that it lacks."""
    draft.kept_of = before.sha256
    combinations = {product.ingredients: rxcui for rxcui, product in draft.products.items() if product.tty == "MIN"}
    for ndc, rxcui in before.drugs.ndcs.items():
        if ndc in draft.ndcs:
            continue
        if now := _now(draft, before, rxcui, combinations):
            draft.ndcs[ndc] = now
            draft.counts["ndcs_kept"] += 1
        else:
            draft.counts["ndcs_not_kept"] += 1


def _now(draft: Draft, before: Tables, rxcui: str, combinations: dict[IngredientSet, str]) -> str:
    """The RxCUI that says today what this one said; "" when nothing surely does."""
    if rxcui in draft.products or rxcui in draft.ingredients:
        return rxcui
    leads_to = draft.retired.get(rxcui, ())
    if len(leads_to) == 1:
        return leads_to[0]
    product = before.drugs.products.get(rxcui)
    if product is None or leads_to:
        return ""
    if len(product.ingredients) == 1 and product.ingredients[0] in draft.ingredients:
        return product.ingredients[0]
    return combinations.get(product.ingredients, "")
