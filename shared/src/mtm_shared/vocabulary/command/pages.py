"""Writes what the vocabulary and the rules say as pages that a person can read:
`python -m mtm_shared.vocabulary.command.pages docs/rules`, or `make pages`.

One page for each therapeutic class and each condition, and the pages of every installed service. They are made from the
data and committed, so that a change of clinical content can be read where it is reviewed; a test refuses pages that are
older than the data.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from mtm_shared.rule_files import Section, installed, table
from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary import ConditionDefinition, Vocabulary, load_vocabulary
from mtm_shared.vocabulary.command.conditions import dotted, evidence_in_words, prefix_data, rxhcc_of, snomed_of
from mtm_shared.vocabulary.command.facts import flags_of
from mtm_shared.vocabulary.wording import fold

MADE: Final = "This page is made from the data; edit that and run `make pages`."
_BRANDS: Final = 6


def pages(book: Vocabulary) -> Mapping[str, str]:
    """Every page by its path below docs/rules."""
    made = {"classes/README.md": _classes(book), "conditions/README.md": _conditions(book)}
    made |= {f"classes/{each}.md": _class(book, each) for each in book.classes}
    made |= {f"conditions/{each.id}.md": _condition(book, each) for each in book.conditions.values()}
    own = {name: text for service in installed() for name, text in service.pages(book).items()}
    return {"README.md": _start(book, own), **made, **own}


def _start(book: Vocabulary, own: Mapping[str, str]) -> str:
    titles = [(text.partition("\n")[0].removeprefix("# "), name) for name, text in sorted(own.items())]
    lists = [
        f"- [Therapeutic classes](classes/README.md): {len(book.classes)}, their drugs and the rules that see them",
        f"- [Conditions](conditions/README.md): {len(book.conditions)}, their codes and the rules that name them",
        *(f"- [{title}]({name}): every rule" for title, name in titles),
    ]
    more = "A single drug or code: `mtm-vocabulary show` and `explain` ([the vocabulary](../vocabulary.md))."
    return _page("What the vocabulary and the rules say", f"{MADE} Vocabulary {book.version}.", "", *lists, "", more)


def _by_letter(head: Sequence[str], rows: Sequence[tuple[str, Sequence[object]]]) -> list[str]:
    """Tables under their letters, and a line that leads to each; what begins with a digit stands under `0-9`."""
    letters: dict[str, list[Sequence[object]]] = defaultdict(list)
    for name, row in sorted(rows, key=lambda each: each[0].casefold()):
        first = fold(name)[:1].upper()
        letters[first if first.isalpha() else "0-9"].append(row)
    lines = [" · ".join(f"[{letter}](#{letter.lower()})" for letter in letters)]
    for letter, of_letter in letters.items():
        lines += ["", f"## {letter}", "", *table(head, of_letter)]
    return lines


def _classes(book: Vocabulary) -> str:
    rows = [
        (name, (f"[{name}]({class_id}.md)", len(members), ", ".join(sorted(each.name for each in members))))
        for class_id, name in book.classes.items()
        for members in [_members(book, class_id)]
    ]
    head = ("class", "ingredients", "which")
    return _page("Therapeutic classes", f"{MADE} {len(rows)} classes, our own.", "", *_by_letter(head, rows))


def _class(book: Vocabulary, class_id: str) -> str:
    members = _members(book, class_id)
    notes: dict[str, int] = {}
    rows = [
        (
            each.name,
            each.rxcui,
            each.family,
            ", ".join(sorted(each.routes)),
            _brands(book, each),
            ", ".join(_flags(book, each, notes)),
        )
        for each in members
    ]
    head = ("ingredient", "RxCUI", "family", "routes", "brands", "flags")
    rxcuis = frozenset(each.rxcui for each in members)
    sections = [part for service in installed() for part in service.about_ingredients(rxcuis, book)]
    return _page(
        book.classes[class_id],
        f"Class `{class_id}`. {MADE}",
        "",
        *_note(book, class_id),
        *(table(head, rows) if rows else ["No ingredient is in this class."]),
        *(("", *(f"{number}. {source}" for source, number in notes.items())) if notes else ()),
        *_sections(sections),
        "",
        "[All classes](README.md)",
    )


def _note(book: Vocabulary, class_id: str) -> Iterable[str]:
    note = book.tables.drugs.class_notes.get(class_id)
    return (note, "") if note else ()


def _members(book: Vocabulary, class_id: str) -> list[Ingredient]:
    members = [book.ingredients[each] for each in book.ingredients_in_class(class_id)]
    return sorted(members, key=lambda each: (each.name.casefold(), each.rxcui))


def _brands(book: Vocabulary, ingredient: Ingredient) -> str:
    brands = book.tables.drugs.names[ingredient.rxcui].brands
    more = len(brands) - _BRANDS
    return ", ".join(brands[:_BRANDS]) + (f" and {more} more" if more > 0 else "")


def _flags(book: Vocabulary, ingredient: Ingredient, notes: dict[str, int]) -> Iterable[str]:
    """What is said of the ingredient, each with the number of its source; what is not said has its usual value."""
    if ingredient.device:
        yield "device"
    for flag in flags_of(book, ingredient):
        if flag["stated"]:
            number = notes.setdefault(f"{flag['source']} ({flag['status']})", len(notes) + 1)
            name = flag["flag"].replace("_", " ").replace("part d", "Part D")
            value = {"yes": name, "no": f"not {name}"}.get(flag["value"], f"{name} {flag['value']}")
            yield f"{value} [{number}]"


def _conditions(book: Vocabulary) -> str:
    rows = [
        (
            each.name,
            (
                f"[{each.name}]({each.id}.md)",
                each.plain_name,
                (each.core_category or "").replace("_", " "),
                ", ".join(map(dotted, each.includes)),
                ", ".join(map(dotted, each.excludes)),
            ),
        )
        for each in book.conditions.values()
    ]
    head = ("condition", "in letters", "core disease", "ICD-10-CM in", "out")
    about = "A prefix holds for every code below it; the longest one decides."
    return _page("Conditions", f"{MADE} {len(rows)} conditions. {about}", "", *_by_letter(head, rows))


def _condition(book: Vocabulary, condition: ConditionDefinition) -> str:
    sections = [part for service in installed() for part in service.about_condition(condition.id, book)]
    return _page(
        condition.name,
        f"Condition `{condition.id}`. {MADE}",
        "",
        *_names(condition),
        *_wider(book, condition.id),
        "",
        f"Evidence: {evidence_in_words(condition.evidence)}; a programme's file sets its own. "
        f"Source: {condition.evidence.citation}.",
        *_prefixes(book, condition),
        *_sections(_codings(book, condition.id)),
        *_sections(sections),
        "",
        "[All conditions](README.md)",
    )


def _names(condition: ConditionDefinition) -> Iterable[str]:
    yield f"- in letters: {condition.plain_name}; en español: {condition.name_es}"
    yield f"- core disease: {(condition.core_category or 'none of the ten').replace('_', ' ')}"


def _wider(book: Vocabulary, condition_id: str) -> Iterable[str]:
    wider = sorted((book.conditions[each].name, each) for each in book.implied_by(condition_id) - {condition_id})
    if wider:
        yield "- who has it also has: " + ", ".join(f"[{name}]({each}.md)" for name, each in wider)


def _prefixes(book: Vocabulary, condition: ConditionDefinition) -> list[str]:
    rows = [
        (dotted(prefix), sense, *(prefix_data(book, condition, prefix)[key] or "" for key in ("title", "reason")))
        for prefix, sense in sorted(
            [(each, "in") for each in condition.includes] + [(each, "**out**") for each in condition.excludes]
        )
    ]
    return ["", "## ICD-10-CM", "", *table(("prefix", "", "title of the category", "why"), rows)]


def _codings(book: Vocabulary, condition_id: str) -> Iterable[Section]:
    snomed = tuple((each.concept, each.name, each.source, each.status.value) for each in snomed_of(book, condition_id))
    rxhcc = tuple(
        (f"{each.model} {each.category}", each.label, relation, each.source, each.status.value)
        for each, relation in rxhcc_of(book, condition_id)
    )
    if snomed:
        yield Section("SNOMED CT", ("concept", "name", "source", "status"), snomed)
    if rxhcc:
        yield Section("RxHCC", ("category", "label", "to the condition", "source", "status"), rxhcc)


def _sections(sections: Iterable[Section]) -> Iterable[str]:
    for section in sections:
        rows = (
            [(f"[{row[0]}](../{link})", *row[1:]) for row, link in zip(section.rows, section.links, strict=True)]
            if section.links
            else section.rows
        )
        yield from ("", f"## {section.title}", "", *table(section.head, rows))


def _page(title: str, *lines: str) -> str:
    return "\n".join((f"# {title}", "", *lines)) + "\n"


def main(folder: Path) -> None:
    """Write the pages into the folder and remove those of classes and conditions that are no more."""
    made = pages(load_vocabulary())
    for kind in ("classes", "conditions"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for path in (folder / kind).glob("*.md"):
            if f"{kind}/{path.name}" not in made:
                path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
