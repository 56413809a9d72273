"""Summaries a second on one core, against ReportLab and WeasyPrint drawing the same content."""

import time
from collections.abc import Callable
from itertools import count

from mtm_documents.rendering import render

from benchmarks.drawing import by_reportlab, by_weasyprint
from benchmarks.rounds import interleaved, row
from benchmarks.server import pin
from benchmarks.summary_sample import summary

SECONDS = 3.0


def _per_second(draw: Callable[[int], object], numbers: "count[int]") -> float:
    start, drawn = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        draw(next(numbers))
        drawn += 1
    return drawn / (time.perf_counter() - start)


def main() -> None:
    """Prints documents a second of ours and of each peer, and the ratios."""
    pin(0)
    numbers = count()

    def ours(number: int) -> object:
        return render("cmr_summary", "en", summary(number))

    def page(number: int) -> str:
        return render("cmr_summary", "en", summary(number), target="html").content.decode()

    pages = render("cmr_summary", "en", summary(0)).pages
    row("pages of the summary", pages, "pages")
    row("HTML twin", _per_second(page, numbers), "documents/s")
    for name, peer in (("ReportLab (untagged)", by_reportlab), ("WeasyPrint (PDF/UA-1)", by_weasyprint)):
        drawn = page(0)
        theirs, mine, ratio = interleaved(
            lambda peer=peer, drawn=drawn: _per_second(lambda _: peer(drawn), numbers),  # type: ignore[misc]
            lambda: _per_second(ours, numbers),
            rounds=3,
        )
        row(name, theirs, "documents/s", "(peer)")
        row("ours (Typst, PDF/UA-1)", mine, "documents/s")
        row("ratio", ratio, "of the peer")
