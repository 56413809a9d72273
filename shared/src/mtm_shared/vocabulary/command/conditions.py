"""A condition and the codes that show it, with the reason: which prefix, whose rule, what evidence is asked for."""

from typing import Any, Final

from mtm_shared.rule_files import installed
from mtm_shared.values.codes import Icd10
from mtm_shared.vocabulary import ConditionDefinition, EvidencePolicy, Vocabulary
from mtm_shared.vocabulary.command.page import Page

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
        "core_category": condition.core_category,
        "includes": [_prefix(vocabulary, each) for each in condition.includes],
        "excludes": [_prefix(vocabulary, each) for each in condition.excludes],
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
        settings = " or ".join(_SETTINGS.get(each, each) for each in policy.single_claim_settings)
        ways.append(f"{_count(policy.single_claim_minimum, f'{settings} claim')}")
    apart = ""
    if policy.other_claim_minimum > 1 and policy.days_apart:
        apart = f" at least {_count(policy.days_apart, 'day')} apart"
    ways.append(f"{_count(policy.other_claim_minimum, 'other claim')}{apart}")
    return f"{', or '.join(ways)}, within {policy.look_back_days} days"


def write_condition(page: Page, data: dict[str, Any]) -> None:
    """The page of a condition."""
    page.heading(f"Condition {data['id']}: {data['name']}")
    page.row("core disease", data["core_category"] or "none of the ten")
    _write_prefixes(page, "codes in", data["includes"])
    _write_prefixes(page, "codes out", data["excludes"])
    write_evidence(page, data["evidence"])
    write_rules(page, data["rules"])


def write_evidence(page: Page, evidence: dict[str, Any]) -> None:
    """The evidence policy with its citation."""
    page.row("evidence", evidence["text"])
    page.row("", f"{evidence['citation']} ({evidence['status']})")


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


def _prefix(vocabulary: Vocabulary, prefix: str) -> dict[str, Any]:
    known = vocabulary.icd10(prefix)
    return {"prefix": prefix, "title": known.title if known else None}


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def explain_data(vocabulary: Vocabulary, code: str) -> dict[str, Any]:
    """What an ICD-10-CM code shows and does not show, and why."""
    parsed = Icd10.parse(code)
    known = vocabulary.icd10(parsed.code)
    shown = vocabulary.conditions_of(parsed.code)
    judged = [
        _judgement(vocabulary, condition, parsed.code)
        for condition in vocabulary.conditions.values()
        if parsed.code.startswith(condition.includes)
    ]
    return {
        "kind": "code",
        "system": "icd10cm",
        "code": parsed.dotted,
        "title": known.title if known else None,
        "billable": known.billable if known else None,
        "listed": known is not None,
        "codes_held": bool(vocabulary.tables.official.codes),
        "category": parsed.category,
        "conditions": [each for each in judged if each["id"] in shown],
        "not": [each for each in judged if each["id"] not in shown],
    }


def _judgement(vocabulary: Vocabulary, condition: ConditionDefinition, code: str) -> dict[str, Any]:
    """The longest prefix decides; the longest included one is told as well where an excluded one overrules it."""
    inside = max((each for each in condition.includes if code.startswith(each)), key=len)
    outside = max((each for each in condition.excludes if code.startswith(each)), key=len, default=None)
    return {
        "id": condition.id,
        "name": condition.name,
        "included_by": inside,
        "excluded_by": outside,
        "core_category": condition.core_category,
        "evidence": evidence_data(condition.evidence),
        "rules": rules_about(vocabulary, condition.id),
    }


def write_explanation(page: Page, data: dict[str, Any]) -> None:
    """The page of a code."""
    page.heading(f"{data['code']}  {data['title'] or ''}".rstrip())
    page.row("ICD-10-CM", _standing(data))
    if not data["conditions"]:
        page.line("It shows no condition of this vocabulary.")
    for each in data["conditions"]:
        page.heading(f"It shows {each['id']}: {each['name']}")
        page.row("because", f"{dotted(each['included_by'])} and every code below it is included")
        page.row("core disease", each["core_category"] or "none of the ten")
        write_evidence(page, each["evidence"])
        write_rules(page, each["rules"])
    for each in data["not"]:
        page.heading(f"It is not {each['id']}: {each['name']}")
        page.row(
            "because", f"{dotted(each['excluded_by'])} is left out of {dotted(each['included_by'])}, which is included"
        )


def _standing(data: dict[str, Any]) -> str:
    if data["listed"]:
        return "a code that may stand on a claim" if data["billable"] else "a header: a claim needs a longer code"
    if data["codes_held"]:
        return f"not a code of the list that was built in; its category {data['category']} exists"
    return f"category {data['category']} exists; titles and full codes come with a vocabulary built from official files"
