"""The parts of edition 2022 of the written summary: Recommended To-Do List and Medication List.

A row or a to-do block stays on one page; what is `long` is measured by the template, and may break only if it could not
fit on a page at all. The list holds what the member takes now: a medicine that was stopped is not on it.
"""

from collections.abc import Sequence
from typing import Final

from mtm_documents.catalogues import Words
from mtm_documents.domain.parties import Contact, Purpose
from mtm_documents.fonts import font
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.fitting import fitted
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_summary.value import CmrSummary, ListedMedication, MedicationSource, TodoItem

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


def facts(value: CmrSummary, words: Words) -> list[tuple[str, str]]:
    """Whom a list is for, and the day of the consultation."""
    return [
        (words("prepared_for"), value.member_name),
        (words("birth_date"), words.date(value.birth_date)),
        (words("prepared_on"), words.date(value.reviewed_on)),
    ]


def todo(value: CmrSummary, words: Words) -> Content:
    """The to-do list; without recommendations it asks to keep going."""
    nothing = TodoItem(words("todo.none.topic"), (words("todo.none.action"),))
    title = words("todo.title")
    return {
        "title": title,
        "running": letter.running(words, value.member_name, title),
        "facts": facts(value, words),
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


def medication_list(value: CmrSummary, words: Words) -> Content:
    """The medications that the member takes, with blank rows and boxes to fill in."""
    other = list(value.other_information)
    if value.informant:
        other.append(words("list.informant", name=value.informant))
    running = letter.running(words, value.member_name, words("list.title"))
    sheet = list_sheet(words, value.contact, value.blank_rows, (list(value.allergies), list(value.side_effects), other))
    rows = [_row(medication, words) for medication in value.medications if not medication.is_stopped]
    return sheet | {"running": running, "facts": facts(value, words), "rows": rows}


def list_sheet(words: Words, contact: Contact, blank_rows: int, boxes: Sequence[list[str]]) -> Content:
    """What every medication list says, whosever it is: title, use, columns, boxes, whom to call."""
    labels = ("list.allergies", "list.side_effects", "list.other")
    return {
        "title": words("list.title"),
        "use": [words.rich("list.use.bring"), words.rich("list.use.update")],
        "heading": words("list.heading"),
        "widths": _WIDTHS,
        "columns": [words(f"list.column.{column}") for column in _COLUMNS],
        "none": words("list.none"),
        "add_heading": words("list.add.heading"),
        "add_text": words.rich("list.add.text"),
        "blank_rows": blank_rows,
        "boxes": [{"label": words(label), "lines": lines} for label, lines in zip(labels, boxes, strict=True)],
        "notes": words("list.notes"),
        "call": letter.call(contact, Purpose.QUESTIONS, words, "list.call"),
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


def _lines(text: str, characters: int) -> int:
    return -(-len(text) // characters)
