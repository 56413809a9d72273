"""The dictionary while it is being built: curated tables below, official content added, every disagreement noted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.drugs import DrugTables, Names
from mtm_shared.vocabulary.flags import FlagSource
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import Assertion, DiagnosisCode, Price, SourceFile
from mtm_shared.vocabulary.tables import Tables


class Conflict(NamedTuple):
    """Where the official file says something else than the curated dictionary, which wins.

    `about` is a stable code: `ingredient_name`, `ingredient_rxcui`, `ingredient_retired`, `product`, `product_retired`,
    `ndc`, `retired`, `condition_code`.
    """

    about: str
    key: str
    curated: str
    official: str


class NotPlaced(NamedTuple):
    """A package of the NDC Directory that leads to no drug of the dictionary."""

    ndc: str
    name: str
    reason: str


class Draft:
    """Starts as the curated tables; `conflicts`, `counts` and `not_placed` say what happened to the official rows."""

    def __init__(self, curated: Tables) -> None:
        self.curated = curated
        drugs: DrugTables = curated.drugs
        self.ingredients: dict[str, Ingredient] = dict(drugs.ingredients)
        self.names: dict[str, Names] = dict(drugs.names)
        self.products: dict[str, Product] = dict(drugs.products)
        self.ndcs: dict[str, str] = dict(drugs.ndcs)
        self.retired: dict[str, tuple[str, ...]] = dict(curated.retired)
        self.flag_sources: dict[str, Mapping[str, FlagSource]] = dict(drugs.flag_sources)
        self.confirmed: dict[str, str] = {}
        self.synonyms: dict[str, Sequence[str]] = {}
        self.product_synonyms: dict[str, Sequence[str]] = {}
        self.codes: dict[str, DiagnosisCode] = {}
        self.assertions: dict[str, tuple[Assertion, ...]] = {}
        self.prices: dict[str, Price] = {}
        self.files: list[SourceFile] = []
        # SHA-256 of the build that NDCs were taken over from.
        self.kept_of = ""
        self.conflicts: list[Conflict] = []
        self.counts: Counter[str] = Counter()
        self.not_placed: list[NotPlaced] = []

    def disagree(self, about: str, key: str, curated: str, official: str) -> None:
        """Note that the curated value stands against the official one."""
        self.conflicts.append(Conflict(about, key, curated, official))
