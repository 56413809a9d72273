"""From RxNorm's graph to products: ingredients, strength of each, dose form, route and brand.

RxNorm builds the name of a drug out of the names of its parts: `atorvastatin 40 MG Oral Tablet [Lipitor]` is the
component, the dose form and the brand. The relations are therefore checked against the name, and a drug whose name
says otherwise than its relations (a component lost, a form exchanged) is set aside with the reason; a wrong drug would
be worse than none.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.forms import route_of
from mtm_shared.vocabulary.official.rxnorm_graph import Concept, Graph

_STRENGTH: Final = re.compile(r".+? ([0-9][0-9.]*(?:E-?[0-9]+)? [A-Za-z%\[\]-]+(?:/[A-Za-z0-9\[\]-]+)?)")
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) (.+)")
_BRANDED: Final = re.compile(r"(.+) \[([^\[\]]+)\]")
_BETWEEN_PARTS: Final = " / "
_PACKED: Final = re.compile(r"[0-9][0-9.]* (?:\([^()]*\) )?\((.+?)\)(?= / [0-9]| \})")
_INERT: Final = "inert ingredients"


class Unfit(Exception):
    """Why a concept cannot be made a product; the code is what it is counted under."""


class Component(NamedTuple):
    """One ingredient with its strength, and the name that stands in the drug's name."""

    ingredient: int
    strength: str
    name: str


class Products:
    """Makes the products of a release, each checked against its own name."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._concepts = graph.concepts
        self._components: dict[int, Component | None] = {}
        self._sold: dict[str, set[tuple[str, ...]]] = {}
        self.made: dict[int, Product] = {}
        self.unfit: dict[int, str] = {}

    def make(self) -> Counter[str]:
        """Fill `made` and `unfit`; returns how many concepts there are of each term type."""
        makers: tuple[tuple[str, Callable[[int, Concept], Product]], ...] = (
            ("PIN", self._salt),
            ("MIN", self._combination),
            ("SCDC", self._component_product),
            ("SBDC", self._branded_component),
            ("SCD", self._drug),
            ("SBD", self._drug),
            ("BN", self._brand),
            ("GPCK", self._pack),
            ("BPCK", self._pack),
        )
        by_type: dict[str, list[int]] = {}
        for rxcui, concept in self._concepts.items():
            by_type.setdefault(concept.tty, []).append(rxcui)
            if concept.tty == "SBD" and (written := _BRANDED.fullmatch(concept.name)):
                self._sold.setdefault(written[2], set())
        for tty, maker in makers:
            for rxcui in by_type.get(tty, ()):
                try:
                    self.made[rxcui] = maker(rxcui, self._concepts[rxcui])
                except Unfit as problem:
                    self.unfit[rxcui] = str(problem)
        return Counter({tty: len(found) for tty, found in by_type.items()})

    def _name(self, rxcui: int) -> str:
        return self._concepts[rxcui].name

    def _base(self, rxcui: int) -> int:
        """The ingredient (IN) of an ingredient or salt."""
        if self._concepts[rxcui].tty == "IN":
            return rxcui
        bases = self._graph.parts("bases", rxcui)
        if len(bases) != 1:
            raise Unfit("no_ingredient" if not bases else "several_ingredients")
        return bases[0]

    def _component(self, rxcui: int) -> Component:
        if rxcui not in self._components:
            try:
                self._components[rxcui] = self._read_component(rxcui)
            except Unfit:
                self._components[rxcui] = None
        component = self._components[rxcui]
        if component is None:
            raise Unfit("no_component")
        return component

    def _read_component(self, rxcui: int) -> Component:
        graph, name = self._graph, self._name(rxcui)
        salts = {*graph.parts("salts_in", rxcui), *graph.parts("ingredients", rxcui, "PIN")}
        plain = graph.parts("ingredients", rxcui, "IN")
        bases = set(plain) or {self._base(salt) for salt in salts}
        if len(bases) != 1:
            raise Unfit("no_ingredient" if not bases else "several_ingredients")
        (ingredient,) = bases
        for salt in salts:
            known = graph.parts("bases", salt)
            if known and ingredient not in known:
                raise Unfit("several_ingredients")
        return Component(ingredient, self._strength(name, [*salts, ingredient]), name)

    def _strength(self, name: str, ingredients: Iterable[int]) -> str:
        for rxcui in ingredients:
            rest = name.removeprefix(self._name(rxcui) + " ")
            if rest != name and rest[:1].isdigit():
                return rest
        found = _STRENGTH.fullmatch(name)
        if found is None:
            raise Unfit("no_strength")
        return found[1]

    def _component_product(self, rxcui: int, concept: Concept) -> Product:
        component = self._read_component(rxcui)
        return Product(str(rxcui), "SCDC", concept.name, (str(component.ingredient),), component.strength, "", "", "")

    def _branded_component(self, rxcui: int, concept: Concept) -> Product:
        parts = [self._component(part) for part in self._graph.parts("generics", rxcui, "SCDC")]
        stem, brand = self._branded(rxcui, concept)
        _check_name(stem, parts)
        ingredients, strength = _strengths(parts)
        return Product(str(rxcui), "SBDC", concept.name, ingredients, strength, "", "", brand)

    def _drug(self, rxcui: int, concept: Concept) -> Product:
        parts = [self._component(part) for part in self._component_numbers(rxcui, concept.tty)]
        stem, brand = self._branded(rxcui, concept) if concept.tty == "SBD" else (concept.name, "")
        form = self._form(rxcui)
        if not stem.endswith(" " + form):
            raise Unfit("name_disagrees")
        _check_name(stem.removesuffix(" " + form), parts)
        ingredients, strength = _strengths(parts)
        if brand:
            self._sold[brand].add(ingredients)
        return Product(str(rxcui), concept.tty, concept.name, ingredients, strength, form, route_of(form), brand)

    def _component_numbers(self, rxcui: int, tty: str) -> tuple[int, ...]:
        found = self._graph.parts("components", rxcui, "SCDC")
        if not found and tty == "SBD":
            generics = self._graph.parts("generics", rxcui, "SCD")
            found = self._graph.parts("components", generics[0], "SCDC") if len(generics) == 1 else ()
        if not found:
            raise Unfit("no_component")
        return found

    def _form(self, rxcui: int) -> str:
        forms = self._graph.parts("forms", rxcui)
        if len(forms) != 1:
            raise Unfit("no_dose_form" if not forms else "several_dose_forms")
        return self._name(forms[0])

    def _branded(self, rxcui: int, concept: Concept) -> tuple[str, str]:
        """The name without its brand, and the brand, on which the name and the relation must agree."""
        written = _BRANDED.fullmatch(concept.name)
        brands = self._graph.parts("ingredients", rxcui, "BN")
        if written is None or any(self._name(brand) != written[2] for brand in brands):
            raise Unfit("name_disagrees")
        return written[1], written[2]

    def _salt(self, rxcui: int, concept: Concept) -> Product:
        return Product(str(rxcui), "PIN", concept.name, (str(self._base(rxcui)),), "", "", "", "")

    def _combination(self, rxcui: int, concept: Concept) -> Product:
        members = self._graph.parts("members", rxcui)
        ingredients = _ascending(self._base(member) for member in members)
        written = concept.name.count(_BETWEEN_PARTS) + 1
        if written not in (len(members), len(ingredients)):
            raise Unfit("name_disagrees" if members else "no_ingredient")
        if sum(self._name(member) in concept.name for member in members) < written:
            raise Unfit("name_disagrees")
        return Product(str(rxcui), "MIN", concept.name, ingredients, "", "", "", "")

    def _brand(self, rxcui: int, concept: Concept) -> Product:
        """A brand has the ingredients of the branded drugs that bear its name, all of them and no others."""
        graph, sold = self._graph, self._sold.get(concept.name)
        if sold is not None and not sold:
            raise Unfit("no_branded_drug")
        found: set[int] = set()
        for generic in graph.parts("generics", rxcui, "IN", "PIN", "MIN"):
            members = graph.parts("members", generic) if self._concepts[generic].tty == "MIN" else (generic,)
            found.update(self._base(member) for member in members)
        found.update(self._base(salt) for salt in graph.parts("salts_in", rxcui))
        ingredients = _ascending(found) or (next(iter(sold)) if sold and len(sold) == 1 else ())
        if not ingredients:
            raise Unfit("no_ingredient")
        if sold and set(ingredients) != {one for drug in sold for one in drug}:
            raise Unfit("name_disagrees")
        return Product(str(rxcui), "BN", concept.name, ingredients, "", "", "", concept.name)

    def _pack(self, rxcui: int, concept: Concept) -> Product:
        """A pack has the ingredients of its drugs, the tablets without any (`inert ingredients`) left aside."""
        contents = self._graph.parts("contents", rxcui)
        drugs = [self.made[part] for part in contents if part in self.made]
        if not drugs or len(drugs) != len(contents):
            raise Unfit("no_component")
        written = {_unbranded(name) for name in _PACKED.findall(concept.name)}
        if written != {_unbranded(drug.name) for drug in drugs}:
            raise Unfit("name_disagrees")
        stem, brand = self._branded(rxcui, concept) if concept.tty == "BPCK" else (concept.name, "")
        form = self._form(rxcui)
        if not stem.endswith("} " + form):
            raise Unfit("name_disagrees")
        routes = {drug.route for drug in drugs}
        ingredients = _ascending(
            int(one) for drug in drugs for one in drug.ingredients if self._name(int(one)) != _INERT
        )
        if not ingredients:
            raise Unfit("no_ingredient")
        route = routes.pop() if len(routes) == 1 else ""
        return Product(str(rxcui), concept.tty, concept.name, ingredients, "", form, route, brand)


def _ascending(rxcuis: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(rxcui) for rxcui in sorted(set(rxcuis)))


def _unbranded(name: str) -> str:
    written = _BRANDED.fullmatch(name)
    return written[1] if written else name


def _check_name(stem: str, parts: list[Component]) -> None:
    """The stem must be the components' names, in any order, after a duration or quantity (`24 HR`, `10 ML`)."""
    inside = sum(part.name.count(_BETWEEN_PARTS) for part in parts)
    if not parts or stem.count(_BETWEEN_PARTS) != inside + len(parts) - 1:
        raise Unfit("name_disagrees")
    padded = f" {stem} "
    if not all(f" {part.name} " in padded for part in parts):
        raise Unfit("name_disagrees")


def _strengths(parts: list[Component]) -> tuple[tuple[str, ...], str]:
    """Ingredients in ascending order and their strengths; salts of one ingredient in one drug are added up."""
    by_ingredient: dict[int, list[str]] = {}
    for part in parts:
        by_ingredient.setdefault(part.ingredient, []).append(part.strength)
    ordered: Mapping[int, list[str]] = dict(sorted(by_ingredient.items()))
    return _ascending(ordered), _BETWEEN_PARTS.join(_added(strengths) for strengths in ordered.values())


def _added(strengths: list[str]) -> str:
    if len(strengths) == 1:
        return strengths[0]
    read = [_AMOUNT.fullmatch(strength) for strength in strengths]
    units = {found[2] for found in read if found}
    if len(units) != 1 or not all(read):
        raise Unfit("several_units")
    total = sum((Decimal(found[1]) for found in read if found), Decimal(0))
    text = f"{total:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {units.pop()}"
