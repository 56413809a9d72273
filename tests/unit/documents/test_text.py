"""Text from people is data: it prints as it is, fits the page, and what cannot be printed is reported."""

import pytest
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Addressee, Letterhead
from mtm_documents.fonts import FONTS, PLACEHOLDER, printable
from mtm_documents.forms.cmr_summary.value import ListedMedication, Provider, TodoItem
from mtm_documents.rendering import render
from mtm_documents.rendering.clean import clean_text
from unit.documents.layout import placed_text
from unit.documents.samples import HOSTILE, LONG_NAME, LONG_WORD, a_letter, a_summary
from unit.documents.structure import pages_of, text_of

NAMES = [HOSTILE, LONG_NAME[:200], LONG_WORD[:200], "W" * 200, "שרה לוי", "a.b." * 50, "-" * 200]

LEFT, RIGHT = 72, 612 - 72
A_BLANK = 5  # a blank at the end of a line may stand in the margin


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_name_prints_as_text_inside_the_margins(name: str, language: str) -> None:
    value = a_summary(
        member_name=name,
        addressee=Addressee(name, (name, name)),
        letterhead=Letterhead(name, (name,)),
        medications=(ListedMedication(name, name, name, name),),
        todo_items=(TodoItem(name, (name, name)),),
        allergies=(name,),
        provider=Provider(name, name),
        reference=name,
    )
    content = render("cmr_summary", language, value).content
    if name.isascii() and squeezed(name):
        assert squeezed(text_of(content)).count(squeezed(name)) >= 10
    placed = placed_text(content)
    assert [run for run in placed if run.left < LEFT - 1 or run.right > RIGHT + A_BLANK] == []
    assert [run for run in placed if not 25 < run.baseline < 770] == []


def test_hostile_names_stay_text_in_html() -> None:
    page = render("enrollment_letter", "en", a_letter(member_name=HOSTILE), target="html").content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_accents_are_composed_and_blanks_become_spaces() -> None:
    assert clean_text("  Pen\u0303a\tJose\u0301\r\nÁlvarez  ", "x") == ("Peña José Álvarez", [])


def test_control_characters_are_removed_and_reported() -> None:
    text, gaps = clean_text("A\u202edrof\x07 \u200fB", "member_name")
    assert text == "Adrof B"
    assert gaps == [Gap(GapCode.CONTROL_CHARACTER, "member_name", "removed U+202E, U+0007, U+200F")]


def test_a_character_that_no_font_has_is_shown_and_reported() -> None:
    made = render("cmr_summary", "en", a_summary(allergies=("none", "🐝 stings, 蜂")))
    assert f"{PLACEHOLDER} stings, {PLACEHOLDER}" in text_of(made.content)
    assert made.gaps[-1] == Gap(GapCode.MISSING_GLYPH, "allergies[1]", "no shipped font has U+1F41D, U+8702")


def test_an_emoji_of_several_characters_is_one_gap() -> None:
    text, gaps = clean_text("❤️ heart", "x")
    assert text == f"{PLACEHOLDER} heart"
    assert [gap.code for gap in gaps] == [GapCode.MISSING_GLYPH]


def test_gaps_never_repeat_what_a_person_wrote() -> None:
    gaps = render("cmr_summary", "en", a_summary(member_name="Zebulon 🐝\x00", informant="Xanthippe\x07")).gaps
    assert gaps
    assert not any("Zebulon" in gap.detail or "Xanthippe" in gap.detail for gap in gaps)


def test_the_fonts_can_print_both_languages_and_the_placeholder() -> None:
    assert set("ÁÉÍÓÚÜÑáéíóúüñ¿¡ºª«»—–“”‘’•€$½µ≥≤°" + PLACEHOLDER) <= printable()
    assert "🐝" not in printable()
    assert (FONTS / "OFL.txt").read_text().startswith("Liberation Fonts")


def test_rows_and_blocks_stay_on_one_page() -> None:
    medications = tuple(
        ListedMedication(f"first{n:02}", "Take one tablet by mouth. " * (n % 7 + 1) + f"last{n:02}", "why", "who")
        for n in range(40)
    )
    todo = tuple(
        TodoItem(f"topic{n:02} " + "word " * (n * 7), (*["Do this. " * (n % 5 + 1)] * (n % 6 + 1), f"done{n:02}"))
        for n in range(20)
    )
    pages = pages_of(render("cmr_summary", "en", a_summary(medications=medications, todo_items=todo)).content)
    for n in range(40):
        assert where(f"first{n:02}", pages) == where(f"last{n:02}", pages)
    for n in range(20):
        assert where(f"topic{n:02}", pages) == where(f"done{n:02}", pages)


def test_a_row_that_is_taller_than_a_page_breaks_instead_of_being_cut_off() -> None:
    medication = ListedMedication("start of name", "Take one. " * 400 + "finished", "why", "who")
    pages = pages_of(render("cmr_summary", "en", a_summary(medications=(medication,))).content)
    assert where("finished", pages) > where("start of name", pages)


def where(text: str, pages: list[str]) -> int:
    [page] = [number for number, shown in enumerate(pages) if text in shown]
    return page
