"""Lists in pages: `?limit=&cursor=` in, `{"items": [], "next_cursor": null}` out.

A cursor is the sort key of the last item, so that pages stay right while rows are added. It is opaque to callers and
checked when it comes back: anything that this service could not have written is 422 `invalid_cursor`.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Query

from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web.problems import ApiProblem

DEFAULT_LIMIT: Final = 50
MAXIMUM_LIMIT: Final = 500
_LARGEST_INTEGER: Final = 2**63 - 1

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked for; `after` is None on the first page."""

    limit: int
    cursor: str | None

    def after(self, *kinds: type[str] | type[int]) -> tuple[str | int, ...] | None:
        """The last item's key, of exactly these types; dates travel as ISO strings."""
        return None if self.cursor is None else decode_cursor(self.cursor, kinds)


def _paging(
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> Paging:
    return Paging(limit, cursor)


PageQuery = Annotated[Paging, Depends(_paging)]


def encode_cursor(*key: str | int) -> str:
    """An opaque cursor for the item with this sort key."""
    text = json.dumps(key, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type[str] | type[int]]) -> tuple[str | int, ...]:
    """The sort key inside a cursor, or 422 `invalid_cursor`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise _invalid() from None
    if not isinstance(key, list) or len(key) != len(kinds):
        raise _invalid()
    if not all(_fits(value, kind) for value, kind in zip(key, kinds, strict=True)):
        raise _invalid()
    return tuple(key)


def _fits(value: object, kind: type) -> bool:
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER
    return isinstance(value, str) and value.isprintable()


def _invalid() -> ApiProblem:
    fault = ProblemError(
        pointer="#/query/cursor", code="invalid_cursor", message="Use the next_cursor of an answer, unchanged."
    )
    return ApiProblem(422, "invalid_cursor", "The cursor is not one that this service gave.", errors=[fault])


def page_of(
    rows: Sequence[_Row], limit: int, key: Callable[[_Row], tuple[str | int, ...]]
) -> tuple[list[_Row], str | None]:
    """The page and its next cursor, from a query that asked for `limit + 1` rows."""
    page = list(rows[:limit])
    return page, encode_cursor(*key(page[-1])) if len(rows) > limit else None
