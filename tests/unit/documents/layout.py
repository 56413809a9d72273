"""Measures where text stands on the pages of a PDF: the left and right end of every run, in points."""

import io
from dataclasses import dataclass
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Placed:
    """A run of text: its page, its ends, its baseline from the bottom of the page, and its size."""

    page: int
    left: float
    right: float
    baseline: float
    size: float


def placed_text(content: bytes) -> list[Placed]:
    """Every run of text of the PDF."""
    pdf = pikepdf.open(io.BytesIO(content))
    return [run for number, page in enumerate(pdf.pages, 1) for run in _page(page, number)]


def _page(page: Any, number: int) -> list[Placed]:
    widths = {str(name): _widths(font) for name, font in page.resources.get("/Font", {}).items()}
    stack: list[Matrix] = []
    outer, text = _IDENTITY, _IDENTITY
    font, size = "", 0.0
    found = []
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            stack.append(outer)
        elif operator == "Q":
            outer = stack.pop()
        elif operator == "cm":
            outer = _times(_matrix(operands), outer)
        elif operator == "Tm":
            text = _matrix(operands)
        elif operator == "Tf":
            font, size = str(operands[0]), float(operands[1])
        elif operator in ("Tj", "TJ"):
            here = _times(text, outer)
            advance = _advance(operands[0], widths[font]) * size * abs(here[0])
            found.append(Placed(number, here[4], here[4] + advance, here[5], size * abs(here[0])))
    return found


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(operand) for operand in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _widths(font: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    parts = list(font.DescendantFonts[0].get("/W", []))
    while parts:
        first = int(parts.pop(0))
        following = parts.pop(0)
        if isinstance(following, pikepdf.Array):
            found |= {first + place: float(width) for place, width in enumerate(following)}
        else:
            width = float(parts.pop(0))
            found |= dict.fromkeys(range(first, int(following) + 1), width)
    return found


def _advance(operand: Any, widths: dict[int, float]) -> float:
    total = 0.0
    for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(piece, pikepdf.String):
            raw = bytes(piece)
            codes = (int.from_bytes(raw[place : place + 2]) for place in range(0, len(raw), 2))
            total += sum(widths.get(code, 0.0) for code in codes)
        else:
            total -= float(piece)
    return total / 1000
