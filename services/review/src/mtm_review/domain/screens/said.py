"""Findings and suppressions of rules that are not made of the common grammar, in the same words and ids."""

from collections.abc import Sequence

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Confidence, Finding, Suppressed, finding_id
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import Said
from mtm_review.domain.medication import Medication
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.wording import sentence


def finding_said(
    said: Said,
    courses: Sequence[Course],
    because: str,
    evidence: Sequence[str],
    *,
    tier: int = 1,
    condition: str | None = None,
    subject: str = "",
) -> Finding:
    """A finding on the courses; `subject` sets its id apart (a condition)."""
    return Finding(
        finding_id=finding_id(said.rule_id, {course.key for course in courses}, subject),
        screen=said.screen,
        rule_id=said.rule_id,
        dur_code=said.dur_code,
        severity=said.severity,
        tier=tier,
        confidence=Confidence.REPORTED,
        medications=medications_of(courses),
        condition=condition,
        because=sentence(because),
        consequence=said.consequence,
        recommendation=said.recommendation,
        evidence=tuple(evidence),
        citation=said.citation,
    )


def suppressed_said(said: Said, medications: tuple[Medication, ...], stop: Stop) -> Suppressed:
    """What fired and is not shown, with the reason at which it stopped."""
    assert stop.reason is not None
    return Suppressed(said.screen, said.rule_id, medications, stop.reason, sentence(stop.because))


def step_of(name: str, asks: str, stop: Stop | None) -> Step:
    """One step of an explanation from what a check said."""
    if stop is None:
        return Step(name, asks, "passed", "Met.")
    return Step(name, asks, "cannot_tell" if stop.missing else "stopped", sentence(stop.because))
