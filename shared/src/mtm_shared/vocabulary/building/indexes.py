"""The look-ups that a built file holds ready, worked out once for all of its readers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mtm_shared.vocabulary.built.writing import Indexes
from mtm_shared.vocabulary.drugs import PACKAGED, DrugTables
from mtm_shared.vocabulary.lookups import NAMED_IN_FULL, IngredientSet, Named, NamesInMemory, add_name
from mtm_shared.vocabulary.wording import fold

Further = Mapping[str, Sequence[str]]


def indexes_of(curated: DrugTables, merged: DrugTables, synonyms: Further, product_synonyms: Further) -> Indexes:
    """The look-ups of the merged tables.

    `synonyms` are official names of ingredients and `product_synonyms` of clinical and branded drugs, both by RxCUI. A
    name that the curated dictionary has keeps its curated meaning.
    """
    made_of: dict[IngredientSet, list[str]] = defaultdict(list)
    combinations: dict[IngredientSet, str] = {}
    for product in merged.products.values():
        if product.tty in PACKAGED:
            made_of[product.ingredients].append(product.rxcui)
        elif product.tty == "MIN" and (
            product.rxcui in curated.products or combinations.get(product.ingredients) not in curated.products
        ):
            combinations[product.ingredients] = product.rxcui
    packages: dict[str, list[str]] = defaultdict(list)
    for ndc in sorted(merged.ndcs):
        packages[merged.ndcs[ndc]].append(ndc)
    return Indexes(
        names=names_of(curated, merged, synonyms),
        full_names=_full_names(curated, merged, product_synonyms),
        made_of={parts: tuple(rxcuis) for parts, rxcuis in made_of.items()},
        combinations=combinations,
        packages={product: tuple(ndcs) for product, ndcs in packages.items()},
    )


def names_of(curated: DrugTables, merged: DrugTables, synonyms: Further) -> dict[str, Named]:
    """Curated names, then the official ones of ingredients, then those of brands, salts and combinations."""
    names = {key: named for key, named in NamesInMemory(curated).by_key.items() if named.curated}
    ours = frozenset(names)
    for rxcui, ingredient in merged.ingredients.items():
        official = () if rxcui in curated.ingredients else (ingredient.name,)
        for name in (*official, *synonyms.get(rxcui, ())):
            if fold(name) not in ours:
                add_name(names, name, Named(frozenset({(rxcui,)}), "", ingredient.name, curated=False))
    taken = frozenset(names)
    for product in merged.products.values():
        name = product.brand or (product.name if product.tty in ("PIN", "MIN") else "")
        if name and fold(name) not in taken:
            add_name(names, name, Named(frozenset({product.ingredients}), product.brand, name, curated=False))
    return names


def _full_names(curated: DrugTables, merged: DrugTables, synonyms: Further) -> dict[str, str]:
    """Later ones win: synonyms give way to names, official names to curated ones."""
    named = [product for product in merged.products.values() if product.tty in NAMED_IN_FULL]
    found = {fold(name): product.rxcui for product in named for name in synonyms.get(product.rxcui, ())}
    found.update((fold(product.name), product.rxcui) for product in named if product.rxcui not in curated.products)
    found.update((fold(product.name), product.rxcui) for product in named if product.rxcui in curated.products)
    found.pop("", None)
    return found
