"""`mtm-review knowledge show`: a rule whole, or every rule that names a drug or a condition."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from mtm_shared.reference import near
from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath
from mtm_shared.vocabulary.command.page import Page, write, write_json

from mtm_review.command.opening import KnowledgePath, knowledge_at, stop, vocabulary_at
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.readable import ReadableRule, readable_rules

_ROLES = ("speaks of it", "asks for it beside another", "is silenced by it")


def show(
    what: Annotated[str, typer.Argument(help="A rule's id (or its end), a drug, an RxCUI, or a condition.")],
    knowledge: KnowledgePath = None,
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Show a rule with everything it says, or the rules of every screen that name a drug or a condition."""
    book = vocabulary_at(vocabulary)
    known = knowledge_at(knowledge, book)
    rules = readable_rules(known)
    found = [rules[what]] if what in rules else [rule for key, rule in rules.items() if key.endswith(f".{what}")]
    if found:
        if as_json:
            write_json([_as_data(rule) for rule in found])
        else:
            write("\n\n".join(_in_words(rule) for rule in found))
        return
    named = _naming(what, known, book)
    if named is None:
        stop(f"no rule, drug or condition {what!r}{suggestion(what, known)}", 1)
    title, by_role = named
    if as_json:
        told = {role: [_as_data(rules[key]) for key in keys] for role, keys in by_role.items()}
        write_json({"title": title, "rules": told})
        return
    page = Page()
    page.heading(title if any(by_role.values()) else f"{title}: no rule names it.")
    for role, keys in by_role.items():
        if keys:
            page.heading(f"A rule {role} ({len(keys)})")
            page.items(f"{key} ({rules[key].severity}): {rules[key].title}" for key in keys)
    write(str(page))


def suggestion(what: str, knowledge: Knowledge) -> str:
    """Names that are spelled like it, in brackets."""
    rules = list(readable_rules(knowledge))
    drugs = {name for each in knowledge.drug_sets.values() for name in each.names.values()}
    drugs |= {name for each in knowledge.duplicates.classes.values() for name in each.members.values()}
    return near(what, [*rules, *(rule_id.partition(".")[2] for rule_id in rules), *drugs, *knowledge.conditions])


def _naming(what: str, knowledge: Knowledge, book: Vocabulary) -> tuple[str, dict[str, list[str]]] | None:
    condition = _condition(what, knowledge, book)
    if condition is not None:
        rules = knowledge.rules.items()
        speaking = [rule_id for rule_id, rule in rules if condition in rule.when.conditions]
        silenced = [rule_id for rule_id, rule in rules if condition in rule.when.unless_conditions]
        others = _reading(book.conditions[condition].plain_name, knowledge) - {*speaking, *silenced}
        roles: tuple[list[str], ...] = (sorted({*speaking, *others}), [], sorted(silenced))
        return f"{book.conditions[condition].name} ({condition})", dict(zip(_ROLES, roles, strict=True))
    drug = book.understand(rxcui=what) if what.isdecimal() else book.understand(name=what)
    if isinstance(drug, NotUnderstood):
        return None
    rxcuis = {ingredient.rxcui for ingredient in drug.ingredients}
    names = {ingredient.name for ingredient in drug.ingredients}
    return ", ".join(sorted(names)), dict(zip(_ROLES, _of_drug(rxcuis, names, knowledge), strict=True))


def _condition(what: str, knowledge: Knowledge, book: Vocabulary) -> str | None:
    folded = what.casefold()
    for each in book.conditions.values():
        if folded in (each.id, each.name.casefold(), each.plain_name.casefold()):
            return each.id
    return None


def _of_drug(rxcuis: set[str], names: set[str], knowledge: Knowledge) -> tuple[list[str], list[str], list[str]]:
    sets = {set_id for set_id, each in knowledge.drug_sets.items() if rxcuis & each.names.keys()}
    speaking = {rule.rule_id for rule in readable_rules(knowledge).values() if names & set(rule.drugs)}
    rules = knowledge.rules.values()
    beside = {rule.rule_id for rule in rules if sets & set(rule.when.with_drugs)}
    silenced = {rule.rule_id for rule in rules if sets & set(rule.when.unless_drugs)}
    return sorted(speaking), sorted(beside - speaking), sorted(silenced - speaking)


def _reading(plain_name: str, knowledge: Knowledge) -> set[str]:
    return {rule.rule_id for rule in readable_rules(knowledge).values() if plain_name in rule.conditions}


def _rows(rule: ReadableRule) -> Iterator[tuple[str, Any]]:
    yield "screen", rule.screen.value
    yield "severity", rule.severity.value
    yield "drugs", list(rule.drugs)
    yield "conditions", list(rule.conditions)
    yield "circumstances", list(rule.asks)
    yield "why", rule.consequence
    yield "next step", rule.recommendation
    yield "source", str(rule.citation)


def _in_words(rule: ReadableRule) -> str:
    page = Page()
    page.heading(f"{rule.rule_id}: {rule.title}")
    for label, value in _rows(rule):
        if label == "circumstances" and value:
            page.line(label)
            page.items(value, depth=2)
        else:
            page.row(label, value)
    return str(page)


def _as_data(rule: ReadableRule) -> dict[str, Any]:
    told = {label.replace(" ", "_"): value for label, value in _rows(rule) if label != "source"}
    citation = {"source": rule.citation.source, "status": rule.citation.status.value}
    return {"rule_id": rule.rule_id, "title": rule.title, **told, "citation": citation}
