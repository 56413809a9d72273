"""Resolves a drug's written name: exactly, then by its parts, and otherwise only suggests.

A name is never resolved to something that is merely spelled alike ("Simvistatin" suggests simvastatin): a wrong drug
in a review is worse than one that is listed as not understood. A name that stands for several drugs is ambiguous and
says so.
"""

import re
from dataclasses import replace
from itertools import islice, takewhile
from typing import Final, NamedTuple

from mtm_shared.vocabulary.drugs import in_order
from mtm_shared.vocabulary.lookups import IngredientSet, Named
from mtm_shared.vocabulary.model import NotUnderstood, Product
from mtm_shared.vocabulary.spelling import Speller
from mtm_shared.vocabulary.tables import Tables
from mtm_shared.vocabulary.wording import Written, fold, same_strengths

_LONGEST_NAME_WORDS: Final = 8
_LONGEST_NAME: Final = 300
_SUGGESTIONS: Final = 5
_CONSIDERED: Final = 20
_DOSE: Final = " UNT"
_BY_VOLUME: Final = " UNT/ML"
_QUALIFIED: Final = ("Once-Daily ", "Twice-Daily ", "Abuse-Deterrent ")
# "Lasix40mg": a strength written without a blank. Short names keep their digits: "B12", "CoQ10".
_GLUED: Final = re.compile(r"(?<=[^\W\d_]{4})(?=\d)")


class Match(NamedTuple):
    """A resolved name; `product` when strength and form (or the full name) lead to one product."""

    ingredients: IngredientSet
    brand: str
    written: Written
    product: Product | None


class NameIndex:
    """Reads names with the tables of the dictionary, wherever these are held."""

    def __init__(self, tables: Tables) -> None:
        self._drugs = tables.drugs
        self._wording = tables.wording
        self._names = tables.names
        self._misspellings = tables.misspellings
        self._products = tables.products
        self._speller = Speller(tables, self._own_name)

    def resolve(self, text: str) -> Match | NotUnderstood:
        """The drug that the text names, or why it is not understood."""
        if len(text) > _LONGEST_NAME:
            return NotUnderstood("unknown_name", text[:_LONGEST_NAME], "longer than a drug name can be")
        apart = _GLUED.sub(" ", text)
        answer = self._read(text) or (self._read(apart) if apart != text else None)
        if answer is not None:
            return answer
        suggestions = self._suggestions(text, self._wording.take_apart(apart))
        return NotUnderstood("unknown_name", text, "no drug in the vocabulary has this name", suggestions)

    def _read(self, text: str) -> Match | NotUnderstood | None:
        """What the text names: one drug, one of several drugs, or nothing."""
        product = self._products.by_name(fold(text))
        written = self._wording.take_apart(text)
        if product is not None:
            return Match(product.ingredients, product.brand, written, product)
        if whole := self._named(fold(text)):
            return self._combine(text, written, [whole])
        bare = self._named(" ".join(written.words))
        segments = [bare] if bare else self._segments(written.words)
        answer = None if segments is None else self._combine(text, written, segments)
        return None if isinstance(answer, Match) and self._says_more(answer, written, len(segments or ())) else answer

    def _says_more(self, match: Match, written: Written, names: int) -> bool:
        """Whether the text speaks of another drug too: "hydrocodone 10/325", "Tylenol (with codeine)"; or denies it."""
        if written.amounts > max(len(match.ingredients), names):
            return True
        words, place = tuple(written.bracketed.split()), 0
        while place < len(words):
            length, named = self._longest(words, place, behind_name=True)
            if self._wording.denies(words[place]):
                return True
            if named is not None and not any(set(parts) <= set(match.ingredients) for parts in named.sets):
                return True
            place += length
        return False

    def _suggestions(self, text: str, written: Written) -> tuple[str, ...]:
        """Names that resolve, best first; an ambiguous one stands for each drug that it may mean."""
        found: dict[str, str] = {}
        for name in islice(self._speller.suggest(text, written), _CONSIDERED):
            answer = self._read(name)
            for suggestion in answer.suggestions if isinstance(answer, NotUnderstood) else (name,) if answer else ():
                if len(suggestion) <= _LONGEST_NAME:
                    found.setdefault(fold(suggestion), suggestion)
            if len(found) >= _SUGGESTIONS:
                break
        return tuple(found.values())[:_SUGGESTIONS]

    def _combine(self, text: str, written: Written, segments: list[Named]) -> Match | NotUnderstood:
        # A general word beside the drug that it can mean says nothing more: "Lantus insulin", "warfarin blood thinner".
        clear = frozenset(parts for named in segments if len(named.sets) == 1 for parts in named.sets)
        segments = [named for named in segments if len(named.sets) == 1 or not named.sets & clear]
        unclear = next((named for named in segments if len(named.sets) > 1), None)
        if unclear is not None:
            meant = tuple(sorted(self._shown(parts) for parts in unclear.sets))
            return NotUnderstood("ambiguous_name", text, "the name stands for more than one drug", meant)
        rxcuis = {rxcui for named in segments for parts in named.sets for rxcui in parts}
        ingredients = tuple(sorted(rxcuis, key=in_order))
        brand = next((named.brand for named in segments if named.brand), "")
        inside = self._named(written.bracketed)
        if inside is not None and inside.brand and ingredients in inside.sets:
            brand = inside.brand
        product = self._product(ingredients, brand, written)
        return Match(ingredients, brand, written if product else self._without_doses(ingredients, written), product)

    def _without_doses(self, ingredients: IngredientSet, written: Written) -> Written:
        """ "Lantus 20 units" is a dose: units alone are no strength of a drug that is measured in units a volume."""
        sold = {strength for product in self._products.made_of(ingredients) for strength in product.strengths}
        by_volume = any(strength.endswith(_BY_VOLUME) for strength in sold) and not any(map(_in_units, sold))
        if not by_volume or not any(map(_in_units, written.strengths)):
            return written
        return replace(written, strengths=tuple(one for one in written.strengths if not _in_units(one)))

    def _shown(self, ingredients: IngredientSet) -> str:
        return " / ".join(self._own_name(rxcui) for rxcui in ingredients)

    def _own_name(self, rxcui: str) -> str:
        """The ingredient's name, or the first synonym that means nothing else: RxNorm's "isosorbide" means two."""
        names = (self._drugs.ingredients[rxcui].name, *self._drugs.names[rxcui].synonyms)
        alone = frozenset({(rxcui,)})
        clear = (name for name in names if (named := self._named(fold(name))) and named.sets == alone)
        return next(clear, names[0])

    def _named(self, key: str) -> Named | None:
        """What the name stands for; an error-prone abbreviation stands for nothing, whoever lists it as a synonym."""
        return None if key in self._misspellings else self._names.get(key)

    def _segments(self, words: tuple[str, ...]) -> list[Named] | None:
        """The names that the words are made of, longest first; None as soon as one word has no place.

        A separator must have a name behind it: "senna plus" is not senna.
        """
        found: list[Named] = []
        place, separated = 0, False
        while place < len(words):
            length, named = self._longest(words, place, behind_name=bool(found) and not separated)
            if named is not None:
                found.append(named)
                separated = False
            elif self._wording.is_salt(words[place]) and words[place + 1 : place + 2] == ("de",):
                length = 2  # Spanish puts the salt first: "succinato de metoprolol".
            elif not self._may_stand(words, place, behind_name=bool(found) and not separated):
                return None
            else:
                separated = separated or self._wording.separates(words[place])
            place += length
        return None if separated else found or None

    def _longest(self, words: tuple[str, ...], place: int, *, behind_name: bool) -> tuple[int, Named | None]:
        """The longest name at the place and its words. "Calcium" alone is a drug, but in "atorvastatin calcium" it is
        a salt: a bare salt behind a name is another drug only where something stands between them."""
        for length in range(min(_LONGEST_NAME_WORDS, len(words) - place), 0, -1):
            if length == 1 and behind_name and self._wording.is_salt(words[place]):
                break
            named = self._named(" ".join(words[place : place + length]))
            if named is not None and not (length == 1 and behind_name and self._is_supply(named, words[place])):
                return length, named
        return 1, None

    def _may_stand(self, words: tuple[str, ...], place: int, *, behind_name: bool) -> bool:
        """Whether the word may stand where it does without being a name."""
        if not self._wording.stands_around(words[place], after_name=behind_name):
            return False
        return not (behind_name and self._wording.is_salt(words[place]) and self._is_another(words, place))

    def _is_another(self, words: tuple[str, ...], place: int) -> bool:
        """Whether a salt's word behind a name is another drug: "vitamin D3 calcium", "zinc chloride sodium acetate".

        It is the name's salt where both together are a known name, or where the word alone names no drug.
        """
        word, metal = words[place], self._wording.is_metal(words[place])
        if self._wording.is_acid(word) and self._wording.is_metal(words[place - 1]):
            return self._named(words[place - 1]) is not None and not self._wording.is_counterion(words[place - 1])
        acids = tuple(takewhile(self._wording.is_acid, words[place + 1 :])) if metal else ()
        if not acids and (self._named(word) is None or self._wording.is_counterion(word)):
            return False
        names = [words[start:place] for start in range(max(0, place - _LONGEST_NAME_WORDS), place)]
        salts = [(word, *acids), *([acids] if acids else [])]  # RxNorm may leave the metal out.
        return not any(self._named(self._wording.in_full((*name, *salt))) for name in names for salt in salts)

    def _is_supply(self, named: Named, word: str) -> bool:
        """Whether the word is a form here: a "syringe" alone is a device, behind a drug's name it holds the drug."""
        return self._wording.stands_around(word, after_name=True) and all(
            self._drugs.ingredients[rxcui].device for parts in named.sets for rxcui in parts
        )

    def _product(self, ingredients: IngredientSet, brand: str, written: Written) -> Product | None:
        """The one product that has the written strength, form and salt; None when none or several have.

        "Once-Daily gabapentin" and the like are found by their full name only. Without form and route a text means what
        is swallowed, and nothing where that unit goes several ways: "levothyroxine 0.5 mg" would be an injection.
        """
        if len(written.strengths) != len(ingredients):
            return None
        strengths = same_strengths(written.strengths)
        sold = [product for product in self._products.made_of(ingredients) if product.brand == brand]
        fits = [
            product
            for product in sold
            if tuple(sorted(product.strengths)) in strengths
            and (written.form is None or product.form == written.form)
            and all(shape in product.form for shape in written.shapes)
            and (written.routes is None or product.route in written.routes)
            and self._has_salts(product, written)
            and not product.name.startswith(_QUALIFIED)
        ]
        if len(fits) != 1 or (written.form is None and written.routes is None and _goes_several_ways(fits[0], sold)):
            return None
        return fits[0]

    def _has_salts(self, product: Product, written: Written) -> bool:
        """RxNorm names the salt only where it tells products apart: "sertraline 50 MG" is the hydrochloride."""
        return all(salt in product.name for salt in written.salts) or not any(
            self._wording.salts.get(word) for word in fold(product.name).split()
        )


def _goes_several_ways(product: Product, sold: list[Product]) -> bool:
    units = _units(product)
    if product.route == "oral" and not any("/" in unit for unit in units):
        return False
    return any(other.route and other.route != product.route for other in sold if _units(other) == units)


def _units(product: Product) -> list[str]:
    return [strength.partition(" ")[2] for strength in product.strengths]


def _in_units(strength: str) -> bool:
    return strength.endswith(_DOSE)
