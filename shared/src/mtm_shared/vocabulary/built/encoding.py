"""Values of the dictionary as JSON text and back, led by their types alone.

A record (a named tuple or a dataclass) is the list of its fields in order, so a field that is added to a record is
stored without a word here. The `shape` spells the type out; a file whose shapes are not this release's is not read.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple, Union, get_args, get_origin, get_type_hints

_AS_IT_IS: Final = (str, int, bool)


class Encoding(NamedTuple):
    """To what JSON knows, back again, and the type in words; `plain` means that both change nothing."""

    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    shape: str
    plain: bool = False


def to_text(value: Any) -> str:
    """JSON without blanks, as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def encoding_of(kind: Any) -> Encoding:
    """How values of the type are stored."""
    if kind in _AS_IT_IS:
        return Encoding(_same, _same, kind.__name__, plain=True)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is frozenset:
        return _set(encoding_of(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(encoding_of(arguments[0]), encoding_of(arguments[1]))
    return _named(kind)


def _named(kind: Any) -> Encoding:
    if kind is Decimal:
        return Encoding(str, Decimal, "decimal")
    if kind is date:
        return Encoding(date.isoformat, date.fromisoformat, "date")
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Encoding(lambda value: value.value, kind, kind.__name__)
    if is_dataclass(kind):
        return _record(kind, [field.name for field in fields(kind)])
    if hasattr(kind, "_fields"):
        return _record(kind, list(kind._fields))
    raise TypeError(f"{kind!r} cannot be stored in a built vocabulary")


def _same(value: Any) -> Any:
    return value


def _optional(arguments: tuple[Any, ...]) -> Encoding:
    inner = encoding_of(next(kind for kind in arguments if kind is not type(None)))
    if len(arguments) != 2 or type(None) not in arguments:
        raise TypeError(f"{arguments!r} cannot be stored in a built vocabulary")
    shape = f"{inner.shape}?"
    if inner.plain:
        return inner._replace(shape=shape)
    return Encoding(
        lambda value: None if value is None else inner.to_json(value),
        lambda value: None if value is None else inner.from_json(value),
        shape,
    )


def _tuple(arguments: tuple[Any, ...]) -> Encoding:
    if Ellipsis not in arguments:
        return _fixed([encoding_of(kind) for kind in arguments])
    inner = encoding_of(arguments[0])
    shape = f"({inner.shape}...)"
    if inner.plain:
        return Encoding(list, tuple, shape)
    return Encoding(lambda value: [*map(inner.to_json, value)], lambda value: tuple(map(inner.from_json, value)), shape)


def _fixed(inner: list[Encoding]) -> Encoding:
    """A tuple of a known length, such as a key of two codes."""
    shape = f"({','.join(encoding.shape for encoding in inner)})"
    if all(encoding.plain for encoding in inner):
        return Encoding(list, tuple, shape)
    return Encoding(
        lambda value: [encoding.to_json(item) for encoding, item in zip(inner, value, strict=True)],
        lambda value: tuple(encoding.from_json(item) for encoding, item in zip(inner, value, strict=True)),
        shape,
    )


def _set(inner: Encoding) -> Encoding:
    """Sets have no order: they are stored sorted, or one file would have two forms."""
    return Encoding(
        lambda value: sorted(map(inner.to_json, value)),
        lambda value: frozenset(map(inner.from_json, value)),
        f"{{{inner.shape}...}}",
    )


def _mapping(key: Encoding, value: Encoding) -> Encoding:
    """In the order of the mapping."""
    return Encoding(
        lambda items: [[key.to_json(name), value.to_json(item)] for name, item in items.items()],
        lambda items: {key.from_json(name): value.from_json(item) for name, item in items},
        f"{{{key.shape}: {value.shape}}}",
    )


def _record(kind: Any, names: list[str]) -> Encoding:
    hints = get_type_hints(kind)
    inner = [encoding_of(hints[name]) for name in names]
    to = [(name, encoding.to_json) for name, encoding in zip(names, inner, strict=True)]
    back = [(place, encoding.from_json) for place, encoding in enumerate(inner) if not encoding.plain]

    def to_json(value: Any) -> list[Any]:
        return [encode(getattr(value, name)) for name, encode in to]

    def from_json(values: list[Any]) -> Any:
        for place, decode in back:
            values[place] = decode(values[place])
        return kind(*values)

    spelled = ",".join(f"{name}:{encoding.shape}" for name, encoding in zip(names, inner, strict=True))
    return Encoding(to_json, from_json, f"{kind.__name__}({spelled})")
