"""RxNorm under the curated dictionary: new ingredients and products come in, known ones are compared.

An ingredient that only RxNorm has comes in with its name and routes and nothing else: no class, no flag is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.own_ids import give_rxcuis
from mtm_shared.vocabulary.drugs import Names
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import RxNormContent
from mtm_shared.vocabulary.wording import fold

_NOT_FAMILY: Final = re.compile(r"[^a-z0-9]+")


def add_rxnorm(draft: Draft, content: RxNormContent) -> None:
    """Put the content into the draft."""
    draft.files.extend(content.files)
    give_rxcuis(draft, content)
    _add_ingredients(draft, content)
    _add_products(draft, content)
    _set_routes(draft, content)
    _add_ndcs(draft, content.ndcs)
    _add_retired(draft, content.retired)
    draft.product_synonyms.update(content.synonyms)


def _add_ingredients(draft: Draft, content: RxNormContent) -> None:
    curated = draft.curated.drugs
    edition = f"RxNorm {content.files[0].edition}".strip() if content.files else "RxNorm"
    by_name = {fold(ingredient.name): rxcui for rxcui, ingredient in curated.ingredients.items()}
    for rxcui, official in content.ingredients.items():
        ours = curated.ingredients.get(rxcui)
        draft.synonyms[rxcui] = official.synonyms
        if ours is not None:
            if ours.name.casefold() == official.name.casefold():
                draft.counts["ingredients_confirmed"] += 1
                draft.confirmed[rxcui] = edition
            else:
                draft.disagree("ingredient_name", rxcui, ours.name, official.name)
            continue
        if rxcui in curated.products:
            draft.disagree("product", rxcui, curated.products[rxcui].name, f"{official.name} (ingredient)")
            continue
        other = by_name.get(fold(official.name))
        if other is not None:
            draft.disagree("ingredient_rxcui", other, official.name, rxcui)
        family = _NOT_FAMILY.sub("_", official.name.casefold()).strip("_") or f"rxcui_{rxcui}"
        draft.ingredients[rxcui] = Ingredient(rxcui, official.name, family)
        draft.names[rxcui] = Names(brands=official.brands, synonyms=official.synonyms)
        draft.counts["ingredients_added"] += 1


def _add_products(draft: Draft, content: RxNormContent) -> None:
    curated = draft.curated.drugs
    for rxcui, official in content.products.items():
        ours = curated.products.get(rxcui)
        if ours is not None:
            # RxNorm states no route: it is derived from the form, and the curated one may know better.
            if ours._replace(route="") == official._replace(route=""):
                draft.counts["products_confirmed"] += 1
            else:
                draft.disagree("product", rxcui, *_difference(ours, official))
        elif rxcui in curated.ingredients:
            draft.disagree("product", rxcui, f"{curated.ingredients[rxcui].name} (ingredient)", official.name)
        elif all(part in draft.ingredients for part in official.ingredients):
            draft.products[rxcui] = official
            draft.counts["products_added"] += 1
        else:
            draft.counts["products_without_ingredient"] += 1


def _difference(ours: Product, official: Product) -> tuple[str, str]:
    """The fields that differ, of each."""
    fields = [name for name in Product._fields if name != "route" and getattr(ours, name) != getattr(official, name)]
    return tuple("; ".join(f"{name}={_shown(getattr(one, name))}" for name in fields) for one in (ours, official))  # type: ignore[return-value]


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "+".join(value)


def _set_routes(draft: Draft, content: RxNormContent) -> None:
    """The usual routes of an ingredient that only RxNorm has are those of its products."""
    routes: dict[str, set[str]] = defaultdict(set)
    for product in content.products.values():
        for part in product.ingredients:
            if product.route:
                routes[part].add(product.route)
    for rxcui in draft.ingredients.keys() - draft.curated.drugs.ingredients.keys():
        plain = draft.ingredients[rxcui]
        draft.ingredients[rxcui] = Ingredient(rxcui, plain.name, plain.family, routes=frozenset(routes[rxcui]))


def _add_ndcs(draft: Draft, official: Mapping[str, str]) -> None:
    for ndc, product in official.items():
        ours = draft.curated.drugs.ndcs.get(ndc)
        if product not in draft.products:
            draft.counts["ndcs_without_product"] += 1
        elif ours is None:
            draft.ndcs[ndc] = product
            draft.counts["ndcs_added"] += 1
        elif ours == product:
            draft.counts["ndcs_confirmed"] += 1
        else:
            draft.disagree("ndc", ndc, ours, product)


def _add_retired(draft: Draft, official: Mapping[str, tuple[str, ...]]) -> None:
    """Only what leads to a concept of the dictionary can be followed; a curated concept that is retired is reported."""
    curated = draft.curated
    for old, now in official.items():
        shown = "+".join(now)
        if old in curated.drugs.ingredients:
            draft.disagree("ingredient_retired", old, curated.drugs.ingredients[old].name, shown)
        elif old in curated.drugs.products:
            draft.disagree("product_retired", old, curated.drugs.products[old].name, shown)
        elif old in curated.retired:
            if set(curated.retired[old]) != set(now):
                draft.disagree("retired", old, "+".join(curated.retired[old]), shown)
        elif old not in draft.ingredients and old not in draft.products:
            known = tuple(rxcui for rxcui in now if rxcui in draft.ingredients or rxcui in draft.products)
            if known and len(known) == len(now):
                draft.retired[old] = known
                draft.counts["retired_added"] += 1
            else:
                draft.counts["retired_leading_nowhere"] += 1
