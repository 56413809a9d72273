"""What a build changed against the one before it: added, gone, renamed, moved; classes, flags and names besides."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary.tables import Tables


class Change(NamedTuple):
    """One thing that is otherwise than before."""

    key: str
    before: str
    now: str


class Difference(NamedTuple):
    """The changes of one table: `added` and `gone` with what they are, `changed` with both."""

    added: tuple[Change, ...]
    gone: tuple[Change, ...]
    changed: tuple[Change, ...]


def differences(before: Tables, now: Tables) -> dict[str, Difference]:
    """The changes by table; a table without any is left out.

    `ndcs_of_other_drugs` are those of the changed NDCs that lead to other ingredients now, the rest being another
    product of the same.
    """
    found = {name: _difference(take(before), take(now), shown) for name, take, shown in _WHOLE}
    moved = [
        change
        for change in found["ndcs"].changed
        if _ingredients(before, change.before) != _ingredients(now, change.now)
    ]
    found = {"ndcs_of_other_drugs": Difference((), (), tuple(moved)), **found}
    found.update((name, _exchanged(take(before), take(now), words)) for name, take, words in _MEMBERS)
    for name in ("ndcs_of_other_drugs", "ndcs"):
        found[name] = _named(found[name], before, now)
    return {name: difference for name, difference in found.items() if any(difference)}


def _difference(before: Mapping[str, Any], now: Mapping[str, Any], shown: Callable[[Any], str]) -> Difference:
    old = {key: shown(value) for key, value in before.items()}
    new = {key: shown(value) for key, value in now.items()}
    return Difference(
        added=tuple(Change(key, "", new[key]) for key in sorted(new.keys() - old.keys())),
        gone=tuple(Change(key, old[key], "") for key in sorted(old.keys() - new.keys())),
        changed=tuple(
            Change(key, old[key], new[key]) for key in sorted(old.keys() & new.keys()) if old[key] != new[key]
        ),
    )


def _exchanged(before: Mapping[str, Any], now: Mapping[str, Any], words: Callable[[Any], frozenset[str]]) -> Difference:
    """What entries that both have lost and gained."""
    old = {key: words(value) for key, value in before.items()}
    new = {key: words(value) for key, value in now.items() if key in old}
    return Difference(
        added=(),
        gone=(),
        changed=tuple(
            Change(key, _list("lost", old[key] - new[key]), _list("gained", new[key] - old[key]))
            for key in sorted(new)
            if old[key] != new[key]
        ),
    )


def _list(verb: str, words: frozenset[str]) -> str:
    return f"{verb} {', '.join(sorted(words))}" if words else ""


def _named(ndcs: Difference, before: Tables, now: Tables) -> Difference:
    """The NDCs with the names of what they lead to."""
    return Difference(
        *(
            tuple(Change(key, _concept(before, old), _concept(now, new)) for key, old, new in changes)
            for changes in ndcs
        )
    )


def _concept(tables: Tables, rxcui: str) -> str:
    known = tables.drugs.products.get(rxcui) or tables.drugs.ingredients.get(rxcui)
    return f"{rxcui} {known.name}" if known else rxcui


def _ingredients(tables: Tables, rxcui: str) -> tuple[str, ...]:
    product = tables.drugs.products.get(rxcui)
    return product.ingredients if product else (rxcui,)


def _product(value: Any) -> str:
    return f"{value.name} ({'+'.join(value.ingredients)})"


def _flags(value: Ingredient) -> frozenset[str]:
    """As `flags.csv` names them; Part D, which most are, by its absence."""
    told = {name: getattr(value, name) for name in ("maintenance", "otc", "supplement", "herbal", "high_alert")}
    told |= {"not part_d": not value.part_d, f"schedule {value.schedule}": bool(value.schedule)}
    return frozenset(name for name, holds in told.items() if holds)


_Take = Callable[[Tables], Mapping[str, Any]]
_WHOLE: Final[tuple[tuple[str, _Take, Callable[[Any], str]], ...]] = (
    ("ingredients", lambda tables: tables.drugs.ingredients, lambda value: value.name),
    ("products", lambda tables: tables.drugs.products, _product),
    ("ndcs", lambda tables: tables.drugs.ndcs, str),
    ("retired", lambda tables: tables.retired, "+".join),
    ("icd10cm", lambda tables: tables.official.codes, lambda value: value.title),
    ("conditions", lambda tables: tables.conditions.conditions, lambda value: value.name),
    ("prices", lambda tables: tables.official.prices, lambda value: f"${value.price} per {value.unit}"),
)
_MEMBERS: Final[tuple[tuple[str, _Take, Callable[[Any], frozenset[str]]], ...]] = (
    ("flags", lambda tables: tables.drugs.ingredients, _flags),
    ("classes", lambda tables: tables.drugs.ingredients, lambda value: value.classes),
    ("names", lambda tables: tables.drugs.names, lambda value: frozenset((*value.brands, *value.synonyms))),
    (
        "codes_of_conditions",
        lambda tables: tables.conditions.conditions,
        lambda value: frozenset((*value.includes, *(f"not {code}" for code in value.excludes))),
    ),
    (
        "medrt",
        lambda tables: {rxcui: tables.official.assertions.get(rxcui, ()) for rxcui in tables.drugs.ingredients},
        lambda value: frozenset(f"{one.relation} {one.target_name}" for one in value),
    ),
)
