"""Chooses the words of the written summary: Cover Letter, Recommended To-Do List, Medication List.

Order, titles and labels follow the standardized format (Form CMS-10396, edition 2022) as far as it is known; the
sentences are ours until the official wording is laid over them. A row or a to-do block stays on one page; what is
`long` is measured by the template, and may break only if it could not fit on a page at all.
"""

from pathlib import Path
from typing import Final

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Purpose
from mtm_documents.fonts import font
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.disposal import disposal, disposal_gaps
from mtm_documents.forms._shared.fitting import fitted
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_summary.value import (
    CmrSummary,
    ListedMedication,
    MedicationSource,
    TodoItem,
)
from mtm_documents.forms.editions import FormIdentity, disposal_links, form_identity

KIND: Final = "cmr_summary"
_COLUMNS: Final = ("medication", "directions", "reason", "prescriber")
_WIDTHS: Final = (0.31, 0.29, 0.2, 0.2)
"""Columns of the medication list, as parts of the text's width; `hydrochlorothiazide` fits the first in bold."""
_TODO_WIDTHS: Final = (0.34, 0.66)
_TEXT_WIDTH, _INSETS, _TICK, _SIZE = 468.0, 11.0, 19.0, 14.0
"""Points: 6.5 inches, the blank on both sides of a cell, the tick box with its blank, the size of body type."""
_LONG_LINES: Final = 22
"""Lines of 14-point type that surely fit on a page below a running line and a table header."""
_CELL_CHARACTERS: Final = (10, 10, 6, 6)
"""Fewest characters that a line of each column of the medication list holds, wide capital letters throughout."""
_TODO_CHARACTERS: Final = (10, 20)


def content(value: CmrSummary, words: Words, wording: Path | None = None) -> Content:
    """Everything that the summary says, in order."""
    identity = form_identity(KIND, value.edition, wording)
    return letter.frame(words, title=words("title"), letterhead=value.letterhead) | {
        "form_left": words("form.left", form=identity.form_number, date=identity.form_date),
        "form_right": words("form.right", omb=identity.omb_number, expires=identity.expires),
        "cover": _cover(value, words),
        "todo": _todo(value, words),
        "list": _list(value, words),
        "pra": _pra(identity, words),
        "disposal": _disposal(value, words, wording),
    }


def gaps(value: CmrSummary, language: str) -> list[Gap]:
    """What the summary should say and cannot: an empty labelled cell is printed."""
    found = letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
    if not value.provider.name:
        found.append(Gap(GapCode.MISSING_PROVIDER, "provider.name", "nobody signs: the programme's name is printed"))
    for place, medication in enumerate(value.medications):
        found += _medication_gaps(medication, f"medications[{place}]")
    if value.take_back_sites is not None:
        found += disposal_gaps(value.take_back_sites)
    return found


def _medication_gaps(medication: ListedMedication, where: str) -> list[Gap]:
    prescribed = medication.source is MedicationSource.PRESCRIPTION
    wanted = (
        (GapCode.MISSING_DIRECTIONS, "directions", medication.directions),
        (GapCode.MISSING_REASON, "reason", medication.reason),
        (GapCode.MISSING_PRESCRIBER, "prescriber", medication.prescriber or not prescribed),
    )
    return [Gap(code, f"{where}.{field}", "an empty cell is printed") for code, field, told in wanted if not told]


def _cover(value: CmrSummary, words: Words) -> Content:
    copies = words.listed(list(value.copies_to))
    enclosed = [words("todo.title"), words("list.title")]
    if value.take_back_sites is not None:
        enclosed.append(words("disposal.title"))
    return {
        "title": words("title"),
        "running": letter.running(words, value.member_name),
        "date": words.date(value.dated),
        "reference": words("reference", reference=value.reference) if value.reference else "",
        "address": letter.address(value.addressee),
        "salutation": words("salutation", name=value.addressee.name),
        "thanks": words.rich("cover.thanks", date=words.date(value.reviewed_on)),
        "includes": words.rich("cover.includes"),
        "parts": [words.rich("cover.todo"), words.rich("cover.list")],
        "use": words.rich("cover.use"),
        "uses": [words.rich(f"cover.use.{use}") for use in ("visits", "hospital", "share", "update")],
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "cover.call"),
        "forward": words.rich("cover.forward", plan=value.contact.plan_name),
        "closing": words("closing"),
        "signature": _signature(value),
        "enclosed": words("cover.enclosed", items=", ".join(enclosed)),
        "copies": words("cover.copies", names=copies) if copies else "",
    }


def _signature(value: CmrSummary) -> list[str]:
    """Who held the consultation; a letter that nobody is named for is the programme's."""
    name = value.provider.name or value.contact.administrator or value.contact.plan_name
    return [line for line in (name, value.provider.title) if line]


def _facts(value: CmrSummary, words: Words) -> list[tuple[str, str]]:
    return [
        (words("prepared_for"), value.member_name),
        (words("birth_date"), words.date(value.birth_date)),
        (words("prepared_on"), words.date(value.reviewed_on)),
    ]


def _todo(value: CmrSummary, words: Words) -> Content:
    nothing = TodoItem(words("todo.none.topic"), (words("todo.none.action"),))
    title = words("todo.title")
    return {
        "title": title,
        "running": letter.running(words, value.member_name, title),
        "facts": _facts(value, words),
        "use": [words.rich("todo.use.finish"), words.rich("todo.use.share")],
        "heading": words("todo.heading"),
        "widths": _TODO_WIDTHS,
        "labels": [words("todo.topic"), words("todo.action")],
        "items": [_todo_item(item) for item in value.todo_items or (nothing,)],
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "todo.call"),
    }


def _todo_item(item: TodoItem) -> Content:
    topic = _lines(item.topic, _TODO_CHARACTERS[0])
    actions = sum(_lines(action, _TODO_CHARACTERS[1]) for action in item.actions)
    return {
        "topic": fitted(item.topic, _room(_TODO_WIDTHS[0]), font("LiberationSerif-Regular"), _SIZE),
        "actions": [
            fitted(action, _room(_TODO_WIDTHS[1]) - _TICK, font("LiberationSerif-Regular"), _SIZE)
            for action in item.actions
        ],
        "long": max(topic, actions) > _LONG_LINES,
    }


def _list(value: CmrSummary, words: Words) -> Content:
    title = words("list.title")
    other = list(value.other_information)
    if value.informant:
        other.append(words("list.informant", name=value.informant))
    return {
        "title": title,
        "running": letter.running(words, value.member_name, title),
        "facts": _facts(value, words),
        "use": [words.rich("list.use.bring"), words.rich("list.use.update")],
        "heading": words("list.heading"),
        "widths": _WIDTHS,
        "columns": [words(f"list.column.{column}") for column in _COLUMNS],
        "rows": [_row(medication, words) for medication in value.medications],
        "none": words("list.none"),
        "add_heading": words("list.add.heading"),
        "add_text": words.rich("list.add.text"),
        "blank_rows": value.blank_rows,
        "boxes": [
            {"label": words("list.allergies"), "lines": list(value.allergies)},
            {"label": words("list.side_effects"), "lines": list(value.side_effects)},
            {"label": words("list.other"), "lines": other},
        ],
        "notes": words("list.notes"),
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "list.call"),
    }


def _row(medication: ListedMedication, words: Words) -> Content:
    source = medication.source
    label = "" if source is MedicationSource.PRESCRIPTION else words(f"list.source.{source}")
    cells = [medication.name, medication.directions, medication.reason, medication.prescriber or label]
    longest = max(_lines(cell, width) for cell, width in zip(cells, _CELL_CHARACTERS, strict=True))
    return {"cells": [_cell(place, cell) for place, cell in enumerate(cells)], "long": longest > _LONG_LINES}


def _cell(place: int, text: str) -> str:
    style = "LiberationSerif-Bold" if place == 0 else "LiberationSerif-Regular"
    return fitted(text, _room(_WIDTHS[place]), font(style), _SIZE)


def _room(width: float) -> float:
    return width * _TEXT_WIDTH - _INSETS


def _pra(identity: FormIdentity, words: Words) -> Content:
    text = words(
        "pra.text",
        omb=identity.omb_number,
        minutes=identity.minutes_to_complete,
        address=identity.comments_address,
    )
    return {"title": words("pra.title"), "text": text}


def _disposal(value: CmrSummary, words: Words, wording: Path | None) -> Content | None:
    if value.take_back_sites is None:
        return None
    return disposal(value.take_back_sites, disposal_links(wording), words)


def _lines(text: str, characters: int) -> int:
    return -(-len(text) // characters)
