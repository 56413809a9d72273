"""The circumstances of rules, each as a gate: the question in words, and where it stops a rule and why.

A gate stops silently (`Stop.reason` None), with a reason that is worth telling among what was suppressed, or because a
fact is `missing`. Gates are asked in the order of the fields of `Circumstances`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mtm_shared.values.decimals import plain

from mtm_review.domain import gates_of_doses as doses
from mtm_review.domain import gates_of_opioids as opioids
from mtm_review.domain.asking import Gate, Stop, Use
from mtm_review.domain.eras import Era, overlaps
from mtm_review.domain.finding import Screen, SuppressionReason
from mtm_review.domain.patient import Sex
from mtm_review.domain.wording import in_series, short_name

if TYPE_CHECKING:
    from mtm_review.domain.courses import Course
    from mtm_review.domain.knowledge import Knowledge, Rule
    from mtm_review.domain.knowledge.rules import LabBound
    from mtm_review.domain.patient import Lab
    from mtm_review.domain.situation import Situation

__all__ = ["GATES", "Gate", "Stop", "Use", "days_on_hand", "others", "result_of", "thirds"]


def _too_young(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    young = situation.age < rule.when.min_age
    return Stop(f"The member is {situation.age} years old.") if young else None


def _too_old(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    old = situation.age > rule.when.max_age
    return Stop(f"The member is {situation.age} years old.") if old else None


def _other_sex(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    sex = situation.patient.sex
    # The screening itself says so once for drug and disease, where such rules are many.
    if sex is Sex.UNKNOWN and rule.screen is not Screen.DRUG_DISEASE:
        return Stop("The member's sex is unknown.", missing="sex")
    return Stop(f"The member's sex is {sex.value}.") if sex.value != rule.when.sex else None


def _in_hospice(_: Rule, use: Use, situation: Situation) -> Stop | None:
    if not situation.in_hospice:
        return None
    return Stop(f"{use.name}: the member is in hospice or palliative care.", SuppressionReason.POLICY)


def others(rule: Rule, use: Use, situation: Situation) -> list[Course]:
    """The active courses of other drugs that the rule asks to be taken too, each once."""
    found = {id(course): course for course in _others(rule, use, situation)}
    return sorted(found.values(), key=lambda course: (short_name(course.drug), course.medications[0].medication_id))


def _others(rule: Rule, use: Use, situation: Situation) -> Iterator[Course]:
    keys = {course.key for course in use.courses}
    routes = rule.when.with_routes
    for rxcui in situation.active.keys() & situation.knowledge.with_ingredients[rule.rule_id]:
        for course in situation.in_use[rxcui]:
            if (not routes or course.route in routes) and course.key not in keys:
                yield course


def _alone(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    if next(_others(rule, use, situation), None) is None:
        return Stop("No such drug is active on the day.")
    return None


def thirds(rule: Rule, situation: Situation) -> list[Course]:
    """The active courses of the third drugs that the rule asks for; one product may be two of the three."""
    exposures = [exposure for name in rule.when.also_drugs for exposure in situation.taken(name)]
    return [course for exposure in exposures for course in exposure.courses if course.active]


def _no_third(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    return None if thirds(rule, situation) else Stop("No such third drug is active on the day.")


def _graver(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    if not any(situation.takes(name) for name in rule.when.without_drugs):
        return None
    return Stop("Such a drug is taken too, and another rule speaks of all of them.")


def _denied(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    held = situation.held
    on_record = [name for name in rule.when.conditions if held.has(name)]
    if on_record:
        keys = {course.key for course in use.courses} if held.shown_by else set()
        if keys and all(held.shown_only_by(name, keys) for name in on_record):
            return Stop(f"Nothing but {use.name} itself shows the condition, and that cannot speak against it.")
        return None
    names = in_series([situation.knowledge.conditions[name] for name in rule.when.conditions])
    because = f"{use.name}: it was denied that the member has {names}."
    return Stop(because, SuppressionReason.DENIED_CONDITION)


def _other_route(rule: Rule, use: Use, _: Situation) -> Stop | None:
    if any(course.route in rule.when.routes for course in use.courses):
        return None
    return Stop(
        lambda: f"{use.name} is used by the {use.courses[0].route} route, which this rule does not count.",
        SuppressionReason.DIFFERENT_ROUTE,
    )


def _other_release(rule: Rule, use: Use, _: Situation) -> Stop | None:
    wanted = rule.when.release == "long_acting"
    if any(course.long_acting == wanted and (wanted or course.drug.dose_form) for course in use.courses):
        return None
    if not wanted and not all(course.long_acting for course in use.courses):
        return Stop(f"The dose form of {use.name} is not known.", missing="dose_form")
    return Stop(lambda: f"{use.name} is not {rule.when.release.replace('_', '-')}.")


def _as_needed(_: Rule, use: Use, __: Situation) -> Stop | None:
    if not all(course.as_needed for course in use.courses):
        return None
    return Stop(f"{use.name} is taken only as needed.", SuppressionReason.AS_NEEDED)


def days_on_hand(use: Use, situation: Situation, within: int) -> int | None:
    """Days on hand without a break to the day, or in the last `within` days; None where nobody told since when.

    A strength that another took the place of counts as well: it is the drug that is taken so long. A supply that ran
    out ends the count, though a refill that is late would still go on with it.
    """
    if any(not course.fills and course.medications[0].start is None for course in use.courses):
        return None
    day, routes = situation.day, {course.route for course in use.courses}
    exposures = [e for rxcui in use.rxcuis for e in situation.active.get(rxcui, ()) if e.route in routes]
    if not within:
        runs = [exposure.eras[-1] for exposure in exposures]
        return min(day, max(run.last for run in runs)) - min(run.first for run in runs) + 1
    window = (Era(day - within + 1, day, 0),)
    covered: set[int] = set()
    for era in [era for exposure in exposures for era in exposure.eras]:
        if overlaps((era,), window, day)[0]:
            covered.update(range(max(era.first, day - within + 1), min(era.last, day) + 1))
    return len(covered)


def _days(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    days = days_on_hand(use, situation, rule.when.days_within)
    if days is None:
        return Stop(f"Since when {use.name} is taken is not known.", missing="start")
    if days > rule.when.days_over:
        return None
    return Stop(
        lambda: f"{use.name} has been on hand for {days} days, not more than {rule.when.days_over}.",
        SuppressionReason.BELOW_THRESHOLD,
    )


def _not_new(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    if days_on_hand(use, situation, 0) is None:
        return Stop(f"Since when {use.name} is taken is not known.", missing="start")
    days = situation.day - min(course.eras[-1].first for course in use.courses) + 1
    if days <= rule.when.new_within:
        return None
    return Stop(lambda: f"{use.name} was started {days} days ago, more than {rule.when.new_within}.")


def result_of(bound: LabBound, situation: Situation) -> Lab | None:
    """The result that the bound is asked of: of its own test, else of the one that may be read instead."""
    return situation.labs.get(bound.lab) or situation.labs.get(bound.instead)


def _lab(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    bound = rule.when.lab
    assert bound is not None
    test = situation.knowledge.labs[bound.lab]
    lab = result_of(bound, situation)
    if lab is None:
        return Stop(f"No usable {test.name} is known.", missing=bound.instead or bound.lab)
    if bound.least is not None and lab.value < bound.least:
        return Stop(f"{use.name}: {test.name} {plain(lab.value)} is below the range: another rule speaks.")
    if (lab.value < bound.value) if bound.below else (lab.value > bound.value):
        return None
    side = "below" if bound.below else "above"
    return Stop(
        lambda: f"{use.name}: {test.name} {plain(lab.value)} on {lab.on} is not {side} {plain(bound.value)}.",
        SuppressionReason.BELOW_THRESHOLD,
    )


def _protected(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    for set_id in rule.when.unless_drugs:
        names = situation.knowledge.drug_sets[set_id].names
        protecting = sorted(names[rxcui] for rxcui in situation.active if rxcui in names)
        if protecting:
            because = f"{use.name} is taken with {in_series(protecting)}, which this rule excepts."
            return Stop(because, SuppressionReason.INTENDED_COMBINATION)
    return None


def _excepted(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    for condition_id in rule.when.unless_conditions:
        if situation.held.has(condition_id):
            excepted = situation.knowledge.conditions[condition_id]
            return Stop(f"{use.name}: the rule excepts members who have {excepted}.", SuppressionReason.POLICY)
    return None


def _names(rule_names: tuple[str, ...], names: Mapping[str, str]) -> str:
    return " or ".join(names[name] for name in rule_names)


def _days_asked(rule: Rule, _: Knowledge) -> str:
    within = f" within the last {rule.when.days_within} days" if rule.when.days_within else " without a break"
    return f"On hand for more than {rule.when.days_over} days{within}."


def _lab_asked(rule: Rule, knowledge: Knowledge) -> str:
    bound = rule.when.lab
    assert bound is not None
    test = knowledge.labs[bound.lab]
    name = f"{test.name} (or {knowledge.labs[bound.instead].name})" if bound.instead else test.name
    if bound.least is not None:
        return f"With {name} from {plain(bound.least)} to below {plain(bound.value)} {test.unit}."
    return f"With {name} {'below' if bound.below else 'above'} {plain(bound.value)} {test.unit}."


def _said(set_ids: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in set_ids)


GATES: Final[Mapping[str, Gate]] = {
    "min_age": Gate(lambda rule, _: f"Applies from age {rule.when.min_age}.", _too_young),
    "max_age": Gate(lambda rule, _: f"Applies up to age {rule.when.max_age}.", _too_old),
    "sex": Gate(lambda rule, _: f"Applies to {rule.when.sex} members.", _other_sex),
    "not_in_hospice": Gate(lambda *_: "Does not apply in hospice or palliative care.", _in_hospice),
    "with_drugs": Gate(lambda rule, _: f"Taken together with {_said(rule.when.with_drugs)}.", _alone),
    "also_drugs": Gate(lambda rule, _: f"With a third drug of {_said(rule.when.also_drugs)}.", _no_third),
    "without_drugs": Gate(
        lambda rule, _: f"Without {_said(rule.when.without_drugs)}, of which another rule speaks.", _graver
    ),
    "conditions": Gate(lambda rule, known: f"On record: {_names(rule.when.conditions, known.conditions)}.", _denied),
    "routes": Gate(lambda rule, _: f"Applies by these routes: {', '.join(sorted(rule.when.routes))}.", _other_route),
    "release": Gate(lambda rule, _: f"Applies to {rule.when.release.replace('_', '-')} products.", _other_release),
    "as_needed": Gate(lambda *_: "Does not apply to what is taken only as needed.", _as_needed),
    "mme_from": opioids.MME,
    "dose_over": doses.OVER,
    "dose_under": doses.UNDER,
    "days_over": Gate(_days_asked, _days),
    "new_within": Gate(lambda rule, _: f"Started in the last {rule.when.new_within} days.", _not_new),
    "naive_days": opioids.NAIVE,
    "first_supply_over": opioids.FIRST_SUPPLY,
    "sources": opioids.SOURCES,
    "lab": Gate(_lab_asked, _lab),
    "unless_drugs": Gate(lambda rule, _: f"Does not apply with {_said(rule.when.unless_drugs)}.", _protected),
    "unless_on_file": opioids.ON_FILE,
    "unless_conditions": Gate(
        lambda rule, known: f"Does not apply with {_names(rule.when.unless_conditions, known.conditions)}.", _excepted
    ),
}
