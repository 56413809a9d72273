"""What `render` promises, whatever the form: the same bytes for the same data, and the right refusals."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mtm_documents.forms.form import FORMS_FOLDER, UnknownEditionError
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import (
    NotPrintableError,
    UnknownFormError,
    UnknownLanguageError,
    WrongValueError,
    pdf,
    render,
)
from unit.documents.samples import a_letter, a_summary, every_document

DOCUMENTS = every_document()


@pytest.mark.parametrize(("kind", "value"), DOCUMENTS)
@pytest.mark.parametrize("target", ["pdf", "html"])
def test_the_same_data_gives_the_same_bytes(kind: str, value: Any, target: Any) -> None:
    first, again = (render(kind, "es", value, target=target) for _ in range(2))
    assert first == again
    assert first.sha256 == hashlib.sha256(first.content).hexdigest()


def test_threads_do_not_disturb_each_other() -> None:
    values = [replace(a_letter(), member_name=f"Member {number}") for number in range(8)]
    one_by_one = [render("enrollment_letter", "en", value).sha256 for value in values]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda value: render("enrollment_letter", "en", value).sha256, values))
    assert together == one_by_one


def test_what_the_typesetter_refuses_is_told_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FORMS_FOLDER", tmp_path)
    template = tmp_path / "template.typ"
    template.write_text('#panic("Canary Person")')
    with pytest.raises(NotPrintableError) as refused:
        pdf._Pool(template).compile("{}", datetime(2026, 1, 1, tzinfo=UTC))
    assert "Canary" not in f"{refused.value}{refused.value.__cause__}"


def test_a_document_says_what_made_it() -> None:
    made = render("cmr_summary", "en", a_summary())
    assert (made.edition, made.media_type, made.pages) == ("2022", "application/pdf", 6)
    assert made.template_fingerprint.startswith("sha256:")
    assert made.wording_fingerprint != render("cmr_summary", "es", a_summary()).wording_fingerprint


def test_unknown_kinds_languages_editions_and_values_are_refused() -> None:
    with pytest.raises(UnknownFormError):
        render("postcard", "en", a_letter())
    with pytest.raises(UnknownLanguageError):
        render("cmr_summary", "fr", a_summary())
    with pytest.raises(WrongValueError):
        render("cmr_summary", "en", a_letter())
    with pytest.raises(UnknownEditionError):
        render("cmr_summary", "en", a_summary(edition="1999"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_has_its_templates_and_edition_data(form: Any) -> None:
    numbers = FORMS[form.family].folder / "editions"
    for edition in form.editions:
        assert (numbers / f"{edition}.toml").is_file()
        for suffix in (".typ", ".html.j2"):
            assert (FORMS_FOLDER / form.template(edition, suffix)).is_file()


def test_an_edition_without_a_template_of_its_own_has_the_forms() -> None:
    summary = FORMS["cmr_summary"]
    assert summary.template("2013", ".typ") == "cmr_summary/template-2013.typ"
    assert summary.template("2022", ".typ") == "cmr_summary/template.typ"


def test_templates_import_nothing_from_the_network() -> None:
    folder = Path(FORMS["cmr_summary"].folder).parent
    templates = [*folder.rglob("*.typ"), *folder.rglob("*.j2")]
    assert templates
    assert [path.name for path in templates if "@preview" in path.read_text() or "http" in path.read_text()] == []
