"""Chooses the words of the blank list: those of the summary's own list, so that the two are one form.

CMS guidance asks every plan's MTM page for a blank copy. Where the summary prints what it knows, this leaves a line.
"""

from pathlib import Path

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_summary import edition_2013, edition_2022
from mtm_documents.forms.cmr_summary.content import ACTION_PLAN, KIND, identified
from mtm_documents.forms.editions import form_identity
from mtm_documents.forms.medication_list_blank.value import MedicationListBlank


def content(value: MedicationListBlank, words: Words, wording: Path | None = None) -> Content:
    """Everything that the blank list says, in order."""
    is_2013 = value.edition == ACTION_PLAN
    sheet = _boxes(value, words) if is_2013 else _rows(value, words)
    title = words("personal_list.title" if is_2013 else "list.title")
    return (
        letter.frame(words, title=title, letterhead=value.letterhead)
        | identified(form_identity(KIND, value.edition, wording), words)
        | {"list": sheet | {"title": title, "running": title}}
    )


def gaps(value: MedicationListBlank, language: str) -> list[Gap]:
    """What the list should say and cannot; only the telephone for questions is printed, so only its hours count."""
    phone = value.contact.phone(Purpose.QUESTIONS)
    printed = None if phone is None else f"contact.channels[{value.contact.channels.index(phone)}].hours"
    found = letter.contact_gaps(value.contact, language)
    return [gap for gap in found if gap.code is GapCode.MISSING_PHONE or gap.where == printed]


def _rows(value: MedicationListBlank, words: Words) -> Content:
    labels = ("blank.name", "birth_date", "prepared_on")
    facts = {"facts": [(words(label), "") for label in labels]}
    return edition_2022.list_sheet(words, value.contact, value.blank_rows, ([], [], [])) | facts


def _boxes(value: MedicationListBlank, words: Words) -> Content:
    labels = ("blank.name", "birth_date", "date_prepared")
    return edition_2013.list_sheet(words, value.contact, [], []) | {
        "facts": [(words(label), "") for label in labels],
        "blanks": [edition_2013.blank_box(words) for _ in range(value.blank_rows)],
    }
