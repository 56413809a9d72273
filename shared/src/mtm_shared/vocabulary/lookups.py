"""The look-ups that reading a name needs, over tables in memory.

A vocabulary read from CSV files makes these from its rows; a built file (`vocabulary.built`) stores them and answers
alike without reading them first. What reads names (`names.NameIndex`) asks either by the two protocols here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from mtm_shared.vocabulary.drugs import PACKAGED, DrugTables
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.wording import fold

IngredientSet = tuple[str, ...]
# Clinical and branded drugs and their components; a brand or a salt alone is no product.
NAMED_IN_FULL: Final = PACKAGED | {"SCDC", "SBDC"}


class Named(NamedTuple):
    """What a name stands for: ingredient sets (more than one: ambiguous) and the brand, if it is one."""

    sets: frozenset[IngredientSet]
    brand: str
    shown: str


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
                _add(names, name, (rxcui,), "", shown=ingredient.name)
            for name in also.brands:
                _add(names, name, (rxcui,), name, shown=name)
        for alias in self._tables.aliases:
            _add(names, alias.name, alias.ingredients, "", shown=alias.name)
        curated = frozenset(names)
        for product in self._tables.products.values():
            named = product.brand or (product.name if product.tty in ("PIN", "MIN") else "")
            if named and fold(named) not in curated:
                _add(names, named, product.ingredients, product.brand, shown=named)
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

    def by_name(self, key: str) -> Product | None:
        """The clinical or branded drug, or the component, with this folded full name."""
        return self._full_names.get(key)

    def made_of(self, ingredients: IngredientSet) -> Sequence[Product]:
        """The clinical and branded drugs of exactly these ingredients."""
        return self._by_ingredients.get(ingredients, ())

    def combination(self, ingredients: IngredientSet) -> Product | None:
        """RxNorm's concept for these ingredients together (MIN)."""
        return self._combinations.get(ingredients)

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


def _add(names: dict[str, Named], name: str, ingredients: IngredientSet, brand: str, *, shown: str) -> None:
    key = fold(name)
    if not key:
        return
    known = names.get(key)
    sets = frozenset({ingredients}) | (known.sets if known else frozenset())
    names[key] = Named(sets, brand or (known.brand if known else ""), known.shown if known else shown)
