"""The same rules on a general rules engine: the drug–disease rules as a decision table of zen-engine (PyPI).

Both are given the same facts (drugs with their routes, conditions, age, sex, what else is taken) and must name the same
rules for the same drugs; the ratio is of the time to decide, facts made before. Only rules that a decision table can
state are compared: those that ask for who, route, condition, and what silences them.
"""

import json
import timeit
from typing import Any, Final

import zen
from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge import Knowledge, Rule
from mtm_review.domain.ruled import judge
from mtm_review.domain.situation import Situation, situation_of
from mtm_review.reference import load_knowledge

from benchmarks.reviews import AS_OF, members_of
from benchmarks.rounds import interleaved, row

_ASKED: Final = {"min_age", "max_age", "sex", "conditions", "routes", "unless_drugs", "unless_conditions"}
_COLUMNS: Final = ("rxcui", "conditions", "age", "sex", "route", "taken")
_MEMBERS: Final = 20


def _listed(values: Any) -> str:
    return "[" + ", ".join(f"'{value}'" for value in sorted(values)) + "]"


def _cells(rule: Rule, knowledge: Knowledge) -> dict[str, str]:
    """A row of the decision table: an empty cell asks nothing."""
    when = rule.when
    on_record = f"some($, # in {_listed(when.conditions)})" if when.conditions else ""
    silenced = f"not(some($, # in {_listed(when.unless_conditions)}))" if when.unless_conditions else ""
    protecting = {rxcui for name in when.unless_drugs for rxcui in knowledge.names_of(name)}
    ages = [f"$ >= {when.min_age}"] * bool(when.min_age) + [f"$ <= {when.max_age}"] * bool(when.max_age)
    return {
        "rxcui": f"$ in {_listed(knowledge.names_of(rule.drug_set))}",
        "conditions": " and ".join(part for part in (on_record, silenced) if part),
        "age": " and ".join(ages),
        "sex": f"'{when.sex}'" if when.sex else "",
        "route": f"$ in {_listed(when.routes)}" if when.routes else "",
        "taken": f"not(some($, # in {_listed(protecting)}))" if protecting else "",
    }


def _table(rules: list[Rule], knowledge: Knowledge) -> str:
    """The decision as the engine reads it: one table, every row that fits is a hit, for each drug."""
    rows = [
        {"_id": str(place), **_cells(rule, knowledge), "rule": f"'{rule.rule_id}'"} for place, rule in enumerate(rules)
    ]
    content = {
        "hitPolicy": "collect", "rules": rows, "passThrough": False, "executionMode": "loop", "inputField": "drugs",
        "outputPath": "hits", "inputs": [{"id": name, "name": name, "field": name} for name in _COLUMNS],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
    }  # fmt: skip
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "table"), ("table", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _facts(situation: Situation) -> dict[str, Any]:
    """A member as the engine reads it; each drug carries what its row is asked about."""
    common = {
        "conditions": sorted(situation.held.by_id),
        "age": situation.age,
        "sex": situation.patient.sex.value,
        "taken": sorted(situation.active),
    }
    drugs = [
        {"rxcui": rxcui, "route": exposure.route, **common}
        for rxcui, exposures in situation.active.items()
        for exposure in exposures
    ]
    return {"drugs": drugs}


def _theirs(answer: Any, facts: dict[str, Any]) -> set[tuple[str, str]]:
    hits = answer["result"]["hits"]
    return {(drug["rxcui"], hit["rule"]) for drug, found in zip(facts["drugs"], hits, strict=True) for hit in found}


def _ours(situation: Situation, names: set[str]) -> set[tuple[str, str]]:
    return {
        (rxcui, judged.rule.rule_id)
        for judged in judge(situation, Screen.DRUG_DISEASE)
        if judged.stop is None and judged.rule.rule_id in names
        for rxcui in judged.use.rxcuis
    }


def main() -> None:
    """Checks that both answer alike, then prints both rates."""
    knowledge = load_knowledge()
    rules = [
        rule
        for rule in knowledge.rules.values()
        if rule.screen is Screen.DRUG_DISEASE and _ASKED.issuperset(rule.when.asked)
    ]
    names = {rule.rule_id for rule in rules}
    decision = zen.ZenEngine().create_decision(_table(rules, knowledge))
    situations = [situation_of(p, m, AS_OF, knowledge) for p, m in members_of(12, _MEMBERS)]
    facts = [_facts(situation) for situation in situations]
    for situation, given in zip(situations, facts, strict=True):
        ours, theirs = _ours(situation, names), _theirs(decision.evaluate(given), given)
        if ours != theirs:
            raise SystemExit(f"the engines differ: {sorted(ours ^ theirs)}")
    found = sum(len(_ours(situation, names)) for situation in situations)
    peer, rate, ratio = interleaved(
        lambda: _MEMBERS / min(timeit.repeat(lambda: [decision.evaluate(f) for f in facts], number=1, repeat=3)),
        lambda: _MEMBERS / min(timeit.repeat(lambda: [_ours(s, names) for s in situations], number=3, repeat=3)) * 3,
    )
    print(f"{len(rules)} rules, {_MEMBERS} members, {found} hits, the same by both")
    row("zen-engine, one decision table", peer, "members/s", "(peer)")
    row("our engine, the same rules and facts", rate, "members/s")
    row("ratio", ratio, "times the peer")
