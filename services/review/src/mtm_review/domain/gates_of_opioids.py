"""The gates that opioid rules brought: morphine equivalents, naivety, sources, and what was ever on file.

They ask of the whole regimen and not only of what is active on the day: a naloxone spray is dispensed once and kept,
and a member who had no opioid for three months takes the first tablets as a beginner does (42 CFR 423.153(b)(2),
opioid-naive edit; the method of PQA's measures of initial prescribing and of multiple providers).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mtm_review.domain.asking import Gate, Stop, Use
from mtm_review.domain.eras import union
from mtm_review.domain.wording import on, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mtm_review.domain.courses import Course
    from mtm_review.domain.eras import Era
    from mtm_review.domain.knowledge import Knowledge, Rule
    from mtm_review.domain.situation import Situation

FIRST_DAYS = 3


def _mme(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    total = situation.opioid
    if total is None:
        return Stop("No opioid is on hand on the day.")
    from_, below = rule.when.mme_from, rule.when.mme_below
    if total.at_least >= from_ and not (below and total.at_least >= below):
        return None
    if below and total.at_least >= below:
        return Stop(lambda: f"{total.said} is not below {below}: another rule speaks.")
    if total.mme_per_day is None:
        return Stop(f"{total.said}, and not all of it could be counted.", missing="daily_dose")
    return Stop(lambda: f"{total.said} is less than {from_}.")


def _mme_asked(rule: Rule, _: Knowledge) -> str:
    below = f" and less than {rule.when.mme_below}" if rule.when.mme_below else ""
    return f"At {rule.when.mme_from} or more{below} morphine milligram equivalents (MME) a day over all opioids."


def _of_set(rule: Rule, situation: Situation) -> Iterator[Course]:
    """Every course, ended ones too, that holds a drug of the rule's set."""
    names = situation.knowledge.names_of(rule.drug_set)
    for course in situation.regimen.courses:
        if any(ingredient.rxcui in names for ingredient in course.drug.ingredients):
            yield course


def stretches(rule: Rule, situation: Situation) -> tuple[Era, ...]:
    """When any drug of the set was on hand, in unbroken stretches."""
    courses = list(_of_set(rule, situation))
    return union((era for course in courses for era in course.eras), max(course.grace for course in courses))


def _not_naive(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    days = rule.when.naive_days
    if any(not course.fills and course.medications[0].start is None for course in use.courses):
        return Stop(f"Since when {use.name} is taken is not known.", missing="start")
    runs = stretches(rule, situation)
    start = min(era.first for course in use.courses for era in course.eras[-1:])
    if any(run.first < start and run.last >= start - days for run in runs):
        return Stop(f"Drugs of this kind were on hand in the {days} days before {on(start)}.")
    return None


def _first_supply(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    """The days' supply that was dispensed in the first three days of the present stretch."""
    start = stretches(rule, situation)[-1].first
    days = sum(fill[1] for course in use.courses for fill in course.fills if start <= fill[0] < start + FIRST_DAYS)
    if days > rule.when.first_supply_over:
        return None
    return Stop(f"{use.name} was first dispensed for {days} days.")


def _sources(rule: Rule, _: Use, situation: Situation) -> Stop | None:
    wanted = rule.when.sources
    assert wanted is not None
    prescribers, pharmacies = sources_of(rule, situation)
    if len(prescribers) >= wanted.prescribers and len(pharmacies) >= wanted.pharmacies:
        return None
    return Stop(lambda: f"{len(prescribers)} prescribers and {len(pharmacies)} pharmacies in {wanted.days} days.")


def sources_of(rule: Rule, situation: Situation) -> tuple[set[str], set[str]]:
    """The prescribers and pharmacies of the set's fills in the rule's last days."""
    wanted = rule.when.sources
    since = situation.day - (wanted.days if wanted else 0) + 1
    prescribers: set[str] = set()
    pharmacies: set[str] = set()
    for course in _of_set(rule, situation):
        recent = [fill for fill in course.fills if fill[0] >= since]
        if recent:
            prescribers |= course.prescribers
            pharmacies.update(fill[3] for fill in recent if fill[3])
    return prescribers, pharmacies


def _on_file(rule: Rule, use: Use, situation: Situation) -> Stop | None:
    """A product of the named drugs and nothing else: naloxone inside a buprenorphine film is no rescue drug."""
    for set_id in rule.when.unless_on_file:
        names: Mapping[str, str] = situation.knowledge.names_of(set_id)
        for course in situation.regimen.courses:
            if all(ingredient.rxcui in names for ingredient in course.drug.ingredients):
                return Stop(f"{use.name}: {short_name(course.drug)} is on file.")
    return None


def _on_file_asked(rule: Rule, _: Knowledge) -> str:
    return f"Does not apply with {' or '.join(s.replace('_', ' ') for s in rule.when.unless_on_file)} ever on file."


def _sources_asked(rule: Rule, _: Knowledge) -> str:
    wanted = rule.when.sources
    assert wanted is not None
    many = f"{wanted.prescribers} or more prescribers and {wanted.pharmacies} or more pharmacies"
    return f"From {many} in the last {wanted.days} days."


MME: Final = Gate(_mme_asked, _mme)
NAIVE: Final = Gate(
    lambda rule, _: f"With no such drug on hand in the {rule.when.naive_days} days before it was started.", _not_naive
)
FIRST_SUPPLY: Final = Gate(
    lambda rule, _: f"First dispensed for more than {rule.when.first_supply_over} days.", _first_supply
)
SOURCES: Final = Gate(_sources_asked, _sources)
ON_FILE: Final = Gate(_on_file_asked, _on_file)
