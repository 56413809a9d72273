"""What every kind of document must do, in each language and edition: say all, say it to a screen reader, fit its pages.

A kind that is registered without an example fails here.
"""

import html
import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pytest
from mtm_documents.catalogues import load_words
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import Rendered, render
from unit.documents.examples import EVERY_EDITION, EXAMPLES, LANGUAGES, data_of
from unit.documents.layout import placed_text
from unit.documents.samples import HOSTILE, LONG_NAME, LONG_WORD
from unit.documents.structure import Structure, text_of

LEFT, RIGHT, A_BLANK = 72, 612 - 72, 5
TEXTS = {"hostile": HOSTILE, "long name": LONG_NAME[:200].strip(), "long word": LONG_WORD[:200], "wide": "W" * 200}
ALL = pytest.mark.parametrize(
    ("kind", "edition", "language"),
    [
        pytest.param(kind, edition, language, id=f"{kind}-{edition}-{language}")
        for kind, edition in EVERY_EDITION
        for language in LANGUAGES
    ],
)


@lru_cache(maxsize=64)
def made(kind: str, edition: str, language: str, target: Any = "pdf") -> Rendered:
    return render(kind, language, EXAMPLES[kind].usual(edition), target=target)


@lru_cache(maxsize=64)
def filled(kind: str, edition: str, language: str, text: str) -> bytes:
    return render(kind, language, EXAMPLES[kind].filled(edition, TEXTS[text])).content


def squeezed(text: str) -> str:
    """Without blanks, hyphens and break hints, which typesetting adds and takes."""
    return re.sub(r"[\s\-\u200b\u00ad]", "", text)


def test_every_kind_has_an_example() -> None:
    assert EXAMPLES.keys() == FORMS.keys()


@ALL
def test_every_datum_is_printed(kind: str, edition: str, language: str) -> None:
    words = load_words(FORMS[kind].family, language)
    shown = squeezed(text_of(made(kind, edition, language).content))
    data = data_of(kind, EXAMPLES[kind].usual(edition), words)
    assert data
    assert [(path, text) for path, text in data if squeezed(text) not in shown] == []


@ALL
def test_every_datum_is_on_the_screen(kind: str, edition: str, language: str) -> None:
    words = load_words(FORMS[kind].family, language)
    page = made(kind, edition, language, "html").content.decode()
    shown = squeezed(html.unescape(re.sub(r"<[^>]*>", "", page)))
    data = data_of(kind, EXAMPLES[kind].usual(edition), words)
    assert [(path, text) for path, text in data if squeezed(text) not in shown] == []


@ALL
def test_it_is_tagged_titled_and_says_its_language(kind: str, edition: str, language: str) -> None:
    read = Structure(made(kind, edition, language).content)
    assert read.root.MarkInfo.Marked
    assert str(read.root.Lang).startswith(language)
    assert read.root.ViewerPreferences.DisplayDocTitle
    assert read.paints_outside_tags() == 0
    assert read.unembedded_fonts() == set()
    with read.pdf.open_metadata() as metadata:
        assert metadata["dc:title"]
        assert metadata["pdfuaid:part"] == "1"


@ALL
def test_headings_start_at_the_first_level_and_skip_none(kind: str, edition: str, language: str) -> None:
    kinds = Structure(made(kind, edition, language).content).kinds()
    levels = [int(tag[1:]) for tag in kinds if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@ALL
def test_every_table_cell_is_read_with_its_header(kind: str, edition: str, language: str) -> None:
    read = Structure(made(kind, edition, language).content)
    cells = [tag for tag in read.tags() if tag.kind == "TD"]
    assert [tag for tag in cells if not tag.attributes.get("Headers")] == []
    assert read.kinds().count("THead") == read.kinds().count("Table")


@ALL
@pytest.mark.parametrize("text", TEXTS)
def test_nothing_runs_over_a_margin(kind: str, edition: str, language: str, text: str) -> None:
    placed = placed_text(filled(kind, edition, language, text))
    assert [run for run in placed if run.left < LEFT - 1 or run.right > RIGHT + A_BLANK] == []
    assert [run for run in placed if not 25 < run.baseline < 770] == []


@ALL
def test_hostile_text_is_printed_as_text(kind: str, edition: str, language: str) -> None:
    assert squeezed(HOSTILE) in squeezed(text_of(filled(kind, edition, language, "hostile")))
    page = render(kind, language, EXAMPLES[kind].filled(edition, HOSTILE), target="html").content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@ALL
def test_the_same_data_gives_the_same_bytes(kind: str, edition: str, language: str) -> None:
    again = render(kind, language, EXAMPLES[kind].usual(edition))
    assert again == made(kind, edition, language)
    assert again.edition == edition


@ALL
def test_a_page_has_landmarks_and_one_title_a_section(kind: str, edition: str, language: str) -> None:
    page = made(kind, edition, language, "html").content.decode()
    assert f'<html lang="{language}">' in page
    for landmark in ("<header>", "<main>", "<footer>"):
        assert page.count(landmark) == 1
    sections = re.findall(r'<section aria-labelledby="([^"]+)"', page)
    assert sections
    assert sections == re.findall(r'<h1 id="([^"]+)"', page)


@ALL
def test_what_is_missing_is_told(kind: str, edition: str, language: str) -> None:
    value = EXAMPLES[kind].usual(edition)
    contact = type(value.contact)(value.contact.plan_name)
    lacking = type(value)(**{**{name: getattr(value, name) for name in value.__slots__}, "contact": contact})
    assert "missing_phone" in [gap.code.value for gap in render(kind, language, lacking).gaps]
