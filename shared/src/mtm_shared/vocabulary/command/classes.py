"""A therapeutic class: its ingredients by family, and the rules of installed services that name them."""

from collections import defaultdict
from typing import Any

from mtm_shared.rule_files import installed
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.conditions import write_rules
from mtm_shared.vocabulary.command.page import Page


def class_data(vocabulary: Vocabulary, class_id: str) -> dict[str, Any]:
    """The class with its ingredients."""
    members = sorted(vocabulary.ingredients_in_class(class_id), key=lambda each: vocabulary.ingredients[each].name)
    families: dict[str, list[dict[str, str]]] = defaultdict(list)
    for rxcui in members:
        ingredient = vocabulary.ingredients[rxcui]
        families[ingredient.family].append({"rxcui": rxcui, "name": ingredient.name})
    return {
        "kind": "class",
        "id": class_id,
        "name": vocabulary.classes[class_id],
        "note": vocabulary.tables.drugs.class_notes.get(class_id),
        "ingredients": len(members),
        "families": dict(sorted(families.items())),
        "rules": [
            {"service": each.service, "title": section.title, "rows": [list(row) for row in section.rows]}
            for each in installed()
            for section in each.about_ingredients(frozenset(members), vocabulary)
        ],
    }


def write_class(page: Page, data: dict[str, Any]) -> None:
    """The page of a class."""
    page.heading(f"Class {data['id']}: {data['name']}")
    page.row("note", data["note"])
    page.row("ingredients", data["ingredients"])
    for family, members in data["families"].items():
        names = [f"{each['name']} ({each['rxcui']})" for each in members]
        page.line("; ".join(names) + (f" - family {family}" if len(names) > 1 else ""), depth=2)
    write_rules(page, data["rules"])
