"""What differs between two versions of the knowledge: rules that are new, gone or changed, field by field.

A rule is compared by everything that it is made of, the drugs of every set and the laboratory test that it names
included, so that a rule whose row nobody touched still counts as changed when a set of drugs gained one. Whatever value
carries a `rule_id` is compared by its fields; a screen that keeps its knowledge in values of another kind is compared
by how its rules read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mtm_shared.values.citation import Citation
from mtm_shared.values.decimals import plain

from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge import DuplicateClass, Knowledge, Rule
from mtm_review.domain.readable import ReadableRule, readable_rules

Facts = dict[str, str | frozenset[str]]
# Ids and what only serves the engine: the drugs are compared by name, `asked` follows from the rest.
_NOT_COMPARED = frozenset({"rule_id", "class_id", "screen", "asked", "members", "depth"})


class What(StrEnum):
    """What became of a rule."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a rule: its text before and after, or what a list gained and lost."""

    field: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What became of one rule."""

    rule_id: str
    screen: Screen
    title: str
    severity: str
    what: What
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SetChange:
    """A drug set that gained or lost drugs, and the rules of either version that name it."""

    set_id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs. `unchanged` counts rules."""

    before: str
    after: str
    rules: tuple[RuleChange, ...]
    sets: tuple[SetChange, ...]
    unchanged: int

    def of(self, what: What) -> tuple[RuleChange, ...]:
        """The rules of which this became."""
        return tuple(change for change in self.rules if change.what is what)


def compare(before: Knowledge, after: Knowledge) -> Comparison:
    """What the newer version adds, drops and changes."""
    old, new = readable_rules(before), readable_rules(after)
    old_values, new_values = dict(_values(before)), dict(_values(after))
    changes: list[RuleChange] = []
    for rule_id in sorted(old.keys() | new.keys()):
        if rule_id not in new:
            changes.append(_change(old[rule_id], What.GONE))
        elif rule_id not in old:
            changes.append(_change(new[rule_id], What.NEW))
        else:
            found = _differences(
                _facts(old[rule_id], old_values.get(rule_id), before),
                _facts(new[rule_id], new_values.get(rule_id), after),
            )
            if found:
                changes.append(_change(new[rule_id], What.CHANGED, found))
    touched = sum(change.what is not What.NEW for change in changes)
    return Comparison(before.version, after.version, tuple(changes), tuple(_sets(before, after)), len(old) - touched)


def _change(rule: ReadableRule, what: What, found: tuple[FieldChange, ...] = ()) -> RuleChange:
    return RuleChange(rule.rule_id, rule.screen, rule.title, rule.severity.value, what, found)


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value of the knowledge that is a rule, by its id, wherever the knowledge keeps it."""
    for each in fields(value):
        part = getattr(value, each.name)
        if isinstance(part, Mapping | tuple):
            for item in part.values() if isinstance(part, Mapping) else part:
                rule_id = getattr(item, "rule_id", None)
                if isinstance(rule_id, str) and is_dataclass(item):
                    yield rule_id, item
        elif is_dataclass(part):
            yield from _values(part)


def _facts(rule: ReadableRule, value: Any, knowledge: Knowledge) -> Facts:
    """Everything that a rule is made of, by the name of the field."""
    facts: Facts = {"drugs": frozenset(rule.drugs)}
    if value is None:
        facts |= {
            "title": rule.title,
            "severity": rule.severity.value,
            "citation": rule.citation.source,
            "status": rule.citation.status.value,
            "conditions": frozenset(rule.conditions),
            "circumstances": frozenset(rule.asks),
            "consequence": rule.consequence,
            "recommendation": rule.recommendation,
        }
    else:
        facts |= _flat(value)
    if isinstance(value, Rule):
        facts |= {f"drugs of {name}": frozenset(knowledge.names_of(name).values()) for name in value.sets[1:]}
        if value.when.lab is not None:
            facts["laboratory test"] = str(knowledge.labs[value.when.lab.lab])
    elif isinstance(value, DuplicateClass):
        facts["intended pairs"] = frozenset(_pairs(value, knowledge))
    return facts


def _pairs(rule: DuplicateClass, knowledge: Knowledge) -> Iterator[str]:
    for rxcui in rule.members:
        for pair in knowledge.duplicates.pairs_by_ingredient.get(rxcui, ()):
            yield f"{pair.pair_id} {sorted(_flat(pair).items(), key=str)}"


def _flat(value: Any) -> Facts:
    """The fields of a value as texts, those of values in it beside them."""
    facts: Facts = {}
    for each in fields(value):
        part = getattr(value, each.name)
        if each.name in _NOT_COMPARED:
            continue
        if isinstance(part, Citation):
            facts |= {"citation": part.source, "status": part.status.value}
        elif is_dataclass(part) and type(part).__str__ is object.__str__:
            prefix = "" if each.name == "when" else f"{each.name}."
            facts |= {f"{prefix}{name}": text for name, text in _flat(part).items()}
        else:
            facts[each.name] = _text(part)
    return facts


def _text(value: object) -> str | frozenset[str]:
    if isinstance(value, Mapping):
        return frozenset(f"{key}: {part}" for key, part in value.items())
    if isinstance(value, tuple | frozenset | list):
        return frozenset(map(str, value))
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _differences(before: Facts, after: Facts) -> tuple[FieldChange, ...]:
    found: list[FieldChange] = []
    for name in (*before, *(name for name in after if name not in before)):
        old, new = before.get(name, frozenset()), after.get(name, frozenset())
        if old == new or not (old or new):
            continue
        if isinstance(old, frozenset) and isinstance(new, frozenset):
            found.append(FieldChange(name, added=tuple(sorted(new - old)), removed=tuple(sorted(old - new))))
        else:
            found.append(FieldChange(name, _joined(old), _joined(new)))
    return tuple(found)


def _joined(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else ", ".join(sorted(value))


def _sets(before: Knowledge, after: Knowledge) -> Iterator[SetChange]:
    for set_id in sorted(before.drug_sets.keys() | after.drug_sets.keys()):
        old = before.drug_sets[set_id].names if set_id in before.drug_sets else {}
        new = after.drug_sets[set_id].names if set_id in after.drug_sets else {}
        if old.keys() == new.keys():
            continue
        rules = {rule.rule_id for each in (before, after) for rule in each.rules.values() if set_id in rule.sets}
        yield SetChange(
            set_id,
            tuple(sorted(name for rxcui, name in new.items() if rxcui not in old)),
            tuple(sorted(name for rxcui, name in old.items() if rxcui not in new)),
            tuple(sorted(rules)),
        )
