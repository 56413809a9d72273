"""The parts of edition 2013 of the written summary: Medication Action Plan and Personal Medication List.

For plan years to 2021. A box holds one topic or one drug and stays on one page; what is `long` is measured by the
template, and may break only if it could not fit on a page at all. Unlike edition 2022, the list tells when a medicine
was started and stopped, and why, so that stopped ones are on it too.
"""

from typing import Final

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.parties import Contact, Purpose
from mtm_documents.fonts import font
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.fitting import fitted
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_summary.value import CmrSummary, ListedMedication, MedicationSource, TodoItem

_KEPT: Final = ("prescription", "otc", "herbal", "vitamin", "mineral")
_FIELDS: Final = ("directions", "reason", "prescriber", "started", "stopped", "stop_reason")
_WIDE: Final = frozenset({"directions", "stop_reason"})
"""Fields that take the width of a box; the others take half of it."""
_SERIF, _BOLD, _SIZE = "LiberationSerif-Regular", "LiberationSerif-Bold", 14.0
_WHOLE, _HALF, _TICK = 457.0, 223.0, 19.0
"""Points: the room for text in a whole and in half a box, and the tick box with its blank."""
_CHARACTERS: Final = 16
"""Fewest characters that a line of half a box holds, wide capital letters throughout."""
_LONG_LINES: Final = 20
"""Lines of 14-point type that surely fit on a page below a running line and a label."""


def action_plan(value: CmrSummary, words: Words) -> Content:
    """What was talked about and what to do, with room for what was done; without topics it asks to keep going."""
    nothing = TodoItem(words("todo.none.topic"), (words("todo.none.action"),))
    title = words("action_plan.title")
    return {
        "title": _title_for(title, value, words),
        "running": letter.running(words, value.member_name, title),
        "intro": words.rich("action_plan.intro"),
        "steps": [words.rich(f"action_plan.step.{step}") for step in ("read", "do", "write", "ask")],
        "share": words.rich("action_plan.share"),
        "prepared": _prepared(value, words),
        "heading": words("action_plan.heading"),
        "topic": words("action_plan.topic"),
        "labels": [words("action_plan.action"), words("action_plan.done")],
        "items": [_topic(item) for item in value.todo_items or (nothing,)],
        "follow_up": words("action_plan.follow_up"),
        "questions": words("action_plan.questions"),
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "action_plan.call"),
    }


def personal_list(value: CmrSummary, words: Words) -> Content:
    """A box for each medicine, those that were stopped too."""
    title = words("personal_list.title")
    sheet = list_sheet(words, value.contact, [*value.allergies, *value.side_effects], list(value.other_information))
    return sheet | {
        "title": _title_for(title, value, words),
        "running": letter.running(words, value.member_name, title),
        "intro": _sources(value, words),
        "prepared": _prepared(value, words),
        "drugs": [_box(medication, words) for medication in value.medications],
        "blanks": [blank_box(words) for _ in range(value.blank_rows)],
    }


def list_sheet(words: Words, contact: Contact, allergies: list[str], other: list[str]) -> Content:
    """What every personal medication list says, whosever it is."""
    return {
        "use": [words.rich(f"personal_list.use.{use}") for use in ("add", "stop", "ask")],
        "keep": words("personal_list.keep"),
        "kept": [words(f"personal_list.keep.{kind}") for kind in _KEPT],
        "hospital": words.rich("personal_list.hospital"),
        "allergies": {"label": words("personal_list.allergies"), "lines": allergies},
        "heading": words("list.heading"),
        "none": words("list.none"),
        "add_heading": words("list.add.heading"),
        "other": {"label": words("list.other"), "lines": other},
        "call": letter.call(contact, Purpose.QUESTIONS, words, "list.call"),
    }


def blank_box(words: Words) -> Content:
    """A box to fill in by hand."""
    return _drawn(words, "", dict.fromkeys(_FIELDS, ""))


def _title_for(title: str, value: CmrSummary, words: Words) -> str:
    return words("title.for", title=title, name=value.member_name, date=words.date(value.birth_date))


def _prepared(value: CmrSummary, words: Words) -> tuple[str, str]:
    return words("date_prepared"), words.date(value.reviewed_on)


def _sources(value: CmrSummary, words: Words) -> list[Run]:
    sources = [words(f"personal_list.source.{source}") for source in value.data_sources]
    if value.informant:
        sources.append(words("personal_list.source.informant", name=value.informant))
    return words.rich("personal_list.sources", sources=words.listed(sources))


def _topic(item: TodoItem) -> Content:
    lines = max(_lines(item.topic, 2), sum(_lines(action, 1) for action in item.actions))
    return {
        "topic": fitted(item.topic, _WHOLE, font(_SERIF), _SIZE),
        "actions": [fitted(action, _HALF - _TICK, font(_SERIF), _SIZE) for action in item.actions],
        "long": lines > _LONG_LINES // 2,
    }


def _box(medication: ListedMedication, words: Words) -> Content:
    source = medication.source
    label = "" if source is MedicationSource.PRESCRIPTION else words(f"list.source.{source}")
    stopped = words("personal_list.stopped.unknown") if medication.is_stopped else ""
    said = {
        "directions": medication.directions,
        "reason": medication.reason,
        "prescriber": medication.prescriber or label,
        "started": words.date(medication.started) if medication.started else "",
        "stopped": words.date(medication.stopped) if medication.stopped else stopped,
        "stop_reason": medication.stop_reason,
    }
    return _drawn(words, medication.name, said)


def _drawn(words: Words, name: str, said: dict[str, str]) -> Content:
    cells = [
        {
            "label": words(f"personal_list.{field}"),
            "text": fitted(text, _WHOLE if field in _WIDE else _HALF, font(_SERIF), _SIZE),
            "wide": field in _WIDE,
        }
        for field, text in said.items()
    ]
    lines = _lines(name, 2) + sum(_lines(text, 2 if field in _WIDE else 1) for field, text in said.items())
    return {
        "label": words("personal_list.medication"),
        "name": fitted(name, _WHOLE, font(_BOLD), _SIZE),
        "cells": cells,
        "long": lines > _LONG_LINES,
    }


def _lines(text: str, halves: int) -> int:
    return -(-len(text) // (_CHARACTERS * halves))
