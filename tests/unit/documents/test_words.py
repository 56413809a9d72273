"""The catalogues: complete in every language, plain, and replaceable by the official wording."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from mtm_documents.catalogues import CatalogueError, WordingStatus, Words, load_words
from mtm_documents.fonts import printable
from mtm_documents.forms.form import FORMS_FOLDER
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import render
from unit.documents.readability import fernandez_huerta, flesch_kincaid_grade
from unit.documents.samples import a_letter, a_summary
from unit.documents.structure import text_of

EXAMPLES = {
    "phone": "1-800-555-0100", "date": "May 5", "name": "Ana", "plan": "Health Plan", "year": "2026",
    "required": "3", "minutes": "30", "methods": "by phone", "administrator": "the program",
}  # fmt: skip
TEMPLATES = sorted(path for path in FORMS_FOLDER.rglob("*") if path.suffix in {".typ", ".j2"})
CATALOGUES = sorted({form.family for form in FORMS.values()})
SAME_IN_BOTH = {"phone.with_tty", "phone.with_hours"}


def sentences(words: Words) -> Iterator[str]:
    """What a member reads as sentences: not labels, and not the statement that a law dictates."""
    for key, entry in words.entries.items():
        if not key.startswith("pra."):
            names = {name for _, name, _, _ in Formatter().parse(entry.forms[0]) if name}
            text = entry.forms[0].format(**{name: EXAMPLES.get(name, "this") for name in names}).replace("*", "")
            if text.endswith((".", ":")) and len(text.split()) > 4:
                yield text


def po(folder: Path, form: str, language: str, *strings: tuple[str, str]) -> Path:
    path = folder / language / "LC_MESSAGES" / f"{form}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    path.write_text(head + "".join(f'\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in strings), encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", CATALOGUES)
def test_every_string_is_in_both_languages_and_translated(form: str) -> None:
    english, spanish = load_words(form, "en"), load_words(form, "es")
    assert english.entries.keys() == spanish.entries.keys()
    same = {key for key, entry in english.entries.items() if entry.forms == spanish.entries[key].forms}
    assert same == SAME_IN_BOTH


@pytest.mark.parametrize("form", CATALOGUES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_fonts_can_print_every_string(form: str, language: str) -> None:
    entries = load_words(form, language).entries
    assert {key for key, entry in entries.items() if not set("".join(entry.forms)) <= printable()} == set()


@pytest.mark.parametrize("form", CATALOGUES)
def test_english_is_plain(form: str) -> None:
    text = list(sentences(load_words(form, "en")))
    assert flesch_kincaid_grade(" ".join(text)) <= 7
    assert [sentence for sentence in text if flesch_kincaid_grade(sentence) > 12] == []


@pytest.mark.parametrize("form", CATALOGUES)
def test_spanish_is_plain(form: str) -> None:
    text = list(sentences(load_words(form, "es")))
    assert fernandez_huerta(" ".join(text)) >= 70
    assert [sentence for sentence in text if fernandez_huerta(sentence) < 55] == []


def test_the_measures_tell_easy_from_hard() -> None:
    assert flesch_kincaid_grade("The cat sat on the mat. It was warm.") < 2
    assert flesch_kincaid_grade("Beneficiaries participating in comprehensive programs receive documentation.") > 15
    assert fernandez_huerta("El sol sale hoy. Hace mucho calor.") > 90
    assert fernandez_huerta("La administración de medicamentos requiere supervisión profesional continuada.") < 30


def test_wording_that_could_not_be_checked_is_marked() -> None:
    statuses = {key: entry.status for key, entry in load_words("cmr_summary", "es").entries.items()}
    assert statuses["cover.thanks"] is WordingStatus.UNVERIFIED
    assert statuses["disposal.soon"] is WordingStatus.OURS


def test_official_wording_replaces_ours_and_changes_the_fingerprint(tmp_path: Path) -> None:
    wording = po(tmp_path, "cmr_summary", "en", ("todo.title", "Official List"), ("cover.thanks", "Thanks: {date}"))
    ours, theirs = (render("cmr_summary", "en", a_summary(), wording=folder) for folder in (None, wording))
    assert "Official List" in text_of(theirs.content)
    assert "Thanks: May 13, 2024" in text_of(theirs.content)
    assert ours.wording_fingerprint != theirs.wording_fingerprint
    assert load_words("cmr_summary", "en", wording).entries["todo.title"].status is WordingStatus.OFFICIAL


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("todo.titel", "x", "unknown string 'todo.titel'"),
        ("todo.title", "", "is empty"),
        ("todo.title", "List {price}", "has no value 'price'"),
        ("todo.title", "{x.__class__}", "is no name"),
    ],
)
def test_wording_that_cannot_be_used_is_refused(key: str, text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=re.escape(problem)):
        load_words("cmr_summary", "en", po(tmp_path, "cmr_summary", "en", (key, text)))


def test_form_numbers_are_data_that_a_sponsor_can_replace(tmp_path: Path) -> None:
    ours = (FORMS["cmr_summary"].folder / "editions" / "2022.toml").read_text()
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "cmr_summary-2022.toml").write_text(ours.replace("07/31/2027", "01/31/2030"))
    assert "Expires: 01/31/2030" in text_of(render("cmr_summary", "en", a_summary(), wording=tmp_path).content)


def test_a_language_spells_dates_numbers_and_money() -> None:
    english, spanish = load_words("cmr_summary", "en"), load_words("cmr_summary", "es")
    day = date(2026, 3, 5)
    assert (english.date(day), spanish.date(day)) == ("March 5, 2026", "5 de marzo de 2026")
    assert (english.money(Decimal("5330")), english.money(Decimal("3100.2"))) == ("$5,330", "$3,100.20")
    assert spanish.money(Decimal("1276.00")) == "$1,276"
    assert english("disposal.miles", count=1, miles=1) == "1 mile away"
    assert spanish("disposal.miles", count=2, miles=2) == "a 2 millas"


def test_values_are_put_in_as_they_are() -> None:
    words = load_words("cmr_summary", "en")
    assert words("salutation", name="{phone} *x* %s") == "Dear {phone} *x* %s,"


@pytest.mark.parametrize(
    "template",
    sorted(path for path in TEMPLATES if path.name != "base.html.j2"),
    ids=lambda path: f"{path.parent.name}-{path.name}",
)
def test_templates_hold_no_words(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    if template.suffix == ".typ":
        shown = re.findall(r"\[([^\[\]#]*)\]", re.sub(r"//.*", "", text))
    else:
        text = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<style>.*?</style>|<[^>]*>", "\n", text)
        shown = text.splitlines()
    assert [part for part in shown if re.search(r"[^\W\d_]{2,}", part)] == []


def test_both_targets_say_the_same() -> None:
    value = a_letter()
    page = render("enrollment_letter", "es", value, target="html").content.decode()
    shown = text_of(render("enrollment_letter", "es", value).content)
    for text in ("Usted decide.", "$5,330", "1-866-352-5305", "Walnut Street Pharmacy", "15 de abril de 2024"):
        assert text in page
        assert text in shown
