"""From an identifier on a claim or a list to the drug: the NDC first, then the RxCUI, then the written name."""

from typing import Final

from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy
from mtm_shared.vocabulary.model import NotUnderstood, Product
from mtm_shared.vocabulary.names import Match, NameIndex
from mtm_shared.vocabulary.ndcs import NdcReader
from mtm_shared.vocabulary.tables import Tables

_NOTHING_GIVEN: Final = NotUnderstood("missing_identifier", "", "no NDC, RxCUI or name was given")


class Understanding:
    """Answers one identifier at a time; remembers nothing (the `Vocabulary` does)."""

    def __init__(self, tables: Tables) -> None:
        self._drugs = tables.drugs
        self._products = tables.products
        self._retired = tables.retired
        self._names = NameIndex(tables)
        self._ndcs = NdcReader(tables)

    def understand(self, ndc: str | None, rxcui: str | None, name: str | None) -> Drug | NotUnderstood:
        """The drug of the first identifier that leads to one; otherwise why the first one given does not."""
        first: NotUnderstood | None = None
        for given, look_up in ((ndc, self._by_ndc), (rxcui, self._by_rxcui), (name, self._by_name)):
            if given is None or not given.strip():
                continue
            answer = look_up(given.strip())
            if isinstance(answer, Drug):
                return answer
            first = first or answer
        return first or _NOTHING_GIVEN

    def _by_ndc(self, text: str) -> Drug | NotUnderstood:
        product = self._ndcs.read(text)
        return self._of_concept(product, ResolvedBy.NDC) if isinstance(product, str) else product

    def _by_rxcui(self, text: str) -> Drug | NotUnderstood:
        if text in self._drugs.ingredients or text in self._drugs.products:
            return self._of_concept(text, ResolvedBy.RXCUI)
        now = self._retired.get(text, ())
        if len(now) == 1:
            return self._of_concept(now[0], ResolvedBy.RXCUI)
        if now:
            names = tuple(self._of_concept(rxcui, ResolvedBy.RXCUI).name for rxcui in now)
            return NotUnderstood("ambiguous_rxcui", text, "several concepts stand in place of this old RxCUI", names)
        return NotUnderstood("unknown_rxcui", text, "the vocabulary does not hold this RxCUI")

    def _by_name(self, text: str) -> Drug | NotUnderstood:
        match = self._names.resolve(text)
        if isinstance(match, NotUnderstood):
            return match
        if match.product is not None:
            return self._of_product(match.product, ResolvedBy.NAME)
        return self._of_match(match)

    def _of_concept(self, rxcui: str, resolved_by: ResolvedBy) -> Drug:
        """A product or, where an NDC leads no further than that, an ingredient."""
        product = self._drugs.products.get(rxcui)
        if product is not None:
            return self._of_product(product, resolved_by)
        ingredient = self._drugs.ingredients[rxcui]
        return Drug(rxcui, ingredient.name, (ingredient,), resolved_by)

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
        combination = self._products.combination(match.ingredients)
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
