"""Routes of administration in the few groups that matter for duplication.

Two products act together when they reach the same place: an eye drop does not add to a tablet, a patch does. The
groups are the project's own; a route nobody stated is read from the dose form, then from the ingredient's usual
route.
"""

import re
from functools import lru_cache

from mtm_shared.values.drug import Drug

ORAL = "oral"
SYSTEMIC = frozenset({"oral", "sublingual", "transdermal", "injection", "rectal"})

_WORDS = (
    ("sublingual", "sublingual"),
    ("buccal", "sublingual"),
    ("ophthalmic", "ophthalmic"),
    ("intravitreal", "ophthalmic"),
    ("eye drop", "ophthalmic"),
    ("eye ointment", "ophthalmic"),
    ("otic", "otic"),
    ("ear drop", "otic"),
    ("nasal", "nasal"),
    ("inhal", "inhaled"),
    ("nebuli", "inhaled"),
    ("transdermal", "transdermal"),
    ("patch", "transdermal"),
    ("vaginal", "vaginal"),
    ("rectal", "rectal"),
    ("inject", "injection"),
    ("subcutaneous", "injection"),
    ("intramuscular", "injection"),
    ("intravenous", "injection"),
    ("oral", ORAL),
    ("mouth", ORAL),
    ("topical", "topical"),
    ("cutaneous", "topical"),
    ("cream", "topical"),
    ("ointment", "topical"),
    ("gel", "topical"),
    ("tablet", ORAL),
    ("capsule", ORAL),
)


_PATTERNS = tuple((re.compile(rf"\b{word}"), group) for word, group in _WORDS)


@lru_cache(maxsize=8192)
def group_of(text: str) -> str:
    """The group that a route, dose form or written name speaks of; empty when no word of it is known."""
    lowered = text.lower()
    return next((group for pattern, group in _PATTERNS if pattern.search(lowered)), "")


@lru_cache(maxsize=8192)
def _usual(routes: tuple[frozenset[str], ...]) -> str:
    """The group that all ingredients share, by mouth before any other."""
    groups = [{group_of(route) or route.lower() for route in one} for one in routes if one]
    if not groups:
        return ORAL
    shared = set.intersection(*groups) or set.union(*groups)
    return ORAL if ORAL in shared else min(shared)


def route_of(drug: Drug, stated: str = "", written: str = "") -> str:
    """The route group: as stated, else the product's, its dose form's, the written name's, else the usual one."""
    for text in (stated, drug.route, drug.dose_form, written):
        if text and (group := group_of(text)):
            return group
    return _usual(tuple([ingredient.routes for ingredient in drug.ingredients]))
