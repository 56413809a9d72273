"""The written summary has all of its parts, in order, and says what is missing (Form CMS-10396, edition 2022)."""

from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Addressee
from mtm_documents.forms.cmr_summary.value import ListedMedication, MedicationSource
from mtm_documents.rendering import render
from unit.documents.samples import LONG_NAME, SITES, a_summary
from unit.documents.structure import Structure, pages_of, text_of


def test_three_parts_in_order_each_on_a_new_page() -> None:
    pages = pages_of(render("cmr_summary", "en", a_summary()).content)
    starts = [
        next(number for number, text in enumerate(pages) if text.startswith(begin))
        for begin in ("Health Options Program", "Recommended To-Do List Prepared for:", "Medication List Prepared for:")
    ]
    assert starts == [0, 1, 3]


def test_later_pages_say_what_they_continue() -> None:
    pages = pages_of(render("cmr_summary", "en", a_summary()).content)
    running = [text for text in pages if "(continued)" in text]
    assert len(running) == 3
    assert sum("Medication List for María Elena Castañeda (continued)" in text for text in running) == 2


def test_a_long_name_is_cut_only_in_the_running_line() -> None:
    pages = pages_of(render("cmr_summary", "en", a_summary(member_name=LONG_NAME[:200])).content)
    assert "… (continued)" in pages[-1]
    assert " ".join(LONG_NAME[:200].split()) in pages[1]


def test_the_cover_letter_fits_one_page_in_both_languages() -> None:
    for language in ("en", "es"):
        pages = pages_of(render("cmr_summary", language, a_summary()).content)
        assert "Jordan Ellsworth, PharmD" in pages[0]
        assert "MTM-2024-001873" in pages[0]
        assert "María Elena Castañeda" in pages[1]


def test_without_recommendations_the_list_asks_to_keep_going() -> None:
    text = text_of(render("cmr_summary", "en", a_summary(todo_items=())).content)
    assert "My To-Do List" in text
    assert "Keep taking your medicines the way you do now." in text


def test_a_medication_without_directions_or_reason_has_empty_cells_and_is_reported() -> None:
    made = render("cmr_summary", "en", a_summary())
    assert made.gaps == (
        Gap(GapCode.MISSING_DIRECTIONS, "medications[9].directions", "an empty cell is printed"),
        Gap(GapCode.MISSING_REASON, "medications[9].reason", "an empty cell is printed"),
    )
    assert Structure(made.content).kinds().count("TD") == 2 * 5 + 4 * 12 + 4 * 4


def test_only_prescriptions_need_a_prescriber() -> None:
    medications = tuple(
        ListedMedication("x", "y", "z", source=source)
        for source in (MedicationSource.PRESCRIPTION, MedicationSource.OTC, MedicationSource.HERBAL)
    )
    made = render("cmr_summary", "en", a_summary(medications=medications))
    assert [gap.where for gap in made.gaps] == ["medications[0].prescriber"]
    assert "Over the counter" in text_of(made.content)


def test_no_medications_still_make_a_list() -> None:
    made = render("cmr_summary", "en", a_summary(medications=()))
    text = text_of(made.content)
    assert "No medicines were reported." in text
    assert "Add new medicines here" in text


def test_boxes_for_allergies_side_effects_other_information_and_notes() -> None:
    text = text_of(render("cmr_summary", "en", a_summary()).content)
    for label in ("Allergies:", "Side effects I have had:", "Other information:", "My notes and questions:"):
        assert label in text
    assert "Penicillin: hives" in text
    assert "We made this list with the help of Rosa Castañeda (daughter)." in text


def test_the_paperwork_statement_stands_on_the_forms_last_page() -> None:
    pages = pages_of(render("cmr_summary", "en", a_summary(take_back_sites=SITES)).content)
    assert "Paperwork Reduction Act" in pages[-2]
    assert pages[-1].startswith("How to get rid of medicines safely")
    assert "Enclosed: Recommended To-Do List, Medication List, How to get rid of" in pages[0]


def test_a_representative_gets_the_letter_and_the_member_is_named_on_the_lists() -> None:
    daughter = Addressee("Rosa Castañeda", ("9 Elm Street", "Harrisburg, PA 17101"))
    pages = pages_of(render("cmr_summary", "en", a_summary(addressee=daughter)).content)
    assert "Dear Rosa Castañeda," in pages[0]
    assert "María Elena Castañeda" in pages[1]


def test_no_postal_address_is_reported() -> None:
    made = render("cmr_summary", "en", a_summary(addressee=Addressee("María"), medications=()))
    assert [gap.code for gap in made.gaps] == [GapCode.MISSING_ADDRESS]


def test_html_has_landmarks_and_headers_for_rows_and_columns() -> None:
    page = render("cmr_summary", "es", a_summary(), target="html").content.decode()
    assert '<html lang="es">' in page
    for landmark in ("<header>", "<main>", "<footer>", 'aria-labelledby="todo"'):
        assert landmark in page
    assert page.count('<th scope="row">') == 12
    assert '<th scope="col">Para qué lo uso</th>' in page
