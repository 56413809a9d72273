"""The vocabulary: one read-only dictionary of drugs and conditions, loaded once per process.

Every answer is a value: a `Drug`, or a `NotUnderstood` with a stable code. Nothing is guessed, and the edition that
answered is named by `version` and `sha256`, so that a decision can say what it was made with.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtm_shared.reference import Reader, fingerprint
from mtm_shared.values.drug import Drug, Ingredient
from mtm_shared.vocabulary.built.reading import open_built
from mtm_shared.vocabulary.conditions import load_conditions
from mtm_shared.vocabulary.diagnoses import RXHCC_MODEL, ConditionIndex
from mtm_shared.vocabulary.drugs import load_drugs
from mtm_shared.vocabulary.flags import FlagSource
from mtm_shared.vocabulary.lookups import NamesInMemory, ProductsInMemory
from mtm_shared.vocabulary.model import CodeMatch, ConditionDefinition, NotUnderstood, Product, RxHcc, SnomedConcept
from mtm_shared.vocabulary.official.records import Assertion, DiagnosisCode, Price, SourceFile
from mtm_shared.vocabulary.retired import load_retired
from mtm_shared.vocabulary.spelling import load_misspellings
from mtm_shared.vocabulary.tables import Tables
from mtm_shared.vocabulary.understanding import Understanding
from mtm_shared.vocabulary.wording import load_wording

PACKAGED_DATA: Final = Path(__file__).parent / "data"
# At some 300 bytes an answer; a text longer than any name could fill the memory and is not remembered.
_REMEMBERED: Final = 1 << 16
_LONGEST_REMEMBERED: Final = 300


def load_vocabulary(path: Path | None = None) -> "Vocabulary":
    """The dictionary at the path: a folder of CSV files (default: the one in this package) or a built file.

    It is read once per process. A mistake in the data raises `mtm_shared.reference.ReferenceDataError` naming file, row
    and value, as does a built file that was cut short, changed, or made for another release.
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
def _load(path: Path) -> "Vocabulary":
    return Vocabulary(open_tables(path))


def open_tables(path: Path) -> Tables:
    """The tables of a folder of CSV files or of a built file."""
    try:
        is_folder = path.is_dir()
    except OSError:  # behind a folder that may not be entered: `open_built` says so
        is_folder = False
    return load_tables(path) if is_folder else open_built(path)


def load_tables(folder: Path) -> Tables:
    """The CSV tables of a folder, checked, in memory."""
    with Reader.of(folder / "edition.toml") as edition:
        version = edition.text("version")
        edition.text("note", default="")
    drugs = load_drugs(folder)
    return Tables(
        version=version,
        sha256=fingerprint(folder),
        drugs=drugs,
        names=NamesInMemory(drugs),
        products=ProductsInMemory(drugs),
        wording=load_wording(folder),
        conditions=load_conditions(folder),
        misspellings=load_misspellings(folder, drugs),
        retired=load_retired(folder, drugs),
    )


class Vocabulary:
    """Look-ups over the tables; remembers what it has answered.

    `classes`, `ingredients`, `products` (RxNorm concepts above the ingredient) and `conditions` are the tables by id.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.version = tables.version
        self.sha256 = tables.sha256
        self.classes: Mapping[str, str] = MappingProxyType(tables.drugs.classes)
        self.ingredients: Mapping[str, Ingredient] = MappingProxyType(tables.drugs.ingredients)
        self.products: Mapping[str, Product] = MappingProxyType(tables.drugs.products)
        self.conditions: Mapping[str, ConditionDefinition] = MappingProxyType(tables.conditions.conditions)
        self.sources: tuple[SourceFile, ...] = tables.official.sources
        self._index = ConditionIndex(tables.conditions, tables.official.codes)
        self._understood = Understanding(tables).understand
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._understood)

    def understand(
        self, *, ndc: str | None = None, rxcui: str | None = None, name: str | None = None
    ) -> Drug | NotUnderstood:
        """The drug that the identifiers lead to: the NDC first, then the RxCUI, then the name.

        `Drug.resolved_by` says which one did. When none does, the answer is about the first one given. `Drug.rxcui` is
        the product where one is known, otherwise the ingredient or combination; empty for a combination that RxNorm's
        list here does not name.
        """
        if len(ndc or "") + len(rxcui or "") + len(name or "") > _LONGEST_REMEMBERED:
            return self._understood(ndc, rxcui, name)
        return self._remembered(ndc, rxcui, name)

    def ingredient(self, rxcui: str) -> Ingredient | None:
        """The ingredient with this RxCUI."""
        return self.ingredients.get(rxcui)

    def flag_sources(self, rxcui: str) -> Mapping[str, FlagSource]:
        """Which list, law or curation each flag of the ingredient rests on; a flag at its usual value has none."""
        return self.tables.drugs.flag_sources.get(rxcui, {})

    def ingredients_in_class(self, class_id: str) -> frozenset[str]:
        """RxCUIs of the ingredients in one of our therapeutic classes; empty for an unknown class."""
        return self._members.get(class_id, frozenset())

    def ndcs_of(self, rxcui: str) -> tuple[str, ...]:
        """The NDCs that the dictionary holds for a product, in order."""
        return tuple(self.tables.products.packages(rxcui))

    def product(self, rxcui: str) -> Product | None:
        """The RxNorm concept above the ingredient with this RxCUI."""
        return self.products.get(rxcui)

    def retired_to(self, rxcui: str) -> tuple[str, ...]:
        """What stands now for an RxCUI no longer in use: nothing known, one concept, or several (it was split)."""
        return self.tables.retired.get(rxcui, ())

    def misspellings_of(self, rxcui: str) -> tuple[str, ...]:
        """Misspellings and error-prone abbreviations (folded) that suggest this ingredient or brand."""
        return tuple(sorted(written for written, meant in self.tables.misspellings.items() if rxcui in meant))

    def price(self, ndc: str) -> Price | None:
        """What pharmacies paid for the package on average (NADAC); `ndc` has 11 digits."""
        return self.tables.official.prices.get(ndc)

    def assertions(self, rxcui: str) -> tuple[Assertion, ...]:
        """What MED-RT says of the ingredient."""
        return self.tables.official.assertions.get(rxcui, ())

    def confirmed_by(self, rxcui: str) -> str:
        """The official edition that has the curated ingredient's RxCUI and name just so; "" when none was built in."""
        return self.tables.official.confirmed.get(rxcui, "")

    def icd10(self, code: str) -> DiagnosisCode | None:
        """The ICD-10-CM code, dotted or not; the nearest one above it where its own title is not held, at least its
        category; None for a code that cannot be used."""
        return self._index.icd10(code)

    def conditions_of(self, icd10: str) -> frozenset[str]:
        """Ids of the conditions that the diagnosis code shows; empty for a code that cannot be used."""
        return self._index.conditions_of(icd10)

    def icd10_problem(self, code: str) -> str | None:
        """None, `invalid_icd10` (not its shape) or `unknown_icd10` (no category of ICD-10-CM); a code below a known
        category shows what the category shows, though no list has it: see `icd10_listed`."""
        return self._index.problem(code)

    def icd10_listed(self, code: str) -> bool | None:
        """Whether an edition of ICD-10-CM that was built in has the code, headers included; None without any edition.

        False says that the code is mistyped, or newer or older than that; its conditions hold all the same.
        """
        return self._index.listed(code)

    def why(self, icd10: str) -> tuple[CodeMatch, ...]:
        """Which prefix of which condition decided for the diagnosis code, in or out, and its source."""
        return self._index.why(icd10)

    def snomed(self, concept: str) -> SnomedConcept | None:
        """The SNOMED CT concept with the conditions that it shows."""
        return self._index.snomed(concept)

    def conditions_of_snomed(self, concept: str) -> frozenset[str]:
        """Ids of the conditions that the SNOMED CT concept shows; empty for one that is not known."""
        known = self._index.snomed(concept)
        return known.conditions if known else frozenset()

    def snomed_problem(self, concept: str) -> str | None:
        """None, `invalid_snomed` (not an identifier, or its check digit is wrong) or `unknown_snomed`."""
        return self._index.snomed_problem(concept)

    def rxhcc(self, category: str, model: str = RXHCC_MODEL) -> RxHcc | None:
        """The category of CMS's RxHCC model, such as `RXHCC30`, and how it lies to the conditions."""
        return self._index.rxhcc(category, model)

    def conditions_of_rxhcc(self, category: str, model: str = RXHCC_MODEL) -> frozenset[str]:
        """Ids of the conditions that every member of the category has; empty for one that is not known."""
        known = self._index.rxhcc(category, model)
        return known.conditions if known else frozenset()

    def implied_by(self, condition_id: str) -> frozenset[str]:
        """The condition with this id and every wider one (dementia: also dementia or cognitive impairment)."""
        return self._index.implied_by(condition_id)

    def condition(self, condition_id: str) -> ConditionDefinition | None:
        """The condition with this id."""
        return self.conditions.get(condition_id)

    def counts(self) -> dict[str, int]:
        """How much the dictionary holds."""
        return {
            "classes": len(self.classes),
            "ingredients": len(self.ingredients),
            "products": len(self.products),
            "ndcs": len(self.tables.drugs.ndcs),
            "conditions": len(self.conditions),
            "icd10cm_categories": len(self.tables.conditions.categories),
            "snomed_concepts": len(self.tables.conditions.snomed),
            "rxhcc_categories": len(self.tables.conditions.rxhcc),
        }

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        """All classes in one pass: a built file would be read through for each of them."""
        found: dict[str, set[str]] = {class_id: set() for class_id in self.classes}
        for rxcui, ingredient in self.ingredients.items():
            for class_id in ingredient.classes:
                found[class_id].add(rxcui)
        return {class_id: frozenset(rxcuis) for class_id, rxcuis in found.items()}
