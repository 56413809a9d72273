"""Reads what a PDF says of its own structure: the tree of tags, the fonts, and what is painted outside of it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_PAINTS = frozenset({"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"})


@dataclass(frozen=True)
class Tag:
    """A structure element: its type, its attributes, and how many of its ancestors are of the same type."""

    kind: str
    attributes: dict[str, Any]
    path: tuple[str, ...]


class Structure:
    """One PDF, opened."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(content))
        self.root = self.pdf.Root

    def tags(self) -> list[Tag]:
        """Every structure element in reading order."""
        return list(_walk(self.root.StructTreeRoot.get("/K"), ()))

    def kinds(self) -> list[str]:
        """The types of the elements in reading order."""
        return [tag.kind for tag in self.tags()]

    def unembedded_fonts(self) -> set[str]:
        """Fonts without their programme inside."""
        return {str(font.get("/BaseFont")) for font in self.fonts() if not _embedded(font)}

    def fonts(self) -> list[Any]:
        """Every font dictionary that a page uses."""
        return [font for page in self.pdf.pages for font in page.resources.get("/Font", {}).values()]

    def paints_outside_tags(self) -> int:
        """Painting operators that are neither content of a tag nor marked as an artifact."""
        return sum(_unmarked(page) for page in self.pdf.pages)


def _walk(node: Any, path: tuple[str, ...]) -> Iterator[Tag]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _walk(child, path)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        kind = str(node.S)[1:]
        yield Tag(kind, _attributes(node.get("/A")), path)
        if "/K" in node:
            yield from _walk(node.K, (*path, kind))


def _attributes(node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in node if isinstance(node, pikepdf.Array) else [] if node is None else [node]:
        if isinstance(part, pikepdf.Dictionary):
            found |= {str(key)[1:]: value for key, value in part.items()}
    return found


def _embedded(font: Any) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _unmarked(page: Any) -> int:
    depth = outside = 0
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in _PAINTS and depth == 0:
            outside += 1
    return outside


def text_of(content: bytes) -> str:
    """The text of a PDF in painting order, from each font's map to Unicode; invisible break hints left out."""
    pdf = pikepdf.open(io.BytesIO(content))
    shown = "".join(_page_text(page) for page in pdf.pages)
    return shown.replace("\u200b", "").replace("\u00ad", "")


def pages_of(content: bytes) -> list[str]:
    """The same, page by page."""
    return [_page_text(page) for page in pikepdf.open(io.BytesIO(content)).pages]


def _page_text(page: Any) -> str:
    maps = {str(name): _unicode_map(font) for name, font in page.resources.get("/Font", {}).items()}
    current: dict[int, str] = {}
    text = ""
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tf":
            current = maps[str(instruction.operands[0])]
        elif operator in ("Tj", "TJ"):
            operand = instruction.operands[0]
            for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
                if isinstance(piece, pikepdf.String):
                    raw = bytes(piece)
                    codes = (int.from_bytes(raw[place : place + 2]) for place in range(0, len(raw), 2))
                    text += "".join(current.get(code, "") for code in codes)
        elif operator in ("Td", "Tm", "T*", "ET"):
            text += " "
    return " ".join(text.split())


def _unicode_map(font: Any) -> dict[int, str]:
    """Reads the simple `bfchar` and `bfrange` lines of a ToUnicode map."""
    found: dict[int, str] = {}
    section = ""
    for line in font.ToUnicode.read_bytes().decode("latin-1").splitlines():
        words = line.replace("<", " ").replace(">", " ").split()
        if line.strip().startswith(("endbf", "endcodespace")):
            section = ""
        elif "beginbfchar" in line or "beginbfrange" in line:
            section = "char" if "bfchar" in line else "range"
        elif section == "char" and len(words) == 2:
            found[int(words[0], 16)] = bytes.fromhex(words[1]).decode("utf-16-be")
        elif section == "range" and len(words) == 3:
            start, end = int(words[0], 16), int(words[1], 16)
            first = int(words[2], 16)
            found |= {code: chr(first + code - start) for code in range(start, end + 1)}
    return found
