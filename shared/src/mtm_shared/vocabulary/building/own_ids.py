"""Ids of our own give way to RxCUIs: RxNorm is where a drug's identity comes from, as soon as it is at hand.

The curated dictionary names drugs whose RxCUI no list at hand proved by an id `local:…`. When an official ingredient
has the same name, the curated row takes its RxCUI, and the id of ours leads to it like a retired RxCUI.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar

from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.drugs import DrugTables, in_order
from mtm_shared.vocabulary.official.records import RxNormContent
from mtm_shared.vocabulary.wording import fold

OWN: Final = "local:"
_T = TypeVar("_T")


def give_rxcuis(draft: Draft, content: RxNormContent) -> None:
    """Put official RxCUIs in the place of our own ids, in the draft and in the curated tables that it compares with."""
    official = {fold(ingredient.name): rxcui for rxcui, ingredient in content.ingredients.items()}
    given = {
        own: official[fold(ingredient.name)]
        for own, ingredient in draft.curated.drugs.ingredients.items()
        if own.startswith(OWN) and fold(ingredient.name) in official
    }
    given = {own: rxcui for own, rxcui in given.items() if rxcui not in draft.ingredients}
    if not given:
        return
    drugs = _given(draft.curated.drugs, given)
    draft.curated = replace(draft.curated, drugs=drugs)
    draft.ingredients, draft.names = dict(drugs.ingredients), dict(drugs.names)
    draft.flag_sources = dict(drugs.flag_sources)
    draft.retired.update((own, (rxcui,)) for own, rxcui in given.items())
    draft.counts["own_ids_given_rxcuis"] = len(given)


def _given(drugs: DrugTables, given: Mapping[str, str]) -> DrugTables:
    ingredients = _rekeyed(drugs.ingredients, given)
    return replace(
        drugs,
        ingredients={rxcui: replace(each, rxcui=rxcui) for rxcui, each in ingredients.items()},
        names=_rekeyed(drugs.names, given),
        flag_sources=_rekeyed(drugs.flag_sources, given),
        aliases=tuple(
            alias._replace(
                ingredients=tuple(sorted((given.get(part, part) for part in alias.ingredients), key=in_order))
            )
            for alias in drugs.aliases
        ),
    )


def _rekeyed(table: Mapping[str, _T], given: Mapping[str, str]) -> dict[str, _T]:
    return {given.get(key, key): value for key, value in table.items()}
