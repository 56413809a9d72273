"""Several anticholinergics, or several drugs that act on the brain, together for a month or more (reported as PA).

Counted as the measures Poly-ACH and Poly-CNS of the Pharmacy Quality Alliance count: distinct ingredients that reach
the blood, each dispensed at least twice (or reported as current), on hand together on at least 30 days of the last
year, added up; not in hospice, and not in a seizure disorder for drugs that act on the brain. A review asks more: the
drugs are active on its day, because a burden that ended is no problem of today.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mtm_review.domain.courses import Course
from mtm_review.domain.eras import Era, union
from mtm_review.domain.finding import Confidence, Finding, Screen, Suppressed, SuppressionReason, finding_id
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import Burden, Knowledge
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.routes import SYSTEMIC
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of, tier_of
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import evidence_of, in_series, sentence

DUR_CODE = "PA"
LEAST_FILLS = 2

Taken = Mapping[str, Sequence[Exposure]]


class Check(NamedTuple):
    """One step of the count: what it asks in words, and where it stops."""

    name: str
    asks: Callable[[Burden, Knowledge], str]
    stop: Callable[[Burden, Taken, Situation], Stop | None]


def screen_burdens(situation: Situation) -> Seen:
    """A finding for each burden that the member bears."""
    seen = Seen()
    for burden in situation.knowledge.burdens.burdens.values():
        if len(situation.active.keys() & burden.members.keys()) < burden.at_least:
            continue
        taken = taken_of(burden, situation)
        stop = next((stop for check in CHECKS if (stop := check.stop(burden, taken, situation))), None)
        if stop is None:
            seen.findings.append(_finding(burden, established(burden, taken, situation), situation))
        elif stop.reason is not None:
            medications = medications_of(_courses(taken))
            seen.suppressed.append(
                Suppressed(Screen.OLDER_ADULT, burden.rule_id, medications, stop.reason, sentence(stop.because))
            )
    return seen


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """Each step of the count for this member; the last says at which it stopped, or that it fires."""
    burden = situation.knowledge.burdens.burdens[rule_id]
    taken = taken_of(burden, situation)
    steps: list[Step] = []
    for check in CHECKS:
        asks = check.asks(burden, situation.knowledge)
        stop = check.stop(burden, taken, situation)
        if stop is not None:
            return [*steps, Step(check.name, asks, "stopped", stop.because)]
        steps.append(Step(check.name, asks, "passed", f"{_names(taken)}: met."))
    counted = established(burden, taken, situation)
    return [*steps, Step("finding", "Every step is met.", "passed", f"The rule fires on {_names(counted)}.")]


def asks_of_burden(burden: Burden, knowledge: Knowledge) -> list[str]:
    """What a burden asks, a sentence each, for pages and the API."""
    return [check.asks(burden, knowledge) for check in CHECKS]


def taken_of(burden: Burden, situation: Situation) -> Taken:
    """The active exposures to the burden's drugs by a route that reaches the blood, by ingredient."""
    found: dict[str, Sequence[Exposure]] = {}
    for rxcui in sorted(situation.active.keys() & burden.members.keys()):
        systemic = [exposure for exposure in situation.active[rxcui] if exposure.route in SYSTEMIC]
        if systemic:
            found[rxcui] = systemic
    return found


def established(burden: Burden, taken: Taken, situation: Situation) -> Taken:
    """The drugs that were dispensed at least twice in the window, or that the member reports as current."""
    since = situation.day - burden.within_days + 1
    return {rxcui: exposures for rxcui, exposures in taken.items() if _is_established(exposures, since)}


def _is_established(exposures: Iterable[Exposure], since: int) -> bool:
    courses = [course for exposure in exposures for course in exposure.courses]
    days = {day for course in courses for day in course.fill_days if day >= since}
    return len(days) >= LEAST_FILLS or any(course.current for course in courses)


def days_together(burden: Burden, taken: Taken, day: int) -> int:
    """Days of the window, up to the day itself, on which at least so many of the drugs were on hand."""
    first = day - burden.within_days + 1
    changes: list[tuple[int, int]] = []
    for exposures in taken.values():
        for era in _eras(exposures):
            low, high = max(era.first, first), min(era.last, day)
            if low <= high:
                changes += [(low, 1), (high + 1, -1)]
    total = at_once = before = 0
    for at, change in sorted(changes):
        if at_once >= burden.at_least:
            total += at - before
        at_once, before = at_once + change, at
    return total


def _eras(exposures: Sequence[Exposure]) -> Sequence[Era]:
    return exposures[0].eras if len(exposures) == 1 else union([e for x in exposures for e in x.eras], 0)


def _courses(taken: Taken) -> list[Course]:
    """The active courses of the drugs, each once, in the order of their names."""
    found = {id(c): c for exposures in taken.values() for e in exposures for c in e.courses if c.active}
    return sorted(found.values(), key=lambda c: (c.medications[0].name, c.medications[0].medication_id))


def _names(taken: Taken) -> str:
    return in_series(sorted({exposures[0].ingredient.name for exposures in taken.values()}))


def _too_young(burden: Burden, _: Taken, situation: Situation) -> Stop | None:
    return Stop(f"The member is {situation.age} years old.") if situation.age < burden.min_age else None


def _too_few(burden: Burden, taken: Taken, _: Situation) -> Stop | None:
    if len(taken) >= burden.at_least:
        return None
    return Stop(f"Only {_names(taken)} is active on the day." if taken else "None of its drugs is active on the day.")


def _in_hospice(_: Burden, taken: Taken, situation: Situation) -> Stop | None:
    if not situation.in_hospice:
        return None
    return Stop(f"{_names(taken)}: the member is in hospice or palliative care.", SuppressionReason.POLICY)


def _excepted(burden: Burden, taken: Taken, situation: Situation) -> Stop | None:
    for condition_id in burden.unless_conditions:
        if situation.held.has(condition_id):
            name = situation.knowledge.conditions[condition_id]
            return Stop(f"{_names(taken)}: the rule excepts members who have {name}.", SuppressionReason.POLICY)
    return None


def _once(burden: Burden, taken: Taken, situation: Situation) -> Stop | None:
    counted = established(burden, taken, situation)
    if len(counted) >= burden.at_least:
        return None
    once = _names({rxcui: exposures for rxcui, exposures in taken.items() if rxcui not in counted})
    return Stop(f"{_names(taken)}: {once} was dispensed only once.", SuppressionReason.SHORT_OVERLAP)


def _too_short(burden: Burden, taken: Taken, situation: Situation) -> Stop | None:
    counted = established(burden, taken, situation)
    days = days_together(burden, counted, situation.day)
    if days >= burden.least_days:
        return None
    because = f"{burden.at_least} of {_names(counted)} were on hand on {days} days, fewer than {burden.least_days}."
    return Stop(because, SuppressionReason.SHORT_OVERLAP)


def _unless_asked(burden: Burden, knowledge: Knowledge) -> str:
    names = " or ".join(knowledge.conditions[name] for name in burden.unless_conditions)
    return f"Does not apply with {names}." if names else "No condition excepts the member."


def _days_asked(burden: Burden, _: Knowledge) -> str:
    days = f"{burden.least_days} of the last {burden.within_days} days"
    return f"At least {burden.at_least} of them were on hand together on at least {days}."


CHECKS: Final[tuple[Check, ...]] = (
    Check("min_age", lambda burden, _: f"Applies from age {burden.min_age}.", _too_young),
    Check("drugs", lambda burden, _: f"At least {burden.at_least} of its drugs are active on the day.", _too_few),
    Check("not_in_hospice", lambda *_: "Does not apply in hospice or palliative care.", _in_hospice),
    Check("unless_conditions", _unless_asked, _excepted),
    Check("claims", lambda *_: "Each was dispensed at least twice, or is reported as current.", _once),
    Check("days", _days_asked, _too_short),
)


def _finding(burden: Burden, counted: Taken, situation: Situation) -> Finding:
    courses = _courses(counted)
    days = days_together(burden, counted, situation.day)
    prescribers = [course.prescribers for course in courses if course.prescribers]
    return Finding(
        finding_id=finding_id(burden.rule_id, counted),
        screen=Screen.OLDER_ADULT,
        rule_id=burden.rule_id,
        dur_code=DUR_CODE,
        severity=burden.severity,
        tier=tier_of(courses, situation.day),
        confidence=Confidence.REPORTED,
        medications=medications_of(courses),
        condition=None,
        because=f"The member is {situation.age} years old and takes {_names(counted)} together.",
        consequence=burden.consequence,
        recommendation=burden.recommendation,
        evidence=(*map(evidence_of, courses), *_told(burden, counted, days), *_scores(burden, situation)),
        citation=burden.citation,
        prescribers_differ=len(prescribers) > 1 and not frozenset.intersection(*prescribers),
    )


def _told(burden: Burden, counted: Taken, days: int) -> Iterator[str]:
    """Why each drug counts, and for how long enough of them were on hand together."""
    named = sorted((exposures[0].ingredient.name, burden.members[rxcui]) for rxcui, exposures in counted.items())
    for name, group in named:
        yield f"{name} counts as {group}"
    yield f"{burden.at_least} or more on hand on {days} of the last {burden.within_days} days"


def _scores(burden: Burden, situation: Situation) -> Iterator[str]:
    """The sum of a published scale over everything that is taken, where the burden is scored."""
    if not burden.scored:
        return
    scores = situation.knowledge.burdens.scores
    found = [
        scores[rxcui]
        for rxcui, exposures in situation.active.items()
        if rxcui in scores and any(exposure.route in SYSTEMIC for exposure in exposures)
    ]
    parts = ", ".join(f"{score.name} {score.points}" for score in sorted(found, key=lambda s: (-s.points, s.name)))
    if found:
        total = sum(score.points for score in found)
        yield f"anticholinergic score {total} ({parts}; {found[0].citation})"
