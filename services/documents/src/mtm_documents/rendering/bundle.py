"""Merges documents into one PDF for the printer.

The tags of the single documents are left behind: a merged structure tree would have to be sound for every reader, and a
printer has no use for it. The same documents give the same bytes.
"""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import pikepdf

_TIES: Final = ("/StructParents", "/Tabs", "/StructParent")


@dataclass(frozen=True, slots=True)
class Bundled:
    """The bytes, all pages, and the first and last page of each document (blank backs are of none)."""

    content: bytes
    pages: int
    places: tuple[tuple[int, int], ...]


def bundle(documents: Sequence[bytes], *, pad_to_even: bool) -> Bundled:
    """One PDF of the documents in order; with `pad_to_even` each begins on an odd page."""
    places: list[tuple[int, int]] = []
    with ExitStack() as opened:
        merged = opened.enter_context(pikepdf.new())
        for content in documents:
            source = opened.enter_context(pikepdf.open(io.BytesIO(content)))
            begin = len(merged.pages) + 1
            merged.pages.extend(source.pages)
            places.append((begin, len(merged.pages)))
            if pad_to_even and len(merged.pages) % 2:
                last = merged.pages[-1].mediabox
                width, height = float(last[2]) - float(last[0]), float(last[3]) - float(last[1])
                merged.add_blank_page(page_size=(width, height))
        for page in merged.pages:
            _untie(page)
        out = io.BytesIO()
        merged.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return Bundled(out.getvalue(), len(merged.pages), tuple(places))


def _untie(page: pikepdf.Page) -> None:
    """Take away what points into structure that is not there."""
    for thing in (page.obj, *page.obj.get("/Annots", ())):
        for name in _TIES:
            if name in thing:
                del thing[name]
