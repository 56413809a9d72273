"""How duplicate therapy is put into words: one sentence each for what was seen, why it matters and what to do."""

from collections.abc import Sequence

from mtm_review.domain.finding import (
    Confidence,
    Finding,
    Screen,
    Severity,
    Suppressed,
    SuppressionReason,
    finding_id,
)
from mtm_review.domain.knowledge import DuplicateClass, GeneralRule
from mtm_review.domain.medication import Medication
from mtm_review.domain.regimen import Course
from mtm_review.domain.screens import drug_rules
from mtm_review.domain.screens.overlap import Use, Verdict, differ, differ_in_pharmacy
from mtm_review.domain.wording import distinct, evidence_of, in_series, on, sentence, short_name

Rule = GeneralRule | DuplicateClass
Judged = tuple[Use, Use, Verdict]

SAME_INGREDIENT = "duplicate_therapy.same_ingredient"
SAME_FAMILY = "duplicate_therapy.same_family"

_ORDER = (Severity.CONTRAINDICATED, Severity.MAJOR, Severity.MODERATE, Severity.MINOR)
_WHY = {
    SuppressionReason.SWITCH: "{newer} took the place of {older}, which was not filled again.",
    SuppressionReason.TITRATION: "The strength of {newer} was changed; the earlier one was not filled again.",
    SuppressionReason.TAPER: "{newer} is being tapered in falling strengths.",
    SuppressionReason.INTENDED_COMBINATION: "{older} and {newer} are meant to be taken together.",
    SuppressionReason.DIFFERENT_ROUTE: "{older} and {newer} are not used by routes that add up.",
    SuppressionReason.AS_NEEDED: "{older} and {newer}: one of them is taken only as needed.",
    SuppressionReason.SHORT_OVERLAP: "{older} and {newer} overlap by {days}, no more than an early refill.",
}

_WHY_SAME = _WHY | {
    SuppressionReason.SWITCH: "One supply of {newer} took the place of another, which was not filled again.",
    SuppressionReason.DIFFERENT_ROUTE: "{newer} is used by two routes that do not add up.",
    SuppressionReason.AS_NEEDED: "One of two supplies of {newer} is taken only as needed.",
    SuppressionReason.SHORT_OVERLAP: "Two supplies of {newer} overlap by {days}, no more than an early refill.",
}


def severity_step(severity: Severity, steps: int) -> Severity:
    """One severity up (negative) or down (positive); never raised to contraindicated."""
    place = _ORDER.index(severity)
    if place == 0:
        return severity
    return _ORDER[min(max(place + steps, 1), 3)]


def medications_of(uses: Sequence[Use]) -> tuple[Medication, ...]:
    """The medications of the uses, each once, in the order of their names."""
    return drug_rules.medications_of([course for use in uses for course in use.courses])


def suppressed_of(rule: Rule, left: Use, right: Use, verdict: Verdict) -> Suppressed:
    """A pair that is not shown, with the reason said in a sentence."""
    assert verdict.reason is not None
    text = because_of(left, right, verdict)
    return Suppressed(Screen.DUPLICATE_THERAPY, rule.rule_id, medications_of((left, right)), verdict.reason, text)


def because_of(left: Use, right: Use, verdict: Verdict) -> str:
    """Why a pair is suppressed, in a sentence."""
    assert verdict.reason is not None
    older, newer = sorted((left, right), key=lambda u: (u.started, u.last, name_of(u)))
    days = "1 day" if verdict.days == 1 else f"{verdict.days} days"
    names = {"older": name_of(older), "newer": name_of(newer)}
    why = _WHY_SAME if names["older"] == names["newer"] else _WHY
    return sentence(verdict.why or why[verdict.reason].format(**names, days=days))


def finding_of(rule: Rule, uses: Sequence[Use], judged: Sequence[Judged], subject: str = "") -> Finding:
    """One finding over all the uses that duplicate each other under the rule; `subject` is a shared ingredient."""
    verdicts = [verdict for *_, verdict in judged]
    best_tier = rule.best_tier if isinstance(rule, DuplicateClass) else 1
    split = any(differ(left, right) for left, right, _ in judged)
    pharmacies = any(differ_in_pharmacy(left, right) for left, right, _ in judged)
    courses = sorted({id(c): c for use in uses for c in use.courses}.values(), key=lambda c: c.medications[0].name)
    return Finding(
        finding_id=finding_id(rule.rule_id, [course.key for course in courses], subject),
        screen=Screen.DUPLICATE_THERAPY,
        rule_id=rule.rule_id,
        dur_code="ID" if rule.rule_id == SAME_INGREDIENT else "TD",
        severity=_severity(rule, split or pharmacies, verdicts),
        tier=max(best_tier, min(verdict.tier for verdict in verdicts)),
        confidence=Confidence.REPORTED,
        medications=medications_of(uses),
        condition=None,
        because=_because(rule, uses, min(verdict.since for verdict in verdicts), _from(split, pharmacies), subject),
        consequence=rule.consequence,
        recommendation=rule.recommendation,
        evidence=(
            *[_evidence(course, pharmacies) for course in courses],
            *([_together(verdicts)] if _dated(uses) else []),
            *distinct(verdict.why for verdict in verdicts if verdict.why),
        ),
        citation=rule.citation,
        prescribers_differ=split,
        pharmacies_differ=pharmacies,
    )


def _evidence(course: Course, pharmacies: bool) -> str:
    """The line on the course, with the pharmacies that dispensed it where they set it apart."""
    at = f", pharmacy {', '.join(sorted(course.pharmacies))}" if pharmacies and course.pharmacies else ""
    return f"{evidence_of(course)}{at}"


def _together(verdicts: Sequence[Verdict]) -> str:
    """How long the drugs were on hand together, of the pair that was so the longest."""
    longest = max(verdicts, key=lambda verdict: (verdict.days, -verdict.since))
    return f"on hand together: {longest.days} days from {on(longest.since)}"


def _dated(uses: Sequence[Use]) -> bool:
    """Whether every drug has fills or a start; what is reported without one is long-standing, since no day known."""
    return all(course.fills or course.medications[0].start for use in uses for course in use.courses)


def _from(prescribers: bool, pharmacies: bool) -> str:
    """Who gave the drugs, where that differs."""
    if prescribers:
        return " from different prescribers" + (" and pharmacies" if pharmacies else "")
    return " from different pharmacies" if pharmacies else ""


def _severity(rule: Rule, split: bool, verdicts: Sequence[Verdict]) -> Severity:
    """Raised one step for a high-risk class where prescribers or pharmacies differ; bounded by what pairs say."""
    raised = split and isinstance(rule, DuplicateClass) and rule.high_risk
    severity = severity_step(rule.severity, -1) if raised else rule.severity
    bounds = [verdict.severity for verdict in verdicts if verdict.severity is not None]
    return bounded(bounds, severity) if len(bounds) == len(verdicts) else severity


def bounded(bounds: Sequence[Severity], severity: Severity) -> Severity:
    """The severity, no graver than the gravest of the bounds."""
    return _ORDER[max(_ORDER.index(severity), min(map(_ORDER.index, bounds)))]


def name_of(use: Use) -> str:
    """The names of the use's products."""
    return in_series(distinct(short_name(course.drug) for course in use.courses))


def _because(rule: Rule, uses: Sequence[Use], since: int, by: str, subject: str) -> str:
    when = f"since {on(since)}{by}" if _dated(uses) else f"as reported{by}"
    names = distinct(short_name(course.drug) for use in uses for course in use.courses)
    if len(names) == 1 and not subject:
        return sentence(f"{names[0]} is used by two routes and has been on hand by both {when}.")
    if subject:
        return sentence(_same(names, [c.drug.strength for u in uses for c in u.courses], subject, when))
    number = "both" if len(names) == 2 else "all"
    return sentence(f"{in_series(names)} are {number} {rule.name} and have been on hand together {when}.")


def _same(names: list[str], strengths: Sequence[str | None], ingredient: str, when: str) -> str:
    """The sentence for one ingredient from two products, two strengths or two supplies."""
    if len(names) > 1:
        holds = "both contain" if len(names) == 2 else "all contain"
        return f"{in_series(names)} {holds} {ingredient} and have been on hand together {when}."
    known = distinct(strength for strength in strengths if strength)
    if len(known) > 1:
        return f"{names[0]} has been on hand in two or more strengths ({in_series(known)}) {when}."
    return f"Two separate supplies of {names[0]} have been on hand together {when}."
