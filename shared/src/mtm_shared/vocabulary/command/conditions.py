"""A condition: the codes that show it and why, the evidence it asks for, and the rules that name it."""

from typing import Any, Final

from mtm_shared.rule_files import installed
from mtm_shared.vocabulary import ConditionDefinition, EvidencePolicy, Vocabulary
from mtm_shared.vocabulary.command.page import Page
from mtm_shared.vocabulary.model import RxHcc, SnomedConcept

_PREFIXES: Final = 24
_SETTINGS: Final = {
    "inpatient": "inpatient",
    "skilled_nursing": "skilled nursing",
    "home_health": "home health",
}


def dotted(code: str) -> str:
    """The printed spelling of a code or prefix."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"


def condition_data(vocabulary: Vocabulary, condition_id: str) -> dict[str, Any]:
    """The condition with its prefixes, evidence policy and the rules that name it."""
    condition = vocabulary.conditions[condition_id]
    return {
        "kind": "condition",
        "id": condition.id,
        "name": condition.name,
        "plain_name": condition.plain_name,
        "name_es": condition.name_es,
        "core_category": condition.core_category,
        "includes": [prefix_data(vocabulary, condition, each) for each in condition.includes],
        "excludes": [prefix_data(vocabulary, condition, each) for each in condition.excludes],
        "snomed": [
            {"concept": each.concept, "name": each.name, "source": each.source, "status": each.status.value}
            for each in snomed_of(vocabulary, condition_id)
        ],
        "rxhcc": [
            {"model": each.model, "category": each.category, "label": each.label, "relation": relation}
            for each, relation in rxhcc_of(vocabulary, condition_id)
        ],
        "evidence": evidence_data(condition.evidence),
        "rules": rules_about(vocabulary, condition_id),
    }


def rules_about(vocabulary: Vocabulary, condition_id: str) -> list[dict[str, Any]]:
    """What installed services say of the condition."""
    return [
        {"service": each.service, "title": section.title, "rows": [list(row) for row in section.rows]}
        for each in installed()
        for section in each.about_condition(condition_id, vocabulary)
    ]


def evidence_data(policy: EvidencePolicy) -> dict[str, Any]:
    """The evidence policy with its citation."""
    return {
        "text": evidence_in_words(policy),
        "single_claim_settings": list(policy.single_claim_settings),
        "single_claim_minimum": policy.single_claim_minimum,
        "other_claim_minimum": policy.other_claim_minimum,
        "days_apart": policy.days_apart,
        "look_back_days": policy.look_back_days,
        "citation": policy.citation.source,
        "status": policy.citation.status.value,
    }


def evidence_in_words(policy: EvidencePolicy) -> str:
    """The evidence policy as a sentence."""
    ways = []
    if policy.single_claim_settings:
        *first, last = [_SETTINGS.get(each, each) for each in policy.single_claim_settings]
        settings = f"{', '.join(first)} or {last}" if first else last
        ways.append(f"{_count(policy.single_claim_minimum, f'{settings} claim')}")
    apart = ""
    if policy.other_claim_minimum > 1 and policy.days_apart:
        apart = f" at least {_count(policy.days_apart, 'day')} apart"
    ways.append(f"{_count(policy.other_claim_minimum, 'other claim')}{apart}")
    return f"{', or '.join(ways)}, within {policy.look_back_days} days"


def write_condition(page: Page, data: dict[str, Any]) -> None:
    """The page of a condition."""
    page.heading(f"Condition {data['id']}: {data['name']}")
    page.row("plain name", " / ".join(filter(None, (data["plain_name"], data["name_es"]))))
    page.row("core disease", data["core_category"] or "none of the ten")
    _write_prefixes(page, "codes in", data["includes"])
    _write_prefixes(page, "codes out", data["excludes"])
    write_evidence(page, data["evidence"])
    page.row("SNOMED CT", [f"{each['concept']} ({each['name']})" for each in data["snomed"]])
    page.row("RxHCC", [f"{each['category']} ({each['label']}; {each['relation']})" for each in data["rxhcc"]])
    write_rules(page, data["rules"])


def write_evidence(page: Page, evidence: dict[str, Any]) -> None:
    """The evidence policy with its citation."""
    page.row("evidence", evidence["text"])
    page.row("", f"{evidence['citation']} ({evidence['status']}); a programme's file sets its own")


def write_rules(page: Page, rules: list[dict[str, Any]]) -> None:
    """The rules that name a condition, a line for each kind."""
    for section in rules:
        names = [row[0] for row in section["rows"]]
        shown = ", ".join(names[:_PREFIXES]) + (f" and {len(names) - _PREFIXES} more" if len(names) > _PREFIXES else "")
        page.row(section["title"].lower(), shown)


def _write_prefixes(page: Page, label: str, prefixes: list[dict[str, Any]]) -> None:
    shown = [dotted(each["prefix"]) for each in prefixes]
    more = len(shown) - _PREFIXES
    page.row(label, ", ".join(shown[:_PREFIXES]) + (f" and {more} more (--json lists all)" if more > 0 else ""))


def prefix_data(vocabulary: Vocabulary, condition: ConditionDefinition, prefix: str) -> dict[str, Any]:
    """A prefix with its title, where the vocabulary holds that, and the reason why it is in or out."""
    known = vocabulary.icd10(prefix)
    title = known.title if known is not None and known.code == prefix else None
    return {"prefix": prefix, "title": title, "reason": condition.reasons.get(prefix, "")}


def snomed_of(vocabulary: Vocabulary, condition_id: str) -> list[SnomedConcept]:
    """The SNOMED CT concepts that show the condition."""
    known = vocabulary.tables.conditions.snomed.values()
    return sorted((each for each in known if condition_id in each.conditions), key=lambda each: int(each.concept))


def rxhcc_of(vocabulary: Vocabulary, condition_id: str) -> list[tuple[RxHcc, str]]:
    """The RxHCC categories that touch the condition, each with how it lies to it."""
    known = vocabulary.tables.conditions.rxhcc.values()
    return [(each, link.relation) for each in known for link in each.links if link.condition == condition_id]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
