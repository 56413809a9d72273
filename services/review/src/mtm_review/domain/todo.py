"""Drafts to-do items for members from findings, in the member's language and in everyday words.

The to-do list goes home with the member (form CMS-10396, Recommended To-Do List), so it never repeats a finding's
clinical text, never tells a member to stop a medicine, and sends them to a person. The sentences are data
(`reference/wording/todo.toml`); a pharmacist may always give others with the decision.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mtm_review.domain.review import KeptFinding, ListedMedication, Review, TodoItem

URGENT = frozenset({"contraindicated", "major"})
_PLACE = re.compile(r"\{(medications|condition|prescriber)\}")


@dataclass(frozen=True, slots=True)
class ItemWording:
    """A topic and actions with the places `{medications}`, `{condition}` and `{prescriber}`."""

    topic: str
    topic_unnamed_condition: str
    actions: tuple[str, ...]
    actions_urgent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageWording:
    """One language's sentences: by rule, by screen, for any other screen, and for a list that would be empty."""

    by_rule: Mapping[str, ItemWording]
    by_screen: Mapping[str, ItemWording]
    otherwise: ItemWording
    encouragement_topic: str
    encouragement_actions: tuple[str, ...]
    conjunction: str
    prescriber_unnamed: str
    names_conditions: bool


@dataclass(frozen=True, slots=True)
class TodoWording:
    """The sentences of every language."""

    languages: Mapping[str, LanguageWording]

    def of(self, language: str) -> LanguageWording:
        """The language's sentences, English where the language is not there."""
        return self.languages.get(language, self.languages["en"])


def draft_item(review: Review, finding: KeptFinding, wording: TodoWording, condition_name: str | None) -> TodoItem:
    """The to-do item of a finding, drafted from its screen and severity.

    `condition_name` is the condition in everyday English, because the finding itself holds a code.
    """
    words = wording.of(review.language)
    # A condition that only drugs show is not on the member's record, so the words of the screen would not be true.
    of_screen = words.by_screen.get(finding.screen, words.otherwise)
    otherwise = of_screen if finding.confidence == "reported" else words.otherwise
    item = words.by_rule.get(finding.rule_id) or otherwise
    named = condition_name is not None and words.names_conditions
    places = {
        "medications": _joined([medication.name for medication in finding.medications], words.conjunction),
        "condition": condition_name or "",
        "prescriber": _prescriber(review.medications, finding) or words.prescriber_unnamed,
    }
    template = item.topic if named or not item.topic_unnamed_condition else item.topic_unnamed_condition
    drafted = item.actions_urgent if finding.severity in URGENT else item.actions
    return TodoItem(
        topic=_filled(template, places),
        actions=tuple(_filled(action, places) for action in drafted),
        finding_id=finding.finding_id,
    )


def encouragement(language: str, wording: TodoWording) -> TodoItem:
    """The one item of a list that would be empty."""
    words = wording.of(language)
    return TodoItem(topic=words.encouragement_topic, actions=words.encouragement_actions, encourages=True)


def _filled(sentence: str, places: Mapping[str, str]) -> str:
    # One pass over our own places: a medication may be called anything, braces included.
    filled = _PLACE.sub(lambda place: places[place[1]], sentence)
    return filled[:1].upper() + filled[1:]


def _joined(names: list[str], conjunction: str) -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) < 2:
        return "".join(distinct)
    return f"{', '.join(distinct[:-1])} {conjunction} {distinct[-1]}"


def _prescriber(medications: tuple[ListedMedication, ...], finding: KeptFinding) -> str | None:
    """The one prescriber whom all of the finding's medications name; two doctors are not narrowed to one."""
    concerned = {medication.medication_id for medication in finding.medications}
    names = {line.prescriber for line in medications if line.medication_id in concerned}
    return names.pop() if len(names) == 1 else None
