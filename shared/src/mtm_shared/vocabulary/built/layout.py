"""What stands where in a built file: derived from the types of the tables, so that writer and reader cannot differ.

Every field of `Tables` and of its parts is either a table of its own (a large mapping) or one row of `whole`. Beside
them stand the look-ups that a vocabulary in memory works out after loading and a built file has ready (`INDEXES`).
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from mtm_shared.vocabulary.built.encoding import encoding_of
from mtm_shared.vocabulary.lookups import IngredientSet, Named
from mtm_shared.vocabulary.tables import Tables

# A mapping with fewer entries is read at once: it takes less than the pages it would be looked up in.
WHOLE_BELOW: Final = 3_000
INDEXES: Final[Mapping[str, Any]] = {
    "names": Mapping[str, Named],
    "full_names": Mapping[str, str],
    "made_of": Mapping[IngredientSet, tuple[str, ...]],
    "combinations": Mapping[IngredientSet, str],
    "packages": Mapping[str, tuple[str, ...]],
}
# Said in `meta`, or stored as INDEXES.
_OTHERWISE: Final = frozenset({"version", "sha256", "names", "products"})


class Field(NamedTuple):
    """One field of a part, or (with `part` empty) of `Tables` itself."""

    part: str
    field: str
    kind: Any

    @property
    def name(self) -> str:
        """Its name in the file, such as `drugs_ingredients`."""
        return f"{self.part}_{self.field}" if self.part else self.field

    @property
    def is_mapping(self) -> bool:
        """Whether it may be a table of its own."""
        origin = get_origin(self.kind)
        return origin is not None and issubclass(origin, Mapping) and get_args(self.kind)[0] is str

    def of(self, tables: Tables) -> Any:
        """Its value."""
        return getattr(getattr(tables, self.part) if self.part else tables, self.field)


@cache
def parts() -> Mapping[str, Any]:
    """The parts of `Tables` that are records: drugs, wording, conditions and so on."""
    return {name: kind for name, kind in get_type_hints(Tables).items() if is_dataclass(kind)}


@cache
def stored_fields() -> tuple[Field, ...]:
    """The fields of all parts, and what `Tables` holds beside them."""
    records = parts()
    beside = [
        Field("", name, kind)
        for name, kind in get_type_hints(Tables).items()
        if name not in records and name not in _OTHERWISE
    ]
    inside = [
        Field(part, field.name, get_type_hints(kind)[field.name])
        for part, kind in records.items()
        for field in fields(kind)
    ]
    return (*inside, *beside)


def shapes() -> dict[str, str]:
    """The type of everything stored, in words."""
    kinds = {**{field.name: field.kind for field in stored_fields()}, **INDEXES}
    return {name: encoding_of(kind).shape for name, kind in kinds.items()}


def key_text(key: str | IngredientSet) -> str:
    """The key as it stands in the file."""
    return key if isinstance(key, str) else "+".join(key)
