"""A code of ICD-10-CM, SNOMED CT or RxHCC: the conditions that it shows and does not show, each with the reason."""

from collections.abc import Iterable
from typing import Any

from mtm_shared.values.codes import Icd10
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.conditions import dotted, evidence_data, rules_about, write_evidence, write_rules
from mtm_shared.vocabulary.command.page import Page


def icd10_data(vocabulary: Vocabulary, code: str) -> dict[str, Any]:
    """What an ICD-10-CM code shows and does not show, and why."""
    parsed = Icd10.parse(code)
    known = vocabulary.icd10(parsed.code)
    exact = known is not None and known.code == parsed.code
    # What programmes count comes first.
    why = sorted(vocabulary.why(parsed.code), key=lambda each: _order(vocabulary, each.condition))
    return {
        "kind": "code",
        "system": "ICD-10-CM",
        "code": parsed.dotted,
        "title": known.title if known and exact else None,
        "below": None if known is None or exact else {"code": dotted(known.code), "title": known.title},
        "billable": known.billable if known and exact and vocabulary.tables.official.codes else None,
        "all_codes_held": bool(vocabulary.tables.official.codes),
        "conditions": [
            {**_condition(vocabulary, each.condition), "because": _icd10_reason(each.prefix, each.source, inside=True)}
            for each in why
            if each.included
        ],
        "not": [
            {
                "id": each.condition,
                "name": each.name,
                "prefix": each.prefix,
                "because": _icd10_reason(each.prefix, each.source, inside=False),
            }
            for each in why
            if not each.included
        ],
    }


def snomed_data(vocabulary: Vocabulary, concept: str) -> dict[str, Any]:
    """What a SNOMED CT concept shows."""
    known = vocabulary.snomed(concept)
    assert known is not None
    because = f"{known.source} ({known.status})"
    return {
        "kind": "code",
        "system": "SNOMED CT",
        "code": known.concept,
        "title": known.name,
        "source": because,
        "conditions": [
            {**_condition(vocabulary, each), "because": "the concept stands for it"}
            for each in sorted(known.conditions, key=lambda each: _order(vocabulary, each))
        ],
        "not": [],
    }


def rxhcc_data(vocabulary: Vocabulary, category: str) -> dict[str, Any]:
    """What a category of CMS's RxHCC model shows: conditions that it equals or lies within."""
    known = vocabulary.rxhcc(category)
    assert known is not None
    because = f"{known.source} ({known.status})"
    return {
        "kind": "code",
        "system": "RxHCC",
        "model": known.model,
        "code": known.category,
        "title": known.label,
        "source": because,
        "conditions": [
            {**_condition(vocabulary, link.condition), "because": _relation(link.relation)}
            for link in known.links
            if link.condition in known.conditions
        ],
        "not": [],
        "overlaps": [link.condition for link in known.links if link.condition not in known.conditions],
    }


def write_code(page: Page, data: dict[str, Any]) -> None:
    """The page of a code."""
    page.heading(f"{data['code']}  {data['title'] or ''}".rstrip())
    page.row(data["system"], _standing(data))
    if data.get("overlaps"):
        page.row("overlaps", f"{', '.join(data['overlaps'])}: the category alone does not show them")
    if not data["conditions"]:
        page.line("It shows no condition of this vocabulary.")
    for each in data["conditions"]:
        page.heading(f"It shows {each['id']}: {each['name']}")
        page.row("because", each["because"])
        page.row("core disease", each["core_category"] or "none of the ten")
        write_evidence(page, each["evidence"])
        page.row("RxHCC", each["rxhcc"])
        write_rules(page, each["rules"])
    for each in data["not"]:
        page.heading(f"It is not {each['id']}: {each['name']}")
        page.row("because", each["because"])


def _order(vocabulary: Vocabulary, condition_id: str) -> tuple[bool, str]:
    condition = vocabulary.conditions[condition_id]
    return condition.core_category is None, condition.name.casefold()


def _condition(vocabulary: Vocabulary, condition_id: str) -> dict[str, Any]:
    condition = vocabulary.conditions[condition_id]
    return {
        "id": condition.id,
        "name": condition.name,
        "core_category": condition.core_category,
        "evidence": evidence_data(condition.evidence),
        "rxhcc": list(_rxhcc(vocabulary, condition_id)),
        "rules": rules_about(vocabulary, condition_id),
    }


def _rxhcc(vocabulary: Vocabulary, condition_id: str) -> Iterable[str]:
    for each in vocabulary.tables.conditions.rxhcc.values():
        for link in each.links:
            if link.condition == condition_id:
                yield f"{each.model} {each.category} {each.label} ({link.relation})"


def _icd10_reason(prefix: str, source: str, *, inside: bool) -> str:
    place = "in" if inside else "left out, though codes around it are in"
    return f"{dotted(prefix)} and all below it are {place}: {source}"


def _relation(relation: str) -> str:
    return "the category is the condition" if relation == "equal" else "the category lies within the condition"


def _standing(data: dict[str, Any]) -> str:
    if data["system"] != "ICD-10-CM":
        return str(data["source"])
    if data["billable"] is not None:
        return "a code that may stand on a claim" if data["billable"] else "a header: a claim needs a longer code"
    if data["title"] is not None:
        return "a category; whether a claim may carry it is told by a vocabulary built from the official files"
    below = f"below {data['below']['code']} {data['below']['title']}"
    if data["all_codes_held"]:
        return f"not in the list that was built in: mistyped, or newer or older than that; {below}"
    return f"{below}; whether the code exists is told by a vocabulary built from the official files"
