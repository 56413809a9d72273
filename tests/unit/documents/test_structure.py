"""What every PDF says of itself, so that a screen reader can read it: PDF/UA-1 (ISO 14289-1), checked from outside.

We claim what these tests show, not conformance: no validator of the whole standard runs here.
"""

from itertools import pairwise
from typing import Any

import pytest
from mtm_documents.rendering import render
from unit.documents.samples import SITES, a_summary, every_document
from unit.documents.structure import Structure, pages_of

DOCUMENTS = [
    pytest.param(kind, language, value, id=f"{kind}-{language}")
    for kind, value in every_document()
    for language in ("en", "es")
]


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, str], Structure]:
    return {}


def structure(made: dict[tuple[str, str], Structure], kind: str, language: str, value: Any) -> Structure:
    if (kind, language) not in made:
        made[kind, language] = Structure(render(kind, language, value).content)
    return made[kind, language]


@pytest.mark.parametrize(("kind", "language", "value"), DOCUMENTS)
def test_it_is_tagged_titled_and_says_its_language(
    kind: str, language: str, value: Any, made: dict[tuple[str, str], Structure]
) -> None:
    read = structure(made, kind, language, value)
    assert "/StructTreeRoot" in read.root
    assert read.root.MarkInfo.Marked
    assert str(read.root.Lang).startswith(language)
    assert read.root.ViewerPreferences.DisplayDocTitle
    with read.pdf.open_metadata() as metadata:
        assert metadata["dc:title"]
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(("kind", "language", "value"), DOCUMENTS)
def test_nothing_is_painted_outside_of_the_tags(
    kind: str, language: str, value: Any, made: dict[tuple[str, str], Structure]
) -> None:
    assert structure(made, kind, language, value).paints_outside_tags() == 0


@pytest.mark.parametrize(("kind", "language", "value"), DOCUMENTS)
def test_only_shipped_fonts_are_used_and_all_are_inside(
    kind: str, language: str, value: Any, made: dict[tuple[str, str], Structure]
) -> None:
    read = structure(made, kind, language, value)
    families = {str(font.BaseFont).split("+")[-1].split("-")[0] for font in read.fonts()}
    assert families == {"LiberationSerif", "LiberationSans"}
    assert read.unembedded_fonts() == set()
    assert all("/ToUnicode" in font for font in read.fonts())


@pytest.mark.parametrize(("kind", "language", "value"), DOCUMENTS)
def test_headings_never_skip_a_level(
    kind: str, language: str, value: Any, made: dict[tuple[str, str], Structure]
) -> None:
    levels = [int(tag[1:]) for tag in structure(made, kind, language, value).kinds() if tag in {"H1", "H2", "H3"}]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_table_cell_has_a_column_header(language: str, made: dict[tuple[str, str], Structure]) -> None:
    read = structure(made, "cmr_summary", language, a_summary(take_back_sites=SITES))
    headers = [tag for tag in read.tags() if tag.kind == "TH"]
    cells = [tag for tag in read.tags() if tag.kind == "TD"]
    assert {str(tag.attributes["Scope"]) for tag in headers} == {"/Column"}
    assert cells
    assert [tag for tag in cells if not tag.attributes.get("Headers")] == []
    assert read.kinds().count("THead") == read.kinds().count("Table")


def test_pages_are_letter_size_and_numbered() -> None:
    made = render("cmr_summary", "en", a_summary())
    read = Structure(made.content)
    assert {tuple(map(int, page.mediabox)) for page in read.pdf.pages} == {(0, 0, 612, 792)}
    assert len(read.pdf.pages) == made.pages
    for number, text in enumerate(pages_of(made.content), 1):
        assert f"Page {number} of {made.pages}" in text
        assert "Form CMS-10396 (01/22) OMB Approval No. 0938-1154" in text
