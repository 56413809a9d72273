"""A drug as the vocabulary understands it: its ingredients, form, route and strength.

Two drugs are the same drug when their ingredient sets are equal (a brand and its generic, two NDCs, two strengths);
a combination product is one drug with several ingredients. Identity is RxNorm's: concept identifiers (RxCUI) of
term type IN for ingredients, SCD or SBD for products.
"""

from dataclasses import dataclass
from enum import StrEnum


class ResolvedBy(StrEnum):
    """Which identifier on the claim or list led to the drug."""

    NDC = "ndc"
    RXCUI = "rxcui"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One active ingredient with what the vocabulary knows of it.

    `family` groups salts, enantiomers and prodrugs (citalopram and escitalopram share one); `classes` are this
    project's own therapeutic class ids. Flags a source does not give are False, never guessed. A preparation that
    RxNorm names only by its parts has an id of ours (`local:…`) in place of the RxCUI, a device `device:…`.
    """

    rxcui: str
    name: str
    family: str
    classes: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    maintenance: bool = False
    part_d: bool = True
    otc: bool = False
    supplement: bool = False
    herbal: bool = False
    device: bool = False
    schedule: str = ""
    high_alert: bool = False


@dataclass(frozen=True, slots=True)
class Drug:
    """What was taken: ingredients sorted by RxCUI, with product detail where it is known."""

    rxcui: str
    name: str
    ingredients: tuple[Ingredient, ...]
    resolved_by: ResolvedBy
    dose_form: str | None = None
    route: str | None = None
    strength: str | None = None
    brand: str | None = None

    @property
    def key(self) -> str:
        """Identity of the drug: its ingredients' RxCUIs in order, joined by `+`."""
        return "+".join([ingredient.rxcui for ingredient in self.ingredients])

    @property
    def maintenance(self) -> bool:
        """True when any ingredient is taken long term for a chronic condition."""
        return any(ingredient.maintenance for ingredient in self.ingredients)

    @property
    def classes(self) -> frozenset[str]:
        """The therapeutic classes of all ingredients."""
        return frozenset[str]().union(*(ingredient.classes for ingredient in self.ingredients))
