"""The look-ups that reading a name needs, over tables in memory.

A vocabulary read from CSV files makes these from its rows; a built file (`vocabulary.built`) stores them and answers
alike without reading them first. What reads names (`names.NameIndex`) asks either by the two protocols here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from mtm_shared.vocabulary.drugs import PACKAGED, PACKS, DrugTables
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.wording import fold

IngredientSet = tuple[str, ...]
# An alias of so many drugs is shown by their names, of more by its own.
_MOST_SHOWN: Final = 3
# Clinical and branded drugs and their components; a brand or a salt alone is no product.
NAMED_IN_FULL: Final = PACKAGED | PACKS | {"SCDC", "SBDC"}


class Named(NamedTuple):
    """What a name stands for: ingredient sets (more than one: ambiguous), the brand if it is one, and its spelling.

    A name that is not `curated` comes from RxNorm's brands, salts and combinations; it is suggested last.
    """

    sets: frozenset[IngredientSet]
    brand: str
    shown: str
    curated: bool = True


class NameTable(Protocol):
    """Every name of the dictionary by its folded key."""

    def get(self, key: str) -> Named | None:
        """What the name stands for."""

    def starting(self, prefix: str) -> Iterable[str]:
        """The keys that begin so, in order."""

    def alike_candidates(self, initial: str) -> Iterable[str]:
        """The keys with this first character: those that a misspelled name is compared with."""


class ProductTable(Protocol):
    """Products by what is written of them."""

    def by_name(self, key: str) -> Product | None:
        """The clinical or branded drug, or the component, with this folded full name."""

    def made_of(self, ingredients: IngredientSet) -> Sequence[Product]:
        """The clinical and branded drugs of exactly these ingredients."""

    def combination(self, ingredients: IngredientSet) -> Product | None:
        """RxNorm's concept for these ingredients together (MIN)."""

    def packages(self, rxcui: str) -> Sequence[str]:
        """The NDCs of the product, in order."""


class NamesInMemory:
    """The names of the tables; curated ones first: a brand that RxNorm gives to several drugs means the curated one."""

    def __init__(self, tables: DrugTables) -> None:
        self._tables = tables

    def get(self, key: str) -> Named | None:
        """What the name stands for."""
        return self.by_key.get(key)

    def starting(self, prefix: str) -> Iterable[str]:
        """The keys that begin so, in order."""
        return sorted(key for key in self.alike_candidates(prefix[:1]) if key.startswith(prefix))

    def alike_candidates(self, initial: str) -> Iterable[str]:
        """The keys with this first character."""
        return self._by_initial.get(initial, ())

    @cached_property
    def by_key(self) -> Mapping[str, Named]:
        """All of them."""
        names: dict[str, Named] = {}
        for rxcui, ingredient in self._tables.ingredients.items():
            also = self._tables.names[rxcui]
            for name in (ingredient.name, *also.synonyms):
                add_name(names, name, Named(frozenset({(rxcui,)}), "", ingredient.name))
            for name in also.brands:
                add_name(names, name, Named(frozenset({(rxcui,)}), name, name))
        for alias in self._tables.aliases:
            parts = [self._tables.ingredients[rxcui].name for rxcui in alias.ingredients]
            shown = " / ".join(parts) if len(parts) <= _MOST_SHOWN else alias.name
            add_name(names, alias.name, Named(frozenset({alias.ingredients}), "", shown))
        curated = frozenset(names)
        for product in self._tables.products.values():
            named = product.brand or (product.name if product.tty in ("PIN", "MIN") else "")
            if named and fold(named) not in curated:
                add_name(names, named, Named(frozenset({product.ingredients}), product.brand, named, curated=False))
        return names

    @cached_property
    def _by_initial(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.by_key:
            found[key[0]].append(key)
        return found


class ProductsInMemory:
    """The products of the tables."""

    def __init__(self, tables: DrugTables) -> None:
        self._products = tables.products
        self._ndcs = tables.ndcs

    def by_name(self, key: str) -> Product | None:
        """The clinical or branded drug, or the component, with this folded full name."""
        return self._full_names.get(key)

    def made_of(self, ingredients: IngredientSet) -> Sequence[Product]:
        """The clinical and branded drugs of exactly these ingredients."""
        return self._by_ingredients.get(ingredients, ())

    def combination(self, ingredients: IngredientSet) -> Product | None:
        """RxNorm's concept for these ingredients together (MIN)."""
        return self._combinations.get(ingredients)

    def packages(self, rxcui: str) -> Sequence[str]:
        """The NDCs of the product, in order."""
        return self._packages.get(rxcui, ())

    @cached_property
    def _full_names(self) -> Mapping[str, Product]:
        return {fold(item.name): item for item in self._products.values() if item.tty in NAMED_IN_FULL}

    @cached_property
    def _by_ingredients(self) -> Mapping[IngredientSet, Sequence[Product]]:
        found: dict[IngredientSet, list[Product]] = defaultdict(list)
        for product in self._products.values():
            if product.tty in PACKAGED:
                found[product.ingredients].append(product)
        return found

    @cached_property
    def _combinations(self) -> Mapping[IngredientSet, Product]:
        return {product.ingredients: product for product in self._products.values() if product.tty == "MIN"}

    @cached_property
    def _packages(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for ndc in sorted(self._ndcs):
            found[self._ndcs[ndc]].append(ndc)
        return found


def add_name(names: dict[str, Named], name: str, named: Named) -> None:
    """Put the name in; what it stands for already stays, so that one name may become ambiguous."""
    key = fold(name)
    if not key:
        return
    known = names.get(key)
    if known is not None:
        named = Named(known.sets | named.sets, named.brand or known.brand, known.shown, known.curated)
    names[key] = named
