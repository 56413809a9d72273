"""From an RxNorm dose form to the route by which it is given.

RxNorm states the dose form and no route; the names of its forms (RxNorm, appendix 3: dose forms) say it, apart from
forms such as `Paste` or `Irrigation Solution` which are used in several ways and get none. An injection is
`subcutaneous` where every ingredient is given so and none of them by another injection, as the curated products have
it.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

_NO_ROUTE: Final = frozenset(
    {"Paste", "Extended Release Suspension", "Powder Spray", "Irrigation Solution", "Douche", "Pack", "Kit"}
)
_WHOLE: Final = {
    "Medicated Patch": "transdermal",
    "Medicated Pad": "topical",
    "Mouthwash": "oral",
    "Toothpaste": "oral",
    "Enema": "rectal",
    "Mucosal Spray": "sublingual",
    "Mucous Membrane Topical Solution": "topical",
    "Drug Implant": "implant",
    "Chewing Gum": "oral",
}
_WORDS: Final = (
    ("Sublingual", "sublingual"),
    ("Buccal", "buccal"),
    ("Ophthalmic", "ophthalmic"),
    ("Otic", "otic"),
    ("Nasal", "nasal"),
    ("Inhaler", "inhalation"),
    ("Inhalation", "inhalation"),
    ("Vaginal", "vaginal"),
    ("Rectal", "rectal"),
    ("Transdermal", "transdermal"),
    ("Intrauterine", "intrauterine"),
    ("Topical", "topical"),
    ("Soap", "topical"),
    ("Shampoo", "topical"),
    ("Chewable", "oral"),
    ("Oral", "oral"),
    ("Injection", "injection"),
    ("Injectable", "injection"),
    ("Injector", "injection"),
    ("Auto-Injector", "injection"),
    ("Syringe", "injection"),
    ("Cartridge", "injection"),
)


@cache
def _of_form(form: str) -> str:
    if form in _NO_ROUTE:
        return ""
    if form in _WHOLE:
        return _WHOLE[form]
    words = frozenset(form.split())
    return next((route for word, route in _WORDS if word in words), "")


def route_of(form: str, ingredient_routes: Iterable[frozenset[str]] = ()) -> str:
    """The route of a dose form, or ""; `ingredient_routes` are the usual routes of each ingredient, when known."""
    route = _of_form(form)
    routes = tuple(ingredient_routes)
    if route == "injection" and routes:
        only = all("subcutaneous" in known and "injection" not in known for known in routes)
        return "subcutaneous" if only else "injection"
    return route
