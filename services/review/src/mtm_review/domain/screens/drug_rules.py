"""What the rule engine judged, as findings and suppressions: shared by every screen that is made of such rules.

A fact that is missing (no eGFR, no quantity) is told once for a screen and a fact, with the drugs that were not judged
for want of it, so that one gap is one line.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Confidence, Finding, NotChecked, Screen, Suppressed, SuppressionReason, finding_id
from mtm_review.domain.gates import Stop, Use
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.medication import Medication
from mtm_review.domain.ruled import judge
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import evidence_of, in_series, sentence

NEW_DAYS = 30

Make = Callable[[Rule, Use, Situation], Finding]


def run_rules(
    situation: Situation, screen: Screen, make: Make, untold: frozenset[SuppressionReason] = frozenset()
) -> Seen:
    """Every rule of the screen: a finding made by `make` where it fires, else what is worth telling.

    `untold` are reasons that are no news on this screen: of a bound, nearly everybody is below it.
    """
    fired, seen = sorted_out(situation, screen, untold)
    seen.findings.extend(make(rule, use, situation) for rule, use in fired)
    return seen


def sorted_out(
    situation: Situation, screen: Screen, untold: frozenset[SuppressionReason] = frozenset()
) -> tuple[list[tuple[Rule, Use]], Seen]:
    """What fires, and what did not fire and is worth telling."""
    fired: list[tuple[Rule, Use]] = []
    seen = Seen()
    missing: defaultdict[str, set[str]] = defaultdict(set)
    for rule, use, stop in judge(situation, screen):
        if stop is None:
            fired.append((rule, use))
        elif stop.missing:
            missing[stop.missing].add(use.name)
        elif stop.reason is not None and stop.reason not in untold:
            seen.suppressed.append(suppressed_of(rule, use.courses, stop))
    seen.not_checked.extend(_gap(screen, fact, sorted(names)) for fact, names in sorted(missing.items()))
    return fired, seen


def _gap(screen: Screen, fact: str, names: Sequence[str]) -> NotChecked:
    what = fact.replace("_", " ")
    return NotChecked(
        "screen", screen.value, "missing_fact", f"For want of {what} nothing was said of {in_series(names)}."
    )


def finding_on(
    rule: Rule,
    use: Use,
    situation: Situation,
    because: str,
    *,
    others: Sequence[Course] = (),
    evidence: Sequence[str] = (),
    condition: str | None = None,
    subject: str = "",
    confidence: Confidence = Confidence.REPORTED,
) -> Finding:
    """A finding of the rule on the use and the `others` taken with it; `subject` sets its id apart (a condition)."""
    courses = (*use.courses, *others)
    prescribers = [course.prescribers for course in courses if course.prescribers]
    return Finding(
        finding_id=finding_id(rule.rule_id, {course.key for course in courses}, subject),
        screen=rule.screen,
        rule_id=rule.rule_id,
        dur_code=rule.dur_code,
        severity=rule.severity,
        tier=tier_of(courses, situation.day),
        confidence=confidence,
        medications=medications_of(courses),
        condition=condition,
        because=sentence(because),
        consequence=rule.consequence,
        recommendation=rule.recommendation,
        evidence=(*[evidence_of(course) for course in courses], *evidence),
        citation=rule.citation,
        prescribers_differ=len(prescribers) > 1 and not frozenset.intersection(*prescribers),
    )


def tier_of(courses: Sequence[Course], day: int) -> int:
    """1 when every drug is established, 2 when one was started in the last month and filled once."""
    drugs: defaultdict[str, bool] = defaultdict(bool)
    for course in courses:
        drugs[course.key] |= len(course.fill_days) >= 2 or course.current or course.first <= day - NEW_DAYS
    return 1 if all(drugs.values()) else 2


def suppressed_of(rule: Rule, courses: Sequence[Course], stop: Stop) -> Suppressed:
    """What fired and is not shown, with the reason at which it stopped."""
    assert stop.reason is not None
    return Suppressed(rule.screen, rule.rule_id, medications_of(courses), stop.reason, sentence(stop.because))


def medications_of(courses: Sequence[Course]) -> tuple[Medication, ...]:
    """The medications of the courses, each once, in the order of their names."""
    if len(courses) == 1 and len(courses[0].medications) == 1:
        return courses[0].medications
    found = {m.medication_id: m for course in courses for m in course.medications}
    return tuple(sorted(found.values(), key=lambda m: (m.name, m.medication_id)))
