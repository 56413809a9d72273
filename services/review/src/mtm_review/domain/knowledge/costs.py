"""What the screen of cost knows: brands that have a generic, and choices that do the same for less.

That RxNorm names a generic drug does not mean that one is sold (it names one for every brand), so `generics` holds only
products of drugs and forms that a curated table says are sold as generics.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from mtm_review.domain.knowledge.said import Said


@dataclass(frozen=True, slots=True)
class CheaperChoice:
    """A drug (by the RxCUIs of its ingredients), in any of `forms`, for which `instead` usually costs less.

    `brands` limits it to products of these brands. `instead` are drugs by their ingredients, to know what was tried
    before and what it costs; `instead_forms` are needed where both are the same drug.
    """

    said: Said
    drug: str
    forms: tuple[str, ...]
    brands: frozenset[str]
    instead: tuple[str, ...]
    instead_forms: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class CostKnowledge:
    """Everything that the screen of cost knows. `generics` are drugs by the name of their product in RxNorm."""

    brand: Said | None
    generics: Mapping[str, str]
    one_product: frozenset[str]
    choices: Mapping[str, CheaperChoice]
    choices_of: Mapping[str, tuple[CheaperChoice, ...]]
    ingredients: frozenset[str]
    generic_drugs: frozenset[str]

    @classmethod
    def of(
        cls,
        brand: Said | None,
        generics: Mapping[str, str],
        one_product: frozenset[str],
        choices: Iterable[CheaperChoice],
    ) -> Self:
        """The parts with their index; `one_product` are ingredients of which members should stay with one product."""
        index: defaultdict[str, list[CheaperChoice]] = defaultdict(list)
        by_id = {choice.said.rule_id: choice for choice in choices}
        for choice in by_id.values():
            index[choice.drug].append(choice)
        drugs = set(generics.values()) | index.keys()
        return cls(
            brand=brand,
            generics=generics,
            one_product=one_product,
            choices=by_id,
            choices_of={drug: tuple(found) for drug, found in index.items()},
            ingredients=frozenset(rxcui for drug in drugs for rxcui in drug.split("+")),
            generic_drugs=frozenset(generics.values()),
        )
