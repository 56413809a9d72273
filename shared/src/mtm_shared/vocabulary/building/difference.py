"""What a build changed against the one before it: added, retired, renamed, moved."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

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
    """The changes by table; a table without any is left out."""
    found = {name: _difference(take(before), take(now), shown) for name, take, shown in _COMPARED}
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


def _members(value: Any) -> str:
    """A condition with its codes."""
    out = "".join(f" -{code}" for code in value.excludes)
    return f"{value.name}: {' '.join(value.includes)}{out}"


def _product(value: Any) -> str:
    return f"{value.name} ({'+'.join(value.ingredients)})"


_Take = Callable[[Tables], Mapping[str, Any]]
_COMPARED: Final[tuple[tuple[str, _Take, Callable[[Any], str]], ...]] = (
    ("ingredients", lambda tables: tables.drugs.ingredients, lambda value: value.name),
    ("products", lambda tables: tables.drugs.products, _product),
    ("ndcs", lambda tables: tables.drugs.ndcs, str),
    ("retired", lambda tables: tables.retired, "+".join),
    ("icd10cm", lambda tables: tables.official.codes, lambda value: value.title),
    ("conditions", lambda tables: tables.conditions.conditions, _members),
    ("prices", lambda tables: tables.official.prices, lambda value: f"{value.price} a {value.unit}"),
)
