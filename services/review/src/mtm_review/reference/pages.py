"""What a review knows as pages that a pharmacist can read; `make pages` writes them with those of the vocabulary.

The pages are made from the knowledge files and committed, so that a change of clinical content can be read where it
is reviewed; a test refuses pages that are older than the files.
"""

from collections.abc import Mapping, Sequence

from mtm_shared.rule_files import Folded, table

from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.readable import ReadableRule, meant, readable_rules
from mtm_review.reference.rules_index import index, title_of

_LISTED, _NAMED = 12, 3
_MADE = "This page is made from the knowledge files of the review service; edit those, not this page."


def render(knowledge: Knowledge) -> Mapping[str, str]:
    """Every page by its file name: one for each screen that has rules, and one that leads to them."""
    rules = readable_rules(knowledge).values()
    pages = {
        f"{screen.value}.md": _rules(screen, [rule for rule in rules if rule.screen is screen], knowledge)
        for screen in sorted({rule.screen for rule in rules})
        if screen is not Screen.DUPLICATE_THERAPY
    }
    started = index(list(rules), _edition(knowledge))
    return {"reviews.md": started, "duplicate_therapy.md": _duplicate_therapy(knowledge), **pages}


def _rules(screen: Screen, rules: Sequence[ReadableRule], knowledge: Knowledge) -> str:
    ids = {name: condition_id for condition_id, name in knowledge.conditions.items()}
    rows = [
        (
            rule.title,
            listed(rule.drugs),
            ", ".join(f"[{name}](conditions/{ids[name]}.md)" if name in ids else name for name in rule.conditions),
            rule.severity,
            " ".join(rule.asks),
            rule.consequence,
            rule.recommendation,
            rule.citation,
            f"`{rule.rule_id.partition('.')[2]}`",
        )
        for rule in sorted(rules, key=lambda each: (each.title.casefold(), each.rule_id))
    ]
    title = title_of(screen)
    head = ("rule", "drugs", "condition", "severity", "circumstances", "why", "next step", "source", "id")
    return "\n".join(
        [f"# {title}", "", f"{_MADE} {_edition(knowledge)}; {len(rows)} rules.", "", *table(head, rows), ""]
    )


def listed(drugs: Sequence[str]) -> str | Folded:
    """The drugs in one line; a long list is folded, so that the sentence beside it can be read."""
    text = ", ".join(drugs)
    return text if len(drugs) <= _LISTED else Folded(f"{len(drugs)} drugs: {', '.join(drugs[:_NAMED])} …", text)


def _edition(knowledge: Knowledge) -> str:
    return f"Edition {knowledge.version.partition('+')[0]}"


def _duplicate_therapy(knowledge: Knowledge) -> str:
    duplicates = knowledge.duplicates
    general = [
        (rule.name, rule.severity, rule.consequence, rule.recommendation, rule.citation)
        for rule in duplicates.general.values()
    ]
    pairs = [
        (pair.pair_id.replace("_", " "), meant(pair, knowledge).partition(": ")[2], pair.citation)
        for pair in duplicates.pairs
    ]
    return "\n".join(
        [
            "# Duplicate therapy",
            "",
            f"{_MADE} {_edition(knowledge)}; {len(duplicates.classes)} classes.",
            "",
            "Reported at the most specific level only, from the same ingredient to the parent class.",
            "",
            *table(("rule", "severity", "why", "next step", "source"), general),
            "",
            "## Classes",
            "",
            *_classes(knowledge),
            "",
            "## Meant to be taken together",
            "",
            *table(("pair", "why", "source"), pairs),
            "",
        ]
    )


def _classes(knowledge: Knowledge) -> list[str]:
    classes = knowledge.duplicates.classes
    rows = [
        (
            rule.name,
            rule.allowance,
            classes[rule.parent].name if rule.parent else "",
            ", ".join(sorted(rule.routes)),
            rule.severity,
            listed(sorted(rule.members.values())),
            rule.consequence,
            rule.recommendation,
            rule.citation,
        )
        for rule in sorted(classes.values(), key=lambda c: c.class_id)
    ]
    return table(("class", "allowed", "parent", "routes", "severity", "drugs", "why", "next step", "source"), rows)
