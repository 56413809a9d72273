"""The vocabulary: one read-only dictionary of drugs and conditions, loaded once per process.

Every answer is a value: a `Drug`, or a `NotUnderstood` with a stable code. Nothing is guessed, and the edition that
answered is named by `version` and `sha256`, so that a decision can say what it was made with.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtm_shared.reference import Reader, fingerprint
from mtm_shared.values.codes import InvalidCode, Ndc
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy
from mtm_shared.vocabulary.conditions import ConditionIndex, ConditionTables, load_conditions
from mtm_shared.vocabulary.drugs import DrugTables, load_drugs
from mtm_shared.vocabulary.model import ConditionDefinition, NotUnderstood, Product
from mtm_shared.vocabulary.names import Match, NameIndex
from mtm_shared.vocabulary.wording import Wording, load_wording

PACKAGED_DATA: Final = Path(__file__).parent / "data"
_REMEMBERED: Final = 1 << 17


def load_vocabulary(path: Path | None = None) -> "Vocabulary":
    """The dictionary in the folder (default: the one in this package), read once per process.

    A mistake in the data raises `mtm_shared.reference.ReferenceDataError` naming file, row and value.
    """
    return _load((path or PACKAGED_DATA).resolve())


@contextmanager
def _no_collection() -> Iterator[None]:
    """The garbage collector paused: a hundred thousand small objects that all stay would be walked again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
@_no_collection()
def _load(folder: Path) -> "Vocabulary":
    with Reader.of(folder / "edition.toml") as edition:
        version = edition.text("version")
        edition.text("note", default="")
    return Vocabulary(version, fingerprint(folder), load_drugs(folder), load_wording(folder), load_conditions(folder))


class Vocabulary:
    """Look-ups over the tables; remembers what it has answered.

    `classes`, `ingredients`, `products` (RxNorm concepts above the ingredient) and `conditions` are the tables by id.
    """

    def __init__(
        self, version: str, sha256: str, drugs: DrugTables, wording: Wording, conditions: ConditionTables
    ) -> None:
        self.version = version
        self.sha256 = sha256
        self.classes: Mapping[str, str] = MappingProxyType(dict(drugs.classes))
        self.ingredients: Mapping[str, Ingredient] = MappingProxyType(dict(drugs.ingredients))
        self.products: Mapping[str, Product] = MappingProxyType(dict(drugs.products))
        self.conditions: Mapping[str, ConditionDefinition] = MappingProxyType(dict(conditions.conditions))
        self._drugs = drugs
        self._names = NameIndex(drugs, wording)
        self._index = ConditionIndex(conditions)
        self._categories = len(conditions.categories)
        self._combinations = {
            product.ingredients: product for product in drugs.products.values() if product.tty == "MIN"
        }
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._understand)

    def understand(
        self, *, ndc: str | None = None, rxcui: str | None = None, name: str | None = None
    ) -> Drug | NotUnderstood:
        """The drug that the identifiers lead to: the NDC first, then the RxCUI, then the name.

        `Drug.resolved_by` says which one did. When none does, the answer is about the first one given. `Drug.rxcui` is
        the product where one is known, otherwise the ingredient or combination; empty for a combination that RxNorm's
        list here does not name.
        """
        return self._remembered(ndc, rxcui, name)

    def ingredient(self, rxcui: str) -> Ingredient | None:
        """The ingredient with this RxCUI."""
        return self._drugs.ingredients.get(rxcui)

    def ingredients_in_class(self, class_id: str) -> frozenset[str]:
        """RxCUIs of the ingredients in one of our therapeutic classes; empty for an unknown class."""
        return frozenset(
            rxcui for rxcui, ingredient in self._drugs.ingredients.items() if class_id in ingredient.classes
        )

    def ndcs_of(self, rxcui: str) -> tuple[str, ...]:
        """The NDCs that the dictionary holds for a product, in order."""
        return tuple(sorted(ndc for ndc, product in self._drugs.ndcs.items() if product == rxcui))

    def product(self, rxcui: str) -> Product | None:
        """The RxNorm concept above the ingredient with this RxCUI."""
        return self._drugs.products.get(rxcui)

    def conditions_of(self, icd10: str) -> frozenset[str]:
        """Ids of the conditions that the diagnosis code shows; empty for a code that cannot be used."""
        return self._index.conditions_of(icd10)

    def icd10_problem(self, code: str) -> str | None:
        """None, `invalid_icd10` (not its shape) or `unknown_icd10` (no such category in ICD-10-CM)."""
        return self._index.problem(code)

    def condition(self, condition_id: str) -> ConditionDefinition | None:
        """The condition with this id."""
        return self.conditions.get(condition_id)

    def counts(self) -> dict[str, int]:
        """How much the dictionary holds."""
        return {
            "classes": len(self.classes),
            "ingredients": len(self._drugs.ingredients),
            "products": len(self._drugs.products),
            "ndcs": len(self._drugs.ndcs),
            "conditions": len(self.conditions),
            "icd10cm_categories": self._categories,
        }

    def _understand(self, ndc: str | None, rxcui: str | None, name: str | None) -> Drug | NotUnderstood:
        first: NotUnderstood | None = None
        for given, look_up in ((ndc, self._by_ndc), (rxcui, self._by_rxcui), (name, self._by_name)):
            if given is None or not given.strip():
                continue
            answer = look_up(given.strip())
            if isinstance(answer, Drug):
                return answer
            first = first or answer
        return first or NotUnderstood("missing_identifier", "", "no NDC, RxCUI or name was given")

    def _by_ndc(self, text: str) -> Drug | NotUnderstood:
        try:
            ndc = Ndc.parse(text)
        except InvalidCode as error:
            return NotUnderstood(error.code, text, str(error))
        product = self._drugs.ndcs.get(ndc.digits)
        if product is None:
            return NotUnderstood("unknown_ndc", text, "the vocabulary does not hold this NDC")
        return self._of_product(self._drugs.products[product], ResolvedBy.NDC)

    def _by_rxcui(self, text: str) -> Drug | NotUnderstood:
        ingredient = self._drugs.ingredients.get(text)
        if ingredient is not None:
            return Drug(text, ingredient.name, (ingredient,), ResolvedBy.RXCUI)
        product = self._drugs.products.get(text)
        if product is None:
            return NotUnderstood("unknown_rxcui", text, "the vocabulary does not hold this RxCUI")
        return self._of_product(product, ResolvedBy.RXCUI)

    def _by_name(self, text: str) -> Drug | NotUnderstood:
        match = self._names.resolve(text)
        if isinstance(match, NotUnderstood):
            return match
        if match.product is not None:
            return self._of_product(match.product, ResolvedBy.NAME)
        return self._of_match(match)

    def _of_product(self, product: Product, resolved_by: ResolvedBy) -> Drug:
        return Drug(
            rxcui=product.rxcui,
            name=product.name,
            ingredients=self._parts(product.ingredients),
            resolved_by=resolved_by,
            dose_form=product.form or None,
            route=product.route or None,
            strength=product.strength or None,
            brand=product.brand or None,
        )

    def _of_match(self, match: Match) -> Drug:
        parts = self._parts(match.ingredients)
        combination = self._combinations.get(match.ingredients)
        rxcui = parts[0].rxcui if len(parts) == 1 else combination.rxcui if combination else ""
        strengths, form = match.written.strengths, match.written.form
        return Drug(
            rxcui=rxcui,
            name=" / ".join(part.name for part in parts),
            ingredients=parts,
            resolved_by=ResolvedBy.NAME,
            dose_form=form,
            route="oral" if form else None,
            # The strengths of a combination stand in the writer's order, which need not be ours.
            strength=strengths[0] if len(parts) == len(strengths) == 1 else None,
            brand=match.brand or None,
        )

    def _parts(self, rxcuis: tuple[str, ...]) -> tuple[Ingredient, ...]:
        return tuple(self._drugs.ingredients[rxcui] for rxcui in rxcuis)
