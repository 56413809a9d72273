"""Mappings whose entries stay in the built file until they are asked for."""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from functools import lru_cache
from json import loads
from typing import Any, Final, TypeVar

from mtm_shared.vocabulary.built.encoding import encoding_of
from mtm_shared.vocabulary.built.file import BuiltFile
from mtm_shared.vocabulary.lookups import IngredientSet, Named
from mtm_shared.vocabulary.model import Product

_V = TypeVar("_V")
_REMEMBERED: Final = 1 << 14
_PAGE: Final = 2_000
_LAST: Final = "\U0010ffff"


class StoredTable(Mapping[str, _V]):
    """A table of the file: reads the entry that is asked for; passes through the others in the order of their keys."""

    def __init__(self, file: BuiltFile, name: str, value: Any, rows: int, remembered: int = _REMEMBERED) -> None:
        self._file = file
        self._rows = rows
        self._decode: Callable[[Any], _V] = encoding_of(value).from_json
        self._one = f"SELECT value FROM {name} WHERE key = ?"  # noqa: S608 - the name is one of ours
        self._range = f"SELECT key, value FROM {name} WHERE key > ? ORDER BY key LIMIT {_PAGE}"  # noqa: S608
        self._keys = f"SELECT key FROM {name} WHERE key >= ? AND key < ? ORDER BY key"  # noqa: S608
        self.find = lru_cache(maxsize=remembered)(self._find)

    def __getitem__(self, key: str) -> _V:
        value = self.find(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of the key, or the default."""
        value = self.find(key)
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.find(key) is not None

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._pages())

    def items(self) -> ItemsView[str, _V]:
        """Keys and values, read a page at a time."""
        return _Items(self)

    def values(self) -> ValuesView[_V]:
        """The values, read a page at a time."""
        return _Values(self)

    def starting(self, prefix: str) -> Sequence[str]:
        """The keys that begin so, in order."""
        return [key for (key,) in self._file.all(self._keys, prefix, prefix + _LAST)]

    def pairs(self) -> Iterator[tuple[str, _V]]:
        """Keys and values."""
        return ((key, self._decode(loads(value))) for key, value in self._pages())

    def _pages(self) -> Iterator[tuple[str, str]]:
        last = ""
        while rows := self._file.all(self._range, last):
            yield from rows
            last = rows[-1][0]

    def _find(self, key: str) -> _V | None:
        # A lone surrogate is in no key, and SQLite cannot be asked for it.
        if not key.isascii() and key != key.encode(errors="replace").decode():
            return None
        row = self._file.one(self._one, key)
        return None if row is None else self._decode(loads(row[0]))


class _Items(ItemsView[str, _V]):
    _mapping: StoredTable[_V]

    def __iter__(self) -> Iterator[tuple[str, _V]]:
        return self._mapping.pairs()


class _Values(ValuesView[_V]):
    _mapping: StoredTable[_V]

    def __iter__(self) -> Iterator[_V]:
        return (value for _, value in self._mapping.pairs())


class StoredNames:
    """`lookups.NameTable` in the file."""

    def __init__(self, names: StoredTable[Named]) -> None:
        self._names = names
        # A misspelled name is compared with all of one letter: these are read once.
        self._of_initial = lru_cache(maxsize=64)(names.starting)

    def get(self, key: str) -> Named | None:
        """What the name stands for."""
        return self._names.find(key)

    def starting(self, prefix: str) -> Iterable[str]:
        """The keys that begin so, in order."""
        return self._names.starting(prefix)

    def alike_candidates(self, initial: str) -> Iterable[str]:
        """The keys with this first character."""
        return self._of_initial(initial) if initial else ()


class StoredProducts:
    """`lookups.ProductTable` in the file."""

    def __init__(self, products: Mapping[str, Product], indexes: Mapping[str, StoredTable[Any]]) -> None:
        self._products = products
        self._indexes = indexes

    def by_name(self, key: str) -> Product | None:
        """The clinical or branded drug, or the component, with this folded full name."""
        return self._product(self._indexes["full_names"].find(key))

    def made_of(self, ingredients: IngredientSet) -> Sequence[Product]:
        """The clinical and branded drugs of exactly these ingredients."""
        return [self._products[rxcui] for rxcui in self._indexes["made_of"].get("+".join(ingredients), ())]

    def combination(self, ingredients: IngredientSet) -> Product | None:
        """RxNorm's concept for these ingredients together (MIN)."""
        return self._product(self._indexes["combinations"].find("+".join(ingredients)))

    def packages(self, rxcui: str) -> Sequence[str]:
        """The NDCs of the product, in order."""
        packages: tuple[str, ...] = self._indexes["packages"].get(rxcui, ())
        return packages

    def _product(self, rxcui: str | None) -> Product | None:
        return None if rxcui is None else self._products[rxcui]
