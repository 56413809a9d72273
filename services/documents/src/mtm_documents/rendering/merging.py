"""Merges documents into one PDF for a printer.

A bundle is paper's: the tags of the single documents are left out, because the structure trees of many documents do
not become one by putting pages together. The single documents stay tagged. Same documents, same bytes.
"""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Final

import pikepdf

_LETTER: Final = (612, 792)
_TAGS: Final = ("/StructParents", "/Tabs")


def merged(documents: Iterable[bytes], pad_to_even: bool) -> tuple[bytes, int, str]:
    """The PDF, its number of pages and its SHA-256; with `pad_to_even` each document begins on a front page."""
    with pikepdf.new() as bundle:
        for content in documents:
            with pikepdf.open(BytesIO(content)) as source:
                for page in source.pages:
                    for key in _TAGS:
                        if key in page.obj:
                            del page.obj[key]
                bundle.pages.extend(source.pages)
                if pad_to_even and len(source.pages) % 2:
                    bundle.add_blank_page(page_size=_LETTER)
        pages = len(bundle.pages)
        out = BytesIO()
        bundle.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True
        )
    made = out.getvalue()
    return made, pages, hashlib.sha256(made).hexdigest()
