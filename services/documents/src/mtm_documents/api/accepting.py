"""Which of its two shapes a document is given in: the one that the caller likes best (`Accept`, RFC 9110, 12.5.1).

PDF is what is mailed, so it is given where both are liked alike and no order says otherwise, and to a caller that
takes neither: many clients say `application/json` with every request and mean nothing by it.
"""

from collections.abc import Mapping
from typing import Final

from mtm_documents.rendering.render import Target

MEDIA_TYPES: Final[Mapping[Target, str]] = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
_RANGES: Final[Mapping[Target, tuple[str, str, str]]] = {
    "pdf": ("application/pdf", "application/*", "*/*"),
    "html": ("text/html", "text/*", "*/*"),
}
"""The most specific first: it decides, whatever a wider range says."""


def preferred(accept: str | None) -> Target:
    """The target liked best; PDF without a header."""
    told = _told(accept or "")
    pdf, html = (_liking(told, _RANGES[target]) for target in ("pdf", "html"))
    return "html" if html > pdf and html[0] > 0 else "pdf"


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
