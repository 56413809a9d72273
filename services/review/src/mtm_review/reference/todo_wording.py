"""Loads the sentences of members' to-do lists, strictly: a missing sentence stops the service, not a letter."""

from pathlib import Path

from mtm_shared.reference import Reader

from mtm_review.domain.finding import Screen
from mtm_review.domain.todo import ItemWording, LanguageWording, TodoWording

FILE = Path(__file__).parent / "wording" / "todo.toml"
LANGUAGES = ("en", "es")


def load_todo_wording(path: Path = FILE) -> TodoWording:
    """The sentences in every language that letters have."""
    with Reader.of(path) as reader:
        return TodoWording({language: _language(reader.table(language)) for language in LANGUAGES})


def _language(table: Reader) -> LanguageWording:
    encouragement = table.table("encouragement")
    screens = table.table("screens")
    names = screens.keys()
    known = {screen.value for screen in Screen}
    if unknown := sorted(set(names) - known):
        raise screens.fail(unknown[0], unknown[0], f"must be one of {', '.join(sorted(known))}")
    rules = table.table("rules")
    rule_ids = rules.keys()
    return LanguageWording(
        by_rule={rule_id: _item(rules.table(rule_id)) for rule_id in rule_ids},
        by_screen={name: _item(screens.table(name)) for name in names},
        otherwise=_item(table.table("otherwise")),
        encouragement_topic=encouragement.text("topic"),
        encouragement_actions=encouragement.texts("actions"),
        conjunction=table.text("conjunction"),
        prescriber_unnamed=table.text("prescriber_unnamed"),
        names_conditions=table.boolean("names_conditions"),
    )


def _item(table: Reader) -> ItemWording:
    return ItemWording(
        topic=table.text("topic"),
        topic_unnamed_condition=table.text("topic_unnamed_condition", default=""),
        actions=table.texts("actions"),
        actions_urgent=table.texts("actions_urgent"),
    )
