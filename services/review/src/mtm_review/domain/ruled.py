"""The engine that decides rules about drugs: one chain of gates for every screen that is made of such rules.

Each gate asks one circumstance of a rule and stops the chain when it is not met: silently (the member is too young),
with a reason that is worth telling (the drug is used on the skin), or because a fact is missing (no eGFR is known).
The same gates say in words what a rule asks (for pages and API) and at which step it did not fire ("why not?"), so
that an explanation cannot differ from the decision.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Screen
from mtm_review.domain.gates import GATES, Stop, Use
from mtm_review.domain.knowledge import Knowledge, Rule
from mtm_review.domain.situation import Situation


class Judged(NamedTuple):
    """A rule, what it was asked of, and where it stopped; None: it fires."""

    rule: Rule
    use: Use
    stop: Stop | None


class Step(NamedTuple):
    """One step of an explanation: what the rule asks, and whether the member meets it."""

    step: str
    asks: str
    outcome: str
    because: str


def judge(situation: Situation, screen: Screen) -> Iterator[Judged]:
    """Every rule of the screen whose drugs are taken, whose condition is on record and whose other drug is taken."""
    for rule, use in _uses(situation, screen):
        yield Judged(rule, use, stop_of(rule, use, situation))


def _uses(situation: Situation, screen: Screen) -> Iterator[tuple[Rule, Use]]:
    index = situation.knowledge.index.get(screen)
    if not index:
        return
    on_record, taken = situation.held.by_id.keys(), situation.active.keys()
    hits: dict[tuple[str, str], tuple[Rule, list[Course], list[str]]] = {}
    for rxcui, courses in situation.in_use.items():
        of_drug = index.get(rxcui)
        if of_drug is None:
            continue
        for rule in of_drug.worth_asking(on_record, taken):
            for course in courses if _adds_all(rule) else _adding(rule, courses):
                key = (rule.rule_id, "" if rule.together else course.key)
                hit = hits.get(key)
                if hit is None:
                    hits[key] = (rule, [course], [rxcui])
                else:
                    hit[1].append(course)
                    hit[2].append(rxcui)
    for key in sorted(hits):
        rule, found, rxcuis = hits[key]
        yield rule, Use(_each_once(found), frozenset(rxcuis))


def _each_once(courses: list[Course]) -> tuple[Course, ...]:
    """A combination comes once for each ingredient, and a rule may be asked for two reasons."""
    if len(courses) > 1:
        courses = sorted({id(course): course for course in courses}.values(), key=_by_name)
    return tuple(courses)


def _by_name(course: Course) -> tuple[str, str]:
    first = course.medications[0]
    return (first.name, first.medication_id)


def _adds_all(rule: Rule) -> bool:
    return not (rule.together and rule.when.routes)


def _adding(rule: Rule, courses: Sequence[Course]) -> list[Course]:
    """Where a total is judged, only what is used by a route that adds to it."""
    return [course for course in courses if course.route in rule.when.routes]


def stop_of(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    """What stops the rule; None when it fires.

    A gate that stops silently decides, wherever it stands: the rule does not speak of this member at all. Then comes
    the first reason to tell, and only where nothing else stops it the fact that is missing.
    """
    told: Stop | None = None
    missing: Stop | None = None
    for name in rule.when.asked:
        stop = GATES[name].stop(rule, use, situation)
        if stop is None:
            continue
        if stop.missing:
            missing = missing or stop
        elif stop.reason is None:
            return stop
        else:
            told = told or stop
    return told or missing


def asks_of(rule: Rule, knowledge: Knowledge) -> list[str]:
    """The circumstances of a rule, a sentence each, for pages and the API."""
    return [GATES[name].asks(rule, knowledge) for name in rule.when.asked]


def explain(rule: Rule, situation: Situation) -> list[Step]:
    """Each step of the rule for this member, as far as it goes; the last says why it did not fire, or that it did."""
    names = situation.knowledge.drug_sets[rule.drug_set].names
    drugs = f"A drug of {rule.drug_set.replace('_', ' ')} is taken."
    exposures = situation.taken(rule.drug_set)
    if not exposures:
        known = [e.ingredient.name for e in situation.regimen.exposures if e.ingredient.rxcui in names]
        ended = f"{', '.join(sorted(set(known)))} is known and not active on the day." if known else ""
        return [Step("drug", drugs, "stopped", ended or "None of its drugs is on the member's list.")]
    steps = [Step("drug", drugs, "passed", ", ".join(sorted({e.ingredient.name for e in exposures})) + " is active.")]
    uses = [use for each, use in _uses(situation, rule.screen) if each.rule_id == rule.rule_id]
    if not uses:
        return [*steps, _not_met(rule, situation)]
    for use in uses:
        steps += _gate_steps(rule, use, situation)
    return steps


def _not_met(rule: Rule, situation: Situation) -> Step:
    knowledge = situation.knowledge
    if rule.when.conditions and not any(name in situation.held.by_id for name in rule.when.conditions):
        names = " or ".join(knowledge.conditions[name] for name in rule.when.conditions)
        return Step("condition", f"On record: {names}.", "stopped", "Nothing on record that holds on the day shows it.")
    if rule.together and rule.when.routes and not rule.when.with_drugs:
        routes = GATES["routes"].asks(rule, knowledge)
        return Step("routes", routes, "stopped", "It is not used by a route that adds to the total.")
    if not rule.when.with_drugs:
        return Step("drug", "A product of it is in use.", "stopped", "No product of it is active on the day.")
    others = " or ".join(name.replace("_", " ") for name in rule.when.with_drugs)
    return Step("with_drug", f"Taken together with {others}.", "stopped", "No such drug is active on the day.")


def _gate_steps(rule: Rule, use: Use, situation: Situation) -> Iterator[Step]:
    unknown = False
    for name in rule.when.asked:
        asks = GATES[name].asks(rule, situation.knowledge)
        stop = GATES[name].stop(rule, use, situation)
        if stop is None:
            yield Step(name, asks, "passed", f"{use.name}: met.")
        elif stop.missing:
            unknown = True
            yield Step(name, asks, "cannot_tell", stop.because)
        else:
            yield Step(name, asks, "stopped", stop.because)
            return
    if unknown:
        yield Step("finding", "Every step is met.", "cannot_tell", f"A fact about {use.name} is missing.")
        return
    yield Step("finding", "Every step is met.", "passed", f"The rule fires on {use.name}.")
