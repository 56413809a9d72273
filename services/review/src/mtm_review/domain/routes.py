"""Routes of administration in the few groups that matter for duplication.

Two products act together when they reach the same place: an eye drop does not add to a tablet, a patch does. The
groups are the project's own; a route nobody stated is read from the dose form, then from the ingredient's usual
route.
"""

from functools import lru_cache

from mtm_shared.values.drug import Drug

ORAL = "oral"
SYSTEMIC = frozenset({"oral", "sublingual", "transdermal", "injection", "rectal"})

_WORDS = (
    ("sublingual", "sublingual"),
    ("buccal", "sublingual"),
    ("ophthalmic", "ophthalmic"),
    ("intravitreal", "ophthalmic"),
    ("otic", "otic"),
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


@lru_cache(maxsize=4096)
def group_of(text: str) -> str:
    """The group that a route or dose form belongs to; empty when no word of it is known."""
    lowered = text.lower()
    return next((group for word, group in _WORDS if word in lowered), "")


@lru_cache(maxsize=4096)
def _usual(routes: frozenset[str]) -> str:
    groups = {group_of(route) or route.lower() for route in routes}
    return ORAL if ORAL in groups or not groups else min(groups)


def route_of(drug: Drug, stated: str = "") -> str:
    """The route group: as stated, else the product's, else its dose form's, else the ingredient's usual one."""
    for text in (stated, drug.route, drug.dose_form):
        if text and (group := group_of(text)):
            return group
    return _usual(drug.ingredients[0].routes) if drug.ingredients else ORAL
