"""Official files made up for measuring and testing: true in structure and size, invented in part, never published.

The rows of RxNorm's own are the packaged dictionary's products, ingredients and NDCs, taken apart into the concepts
and relations that RxNorm would state for them; around them stand invented neighbours (other sources, suppressed rows,
other attributes, invented drugs), so that a reader has the real work to do (`benchmarks.official_sizes` writes them).
The same call writes the same bytes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.model import Product

_FIRST_INVENTED = 90_000_000
_PACKED = re.compile(r"[0-9]+ (?:\([^()]*\) )?\((.+?)\)(?= / [0-9]+ \(| \})")
_INERT = "inert ingredients"
_INERT_TABLET = "inert ingredients 1 MG Oral Tablet"
_RELATIONS = {
    "consists_of": ("RO", "constitutes"),
    "has_ingredient": ("RO", "ingredient_of"),
    "has_dose_form": ("RO", "dose_form_of"),
    "tradename_of": ("RN", "has_tradename"),
    "form_of": ("RN", "has_form"),
    "has_part": ("RO", "part_of"),
    "contains": ("RO", "contained_in"),
}


class Tables(NamedTuple):
    """The rows of a release's three tables, without their line ends."""

    conso: list[str]
    rel: list[str]
    sat: list[str]


class ReleaseMaker:
    """Takes products apart into RxNorm's concepts and relations.

    `made` holds the RxCUIs of the products that could be taken apart, which is what a reader must bring back.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.tables = Tables([], [], [])
        self.made: set[str] = set()
        self._vocabulary = vocabulary
        self._numbers: dict[tuple[str, str], int] = {}
        self._written: set[str] = set()
        self._next = _FIRST_INVENTED
        self._atoms = 1_000_000
        self._components: dict[str, str] = {}
        self._drugs: dict[str, Product] = {}
        self._brands: dict[str, Product] = {}
        self._precise: dict[str, list[str]] = {}
        for product in vocabulary.products.values():
            if product.tty == "SCDC":
                self._components[product.name] = product.rxcui
            elif product.tty in ("SCD", "SBD"):
                self._drugs[product.name] = product
            elif product.tty == "BN":
                self._brands[product.name] = product
            elif product.tty == "PIN":
                self._precise.setdefault(product.ingredients[0], []).append(product.name)

    def add(self, product: Product) -> bool:
        """One product with all that it stands on; False when its name does not show what it is made of."""
        if product.rxcui in self.made:
            return True
        add = {"SCD": self._drug, "SBD": self._drug, "SBDC": self._drug, "SCDC": self._component}
        add.update(dict.fromkeys(("GPCK", "BPCK"), self._pack))
        done = add.get(product.tty, self._simple)(product)
        if done:
            self.made.add(product.rxcui)
        return done

    def add_ndc(self, ndc: str, rxcui: str) -> None:
        """An NDC of a product."""
        self._atoms += 1
        self.tables.sat.append(f"{rxcui}|||{self._atoms}|AUI|{rxcui}|||NDC|RXNORM|{ndc}|N|4096|")

    def atom(self, rxcui: str, tty: str, name: str) -> None:
        """A concept's name, once."""
        if rxcui not in self._written:
            self._written.add(rxcui)
            self._write_atom(rxcui, tty, name)

    def synonym(self, rxcui: str, tty: str, name: str) -> None:
        """Another name of a concept."""
        self._write_atom(rxcui, tty, name)

    def relate(self, whole: str, rela: str, part: str) -> None:
        """`whole` stands in `rela` to `part`, stated from both ends."""
        rel, inverse = _RELATIONS[rela]
        self._atoms += 2
        self.tables.rel.append(f"{part}||CUI|{rel}|{whole}||CUI|{rela}|{self._atoms}||RXNORM||||N|4096|")
        self.tables.rel.append(f"{whole}||CUI|{rel}|{part}||CUI|{inverse}|{self._atoms + 1}||RXNORM||||N|4096|")

    def ingredient(self, rxcui: str) -> bool:
        """An ingredient of the dictionary."""
        known = self._vocabulary.ingredient(rxcui)
        if known is None or not rxcui.isdecimal():
            return False
        self.atom(rxcui, "IN", known.name)
        return True

    def _write_atom(self, rxcui: str, tty: str, name: str) -> None:
        self._atoms += 1
        self.tables.conso.append(
            f"{rxcui}|ENG||||||{self._atoms}|{self._atoms}|{rxcui}||RXNORM|{tty}|{rxcui}|{name}||N|4096|"
        )

    def _number(self, kind: str, name: str) -> str:
        if (kind, name) not in self._numbers:
            self._numbers[kind, name] = self._next
            self._next += 1
        return str(self._numbers[kind, name])

    def _simple(self, product: Product) -> bool:
        """A salt, a combination or a brand."""
        if product.tty not in ("PIN", "MIN", "BN") or not all(map(self.ingredient, product.ingredients)):
            return False
        if product.tty == "MIN" and not self._names_members(product):
            return False
        self.atom(product.rxcui, product.tty, product.name)
        rela = {"PIN": "form_of", "MIN": "has_part", "BN": "tradename_of"}[product.tty]
        for ingredient in product.ingredients:
            self.relate(product.rxcui, rela, ingredient)
        return True

    def _names_members(self, product: Product) -> bool:
        names = [self._vocabulary.ingredients[rxcui].name for rxcui in product.ingredients]
        return sorted(product.name.split(" / ")) == sorted(names)

    def _component(self, product: Product) -> bool:
        if not all(map(self.ingredient, product.ingredients)):
            return False
        if not product.name.endswith(f" {product.strength}"):
            return False
        self.atom(product.rxcui, "SCDC", product.name)
        self.relate(product.rxcui, "has_ingredient", product.ingredients[0])
        return True

    def _drug(self, product: Product) -> bool:
        stem = product.name.removesuffix(f" [{product.brand}]").removesuffix(f" {product.form}")
        parts = self._parts(product, stem)
        if parts is None or not all(map(self.ingredient, product.ingredients)):
            return False
        if product.tty != "SBDC" and not product.form:
            return False
        self.atom(product.rxcui, product.tty, product.name)
        if product.tty == "SBD" and (brand := self._brands.get(product.brand)) and self.add(brand):
            self.relate(product.rxcui, "has_ingredient", brand.rxcui)
        for name, ingredient in parts:
            component = self._components.get(name) or self._number("SCDC", name)
            if component not in self._written:
                self.atom(component, "SCDC", name)
                self.relate(component, "has_ingredient", ingredient)
                self.made.discard(component)
            self.relate(product.rxcui, "tradename_of" if product.tty == "SBDC" else "consists_of", component)
        self._form(product)
        return True

    def _form(self, product: Product) -> None:
        if product.form:
            form = self._number("DF", product.form)
            self.atom(form, "DF", product.form)
            self.relate(product.rxcui, "has_dose_form", form)

    def _pack(self, product: Product) -> bool:
        members = [self._member(name) for name in _PACKED.findall(product.name)]
        if not members or not all(members):
            return False
        self.atom(product.rxcui, product.tty, product.name)
        self._form(product)
        for member in dict.fromkeys(members):
            self.relate(product.rxcui, "contains", member)
        return True

    def _member(self, name: str) -> str:
        """The RxCUI of a drug in a pack, "" for one that the dictionary does not have."""
        if name == _INERT_TABLET:
            return self._inert()
        drug = self._drugs.get(name)
        return drug.rxcui if drug and self.add(drug) else ""

    def _inert(self) -> str:
        drug = self._number("SCD", _INERT_TABLET)
        if drug not in self._written:
            ingredient, component = self._number("IN", _INERT), self._number("SCDC", f"{_INERT} 1 MG")
            self.atom(ingredient, "IN", _INERT)
            self.atom(component, "SCDC", f"{_INERT} 1 MG")
            self.atom(drug, "SCD", _INERT_TABLET)
            self.relate(component, "has_ingredient", ingredient)
            self.relate(drug, "consists_of", component)
            self._form(Product(drug, "SCD", _INERT_TABLET, (), "", "Oral Tablet", "", ""))
        return drug

    def _parts(self, product: Product, stem: str) -> list[tuple[str, str]] | None:
        """The component's name and ingredient for each part of the name; None when they cannot be told apart."""
        segments = stem.split(" / ")
        parts: list[tuple[str, str]] = []
        for segment in segments:
            found = [
                (f"{name} {strength}", rxcui)
                for rxcui in product.ingredients
                for name in self._names_of(rxcui)
                if (strength := _after(segment, name))
            ]
            if not found:
                return None
            parts.append(max(found, key=lambda part: len(part[0])))
        if {rxcui for _, rxcui in parts} != set(product.ingredients) or len(set(parts)) != len(parts):
            return None
        known = [self._vocabulary.products[self._components[name]] for name, _ in parts if name in self._components]
        return parts if all(one.name.endswith(f" {one.strength}") for one in known) else None

    def _names_of(self, rxcui: str) -> Iterator[str]:
        if known := self._vocabulary.ingredient(rxcui):
            yield known.name
        yield from self._precise.get(rxcui, ())


def _after(segment: str, name: str) -> str:
    """What follows the ingredient's name in a part of a drug's name, when it is a strength."""
    found = re.search(rf"(?:^| ){re.escape(name)} ([0-9][0-9.]* [A-Z/]+)$", segment)
    return found[1] if found else ""


def packaged_release(
    vocabulary: Vocabulary | None = None, *, take: int | None = None, ttys: Iterable[str] | None = None
) -> ReleaseMaker:
    """The packaged dictionary (its first `take` products of each of `ttys`) taken apart into RxNorm's tables."""
    known = vocabulary or load_vocabulary()
    maker = ReleaseMaker(known)
    counts: dict[str, int] = {}
    wanted = frozenset(ttys or ("PIN", "MIN", "BN", "SCDC", "SCD", "SBD", "SBDC", "GPCK", "BPCK"))
    for product in known.products.values():
        counts[product.tty] = counts.get(product.tty, 0) + 1
        if product.tty in wanted and (take is None or counts[product.tty] <= take):
            maker.add(product)
    for ndc, rxcui in sorted(known.tables.drugs.ndcs.items()):
        if rxcui in maker.made:
            maker.add_ndc(ndc, rxcui)
    return maker


def add_invented(maker: ReleaseMaker, drugs: int, ndcs_each: int) -> None:
    """Invented single-ingredient drugs, each with component, generic, brand and NDCs."""
    number, ndc = _FIRST_INVENTED + 1_000_000, 70_000_000_000
    form = str(number)
    maker.atom(form, "DF", "Invented Tablet")
    for index in range(drugs):
        base = number + 10 + index * 10
        ingredient, component, generic, brand, branded = (str(base + step) for step in range(5))
        name, sold = f"inventamol {index}x", f"Inventa {index}x"
        maker.atom(ingredient, "IN", name)
        maker.atom(component, "SCDC", f"{name} 5 MG")
        maker.atom(generic, "SCD", f"{name} 5 MG Invented Tablet")
        maker.atom(brand, "BN", sold)
        maker.atom(branded, "SBD", f"{name} 5 MG Invented Tablet [{sold}]")
        maker.synonym(generic, "SY", f"{name} 5 mg tab")
        maker.relate(component, "has_ingredient", ingredient)
        maker.relate(brand, "tradename_of", ingredient)
        maker.relate(branded, "has_ingredient", brand)
        for drug in (generic, branded):
            maker.relate(drug, "consists_of", component)
            maker.relate(drug, "has_dose_form", form)
            for _ in range(ndcs_each):
                ndc += 1
                maker.add_ndc(str(ndc), drug)
