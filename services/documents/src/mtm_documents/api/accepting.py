"""Which of its two shapes a document is given in: the one that the caller likes best (`Accept`, RFC 9110, 12.5.1).

PDF is what is mailed, so it is given where both are liked alike and no order says otherwise, and to a caller that
takes neither: many clients say `application/json` with every request and mean nothing by it.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from mtm_documents.rendering.render import Target

MEDIA_TYPES: Final[Mapping[Target, str]] = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
_RANGES: Final[Mapping[Target, tuple[str, str, str]]] = {
    "pdf": ("application/pdf", "application/*", "*/*"),
    "html": ("text/html", "text/*", "*/*"),
}
"""The most specific first: it decides, whatever a wider range says."""


_Shape = TypeVar("_Shape", bound=str)


def preferred(accept: str | None) -> Target:
    """The target liked best; PDF without a header."""
    return most_liked(accept, _RANGES)


def most_liked(accept: str | None, shapes: Mapping[_Shape, tuple[str, str, str]]) -> _Shape:
    """The shape liked best, each with its media ranges from the most specific on; the first where nothing decides."""
    told = _told(accept or "")
    best, *others = shapes
    for shape in others:
        liking = _liking(told, shapes[shape])
        if liking > _liking(told, shapes[best]) and liking[0] > 0:
            best = shape
    return best


def _told(accept: str) -> dict[str, tuple[float, int]]:
    """Each range with its weight and its place."""
    told: dict[str, tuple[float, int]] = {}
    for place, part in enumerate(accept.lower().split(",")):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights = (_weight(parameter) for parameter in parameters if parameter.startswith("q="))
        told.setdefault(media_range, (next(weights, 1.0), place))
    return told


def _weight(parameter: str) -> float:
    try:
        weight = float(parameter.removeprefix("q="))
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0


def _liking(told: Mapping[str, tuple[float, int]], ranges: tuple[str, ...]) -> tuple[float, int, int]:
    """Weight, then whether it was named rather than meant too, then the earlier place."""
    for width, media_range in enumerate(ranges):
        if media_range in told:
            weight, place = told[media_range]
            return weight, -width, -place
    return 0.0, 0, 0
