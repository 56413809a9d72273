"""NDCs that RxNorm lacks, placed by the FDA NDC Directory as far as it can be done without guessing.

In this order: a package of a product of which another package is known; the one product of the same substances,
strengths and dose form; the substances alone, exactly. What remains is listed with the reason. Homeopathic dilutions
carry the names of drugs but are none, so they are never placed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from mtm_shared.values.citation import Status
from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.building.draft import Draft, NotPlaced
from mtm_shared.vocabulary.building.strengths import dose_form, strength
from mtm_shared.vocabulary.drugs import PACKAGED
from mtm_shared.vocabulary.flags import FlagSource
from mtm_shared.vocabulary.lookups import IngredientSet, Named
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import NdcDirectory, Package
from mtm_shared.vocabulary.wording import fold

_OTC: Final = "HUMAN OTC DRUG"
_SCHEDULES: Final = {"CII": "2", "CIII": "3", "CIV": "4", "CV": "5"}
_PRODUCT_CODE: Final = 9


def add_directory(draft: Draft, directory: NdcDirectory, names: Mapping[str, Named]) -> None:
    """Place the packages; tell the flags of ingredients that only RxNorm has. `names` are those of the draft."""
    draft.files.extend(directory.files)
    placing = Placing(draft, names)
    for ndc in sorted(directory.packages):
        package = directory.packages[ndc]
        if ndc in draft.ndcs:
            draft.counts["directory_known"] += 1
            continue
        found, how = placing.place(package)
        if found:
            draft.counts[f"directory_by_{how}"] += 1
            placing.placed[ndc] = found
        else:
            draft.not_placed.append(NotPlaced(ndc, package.proprietary_name or package.nonproprietary_name, how))
    draft.ndcs.update(placing.placed)
    _set_flags(draft, directory.packages.values(), placing)


class Placing:
    """Finds the concept of one package."""

    def __init__(self, draft: Draft, names: Mapping[str, Named]) -> None:
        self.placed: dict[str, str] = {}
        self._names = names
        self._codes: dict[str, set[str]] = defaultdict(set)
        for ndc, rxcui in draft.ndcs.items():
            self._codes[ndc[:_PRODUCT_CODE]].add(rxcui)
        self._products: dict[tuple[IngredientSet, str, str], list[Product]] = defaultdict(list)
        self._combinations: dict[IngredientSet, str] = {}
        for product in draft.products.values():
            if product.tty in PACKAGED:
                self._products[product.ingredients, product.strength, product.form].append(product)
            elif product.tty == "MIN":
                self._combinations[product.ingredients] = product.rxcui

    def place(self, package: Package) -> tuple[str, str]:
        """The RxCUI and how it was found, or "" and why not."""
        same = self._codes.get(package.ndc[:_PRODUCT_CODE], set())
        if len(same) == 1:
            return next(iter(same)), "product_code"
        if "HOMEOPATHIC" in package.marketing_category:
            return "", "homeopathic"
        if not package.substances:
            return "", "no_substance"
        parts = [self.ingredient_of(substance) for substance in package.substances]
        if not all(parts):
            return "", "unknown_substance"
        ingredients = tuple(sorted(set(parts), key=int))
        if self._contradicted(package, ingredients):
            return "", "names_disagree"
        product = self._by_strength(package, parts)
        if product:
            return product, "strength"
        if len(ingredients) == 1:
            return ingredients[0], "ingredient"
        combination = self._combinations.get(ingredients, "")
        return combination, "combination" if combination else "unknown_combination"

    def ingredient_of(self, substance: str) -> str:
        """The one ingredient with this name; "" when there is none, several or a brand."""
        named = self._names.get(fold(substance))
        if named is None or named.brand or len(named.sets) != 1:
            return ""
        (parts,) = named.sets
        return parts[0] if len(parts) == 1 and parts[0].isdecimal() else ""

    def _contradicted(self, package: Package, ingredients: IngredientSet) -> bool:
        """Whether a name of the package is one drug's, and another's than the substances are: labelers list
        simethicone as dimethicone, and an insulin mixture as its first part."""
        named = (self._names.get(fold(name)) for name in (package.nonproprietary_name, package.proprietary_name))
        return any(one is not None and len(one.sets) == 1 and ingredients not in one.sets for one in named)

    def _by_strength(self, package: Package, parts: list[str]) -> str:
        """The branded drug with the package's brand, else the clinical drug, when exactly one fits."""
        form = dose_form(package.form, package.routes)
        strengths = dict(zip(parts, map(strength, package.strengths), strict=False))
        if not form or len(strengths) != len(package.substances) or not all(strengths.values()):
            return ""
        ingredients = tuple(sorted(strengths, key=int))
        fits = self._products.get((ingredients, " / ".join(strengths[part] for part in ingredients), form), [])
        brand = fold(package.proprietary_name)
        branded = [product.rxcui for product in fits if product.brand and fold(product.brand) == brand]
        clinical = [product.rxcui for product in fits if not product.brand]
        for candidates in (branded, clinical):
            if candidates:
                return candidates[0] if len(candidates) == 1 else ""
        return ""


def _set_flags(draft: Draft, packages: Iterable[Package], placing: Placing) -> None:
    """Over the counter, and the schedule, by the majority of an ingredient's packages; only where nobody curated it."""
    types: dict[str, Counter[bool]] = defaultdict(Counter)
    schedules: dict[str, Counter[str]] = defaultdict(Counter)
    official = draft.ingredients.keys() - draft.curated.drugs.ingredients.keys()
    for package in packages:
        if len(package.substances) != 1 or "HOMEOPATHIC" in package.marketing_category:
            continue
        rxcui = placing.ingredient_of(package.substances[0])
        if rxcui in official:
            types[rxcui][package.product_type == _OTC] += 1
            schedules[rxcui][_SCHEDULES.get(package.schedule, "")] += 1
    for rxcui in sorted(types):
        otc = types[rxcui][True] > types[rxcui][False]
        # Sold without a prescription only: not a Part D drug, which must be dispensed upon one (42 CFR 423.100).
        part_d = types[rxcui][False] > 0
        schedule = min(schedules[rxcui], key=lambda one: (-schedules[rxcui][one], one))
        draft.ingredients[rxcui] = _flagged(draft.ingredients[rxcui], otc=otc, part_d=part_d, schedule=schedule)
        source = FlagSource(f"FDA NDC Directory, most of {types[rxcui].total()} packages", Status.UNVERIFIED)
        told = {"otc": otc, "part_d": not part_d, "schedule": bool(schedule)}
        draft.flag_sources[rxcui] = {flag: source for flag, stated in told.items() if stated}
        draft.counts["ingredients_flagged"] += 1


def _flagged(plain: Ingredient, *, otc: bool, part_d: bool, schedule: str) -> Ingredient:
    return Ingredient(
        plain.rxcui, plain.name, plain.family, routes=plain.routes, otc=otc, part_d=part_d, schedule=schedule
    )
