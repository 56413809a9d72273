"""The same pages drawn by two peers: our HTML page through WeasyPrint, and its blocks through ReportLab."""

import io
from html.parser import HTMLParser
from typing import Any, Final
from xml.sax.saxutils import escape

_BLOCKS: Final = frozenset({"h1", "h2", "h3", "p", "li", "dt", "dd", "address", "caption"})
_CELLS: Final = frozenset({"td", "th"})


class _Blocks(HTMLParser):
    """Reads a page as headings, paragraphs and tables, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[str, Any]] = []
        self._kind, self._text = "", ""
        self._rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS | _CELLS:
            self._kind, self._text = tag, ""
        elif tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])

    def handle_data(self, data: str) -> None:
        if self._kind:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        text = " ".join(self._text.split())
        if tag in _CELLS and self._rows:
            self._rows[-1].append(text)
        elif tag in _BLOCKS and text:
            self.blocks.append((tag, text))
        elif tag == "table":
            self.blocks.append(("table", self._rows))
        if tag in _BLOCKS | _CELLS:
            self._kind, self._text = "", ""


def by_reportlab(page: str) -> bytes:
    """The page's blocks as ReportLab flowables: 14-point serif on US Letter, untagged."""
    from reportlab.lib.pagesizes import letter
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

    reader = _Blocks()
    reader.feed(page)
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=14, leading=17, spaceAfter=6)
    heading = ParagraphStyle("heading", parent=body, fontName="Times-Bold", fontSize=18, leading=22)
    flowables: list[Flowable] = []
    for kind, block in reader.blocks:
        if kind == "table":
            width = max((len(row) for row in block), default=0)
            rows = [[Paragraph(escape(cell), body) for cell in (row + [""] * width)[:width]] for row in block]
            if width:
                flowables.append(
                    Table(rows, colWidths=[468 / width] * width, style=[("GRID", (0, 0), (-1, -1), 1, "black")])
                )
        else:
            flowables.append(Paragraph(escape(block), heading if kind.startswith("h") else body))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=letter, leftMargin=72, rightMargin=72).build(flowables)
    return out.getvalue()


def by_weasyprint(page: str) -> bytes:
    """Our HTML page printed by WeasyPrint in its PDF/UA-1 mode."""
    from weasyprint import HTML

    printed: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    return printed
