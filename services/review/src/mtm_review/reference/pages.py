"""What a review knows as pages that a pharmacist can read; `make pages` writes them with those of the vocabulary.

The pages are made from the knowledge files and committed, so that a change of clinical content can be read where it
is reviewed; a test refuses pages that are older than the files.
"""

from collections.abc import Iterable, Mapping

from mtm_shared.rule_files import table

from mtm_review.domain.knowledge import DrugDiseaseRule, Knowledge

_MADE = "This page is made from the knowledge files of the review service; edit those, not this page."


def render(knowledge: Knowledge) -> Mapping[str, str]:
    """Every page by its file name."""
    return {
        "duplicate_therapy.md": _duplicate_therapy(knowledge),
        "drug_disease.md": _drug_disease(knowledge),
    }


def _duplicate_therapy(knowledge: Knowledge) -> str:
    general = [
        (rule.name, rule.severity, rule.consequence, rule.recommendation, rule.citation)
        for rule in knowledge.general.values()
    ]
    pairs = [(pair.pair_id.replace("_", " "), pair.rationale, pair.citation) for pair in knowledge.pairs]
    return "\n".join(
        [
            "# Duplicate therapy",
            "",
            f"{_MADE} Edition {knowledge.version.partition('+')[0]}; {len(knowledge.classes)} classes.",
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
    rows = [
        (
            rule.name,
            rule.allowance,
            knowledge.classes[rule.parent].name if rule.parent else "",
            ", ".join(sorted(rule.routes)),
            rule.severity,
            ", ".join(sorted(rule.members.values())),
            rule.consequence,
            rule.recommendation,
            rule.citation,
        )
        for rule in sorted(knowledge.classes.values(), key=lambda c: c.class_id)
    ]
    return table(("class", "allowed", "parent", "routes", "severity", "drugs", "why", "next step", "source"), rows)


def _drug_disease(knowledge: Knowledge) -> str:
    rows = [
        (
            rule.drug_set.replace("_", " "),
            ", ".join(sorted(knowledge.drug_sets[rule.drug_set].names.values())),
            f"[{knowledge.conditions[rule.condition]}](conditions/{rule.condition}.md)",
            rule.severity,
            " ".join(_circumstances(rule, knowledge)),
            rule.consequence,
            rule.recommendation,
            rule.citation,
        )
        for rule in sorted(knowledge.rules.values(), key=lambda r: r.rule_id)
    ]
    return "\n".join(
        [
            "# Drug–disease",
            "",
            f"{_MADE} Edition {knowledge.version.partition('+')[0]}; {len(rows)} rules.",
            "",
            *table(("drugs", "which", "condition", "severity", "circumstances", "why", "next step", "source"), rows),
            "",
        ]
    )


def _circumstances(rule: DrugDiseaseRule, knowledge: Knowledge) -> Iterable[str]:
    if rule.min_age:
        yield f"From age {rule.min_age}."
    if rule.sex:
        yield f"For {rule.sex} members."
    if rule.routes:
        yield f"Routes: {', '.join(sorted(rule.routes))}."
    for set_id in rule.unless_drugs:
        yield f"Not with {set_id.replace('_', ' ')}."
    for condition_id in rule.unless_conditions:
        yield f"Not in {knowledge.conditions[condition_id]}."
