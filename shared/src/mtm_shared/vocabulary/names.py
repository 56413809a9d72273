"""Resolves a drug's written name: exactly, then by its parts, and otherwise only suggests.

A name is never resolved to something that is merely spelled alike ("Simvistatin" suggests simvastatin): a wrong drug
in a review is worse than one that is listed as not understood. A name that stands for several drugs is ambiguous and
says so.
"""

from difflib import get_close_matches
from typing import Final, NamedTuple

from mtm_shared.vocabulary.drugs import DrugTables
from mtm_shared.vocabulary.lookups import IngredientSet, Named, NameTable, ProductTable
from mtm_shared.vocabulary.model import NotUnderstood, Product
from mtm_shared.vocabulary.wording import Wording, Written, fold

_LONGEST_NAME_WORDS: Final = 8
_LONGEST_NAME: Final = 300
_SUGGESTIONS: Final = 5
_ALIKE: Final = 0.8


class Match(NamedTuple):
    """A resolved name; `product` when strength and form (or the full name) lead to one product."""

    ingredients: IngredientSet
    brand: str
    written: Written
    product: Product | None


class NameIndex:
    """Reads names with the tables of the dictionary, wherever these are held."""

    def __init__(self, tables: DrugTables, wording: Wording, names: NameTable, products: ProductTable) -> None:
        self._tables = tables
        self._wording = wording
        self._names = names
        self._products = products

    def resolve(self, text: str) -> Match | NotUnderstood:
        """The drug that the text names, or why it is not understood."""
        if len(text) > _LONGEST_NAME:
            return NotUnderstood("unknown_name", text[:_LONGEST_NAME], "longer than a drug name can be")
        product = self._products.by_name(fold(text))
        written = self._wording.take_apart(text)
        if product is not None:
            return Match(product.ingredients, product.brand, written, product)
        whole = self._names.get(fold(text)) or self._names.get(" ".join(written.words))
        segments = [whole] if whole else self._segments(written.words)
        if segments is None:
            return NotUnderstood("unknown_name", text, "no drug in the vocabulary has this name", self._alike(written))
        return self._combine(text, written, segments)

    def _combine(self, text: str, written: Written, segments: list[Named]) -> Match | NotUnderstood:
        unclear = next((named for named in segments if len(named.sets) > 1), None)
        if unclear is not None:
            meant = tuple(sorted(self._shown(parts) for parts in unclear.sets))
            return NotUnderstood("ambiguous_name", text, "the name stands for more than one drug", meant)
        rxcuis = {rxcui for named in segments for parts in named.sets for rxcui in parts}
        ingredients = tuple(sorted(rxcuis, key=int))
        brand = next((named.brand for named in segments if named.brand), "")
        inside = self._names.get(written.bracketed)
        if inside is not None and inside.brand and ingredients in inside.sets:
            brand = inside.brand
        return Match(ingredients, brand, written, self._product(ingredients, brand, written))

    def _shown(self, ingredients: IngredientSet) -> str:
        return " / ".join(self._tables.ingredients[rxcui].name for rxcui in ingredients)

    def _segments(self, words: tuple[str, ...]) -> list[Named] | None:
        """The names that the words are made of, longest first; None as soon as one word has no place.

        A separator must have a name behind it: "senna plus" is not senna.
        """
        found: list[Named] = []
        place, separated = 0, False
        while place < len(words):
            length, named = self._longest(words, place, bare_salt=bool(found) and not separated)
            if named is not None:
                found.append(named)
                separated = False
            elif not self._wording.stands_around(words[place], after_name=bool(found)):
                return None
            else:
                separated = separated or self._wording.separates(words[place])
            place += length
        return None if separated else found or None

    def _longest(self, words: tuple[str, ...], place: int, *, bare_salt: bool) -> tuple[int, Named | None]:
        """The longest name at the place and its words. "Calcium" alone is a drug, but in "atorvastatin calcium" it is
        a salt: a bare salt behind a name is another drug only where something stands between them."""
        for length in range(min(_LONGEST_NAME_WORDS, len(words) - place), 0, -1):
            if length == 1 and bare_salt and self._wording.is_salt(words[place]):
                break
            named = self._names.get(" ".join(words[place : place + length]))
            if named is not None:
                return length, named
        return 1, None

    def _product(self, ingredients: IngredientSet, brand: str, written: Written) -> Product | None:
        """The one product that has the written strength, form and salt; None when none or several have."""
        if len(written.strengths) != len(ingredients):
            return None
        fits = [
            product
            for product in self._products.made_of(ingredients)
            if product.brand == brand
            and sorted(product.strengths) == sorted(written.strengths)
            and (written.form is None or product.form == written.form)
            and all(salt in product.name for salt in written.salts)
        ]
        return fits[0] if len(fits) == 1 else None

    def _alike(self, written: Written) -> tuple[str, ...]:
        """Suggestions: a name inside the text, else longer names, else names that are spelled alike."""
        words = [word for word in written.words if not self._wording.stands_around(word, after_name=False)]
        key = " ".join(words)
        if not key:
            return ()
        inside = [named for word in words if (named := self._names.get(word))]
        longer = ((key, named) for key in self._names.starting(f"{key} ") if (named := self._names.get(key)))
        close = inside or [named for _, named in sorted(longer, key=lambda item: (" / " in item[1].shown, item[0]))]
        if not close:
            # Spelling errors seldom touch the first letter, and this keeps a miss to a few milliseconds.
            near = get_close_matches(key, self._names.alike_candidates(key[0]), n=_SUGGESTIONS, cutoff=_ALIKE)
            close = [named for name in near if (named := self._names.get(name))]
        return tuple(dict.fromkeys(named.shown for named in close))[:_SUGGESTIONS]
