"""One drug, one reason: what two screens would say of the same medications is told once.

A benzodiazepine that an older member has taken for a year is advised against for the age and for the time. A reader
wants one of the two; the graver stays, of equals the one that counts days, because it has the firmer evidence. The
other is listed as suppressed, so that nothing is lost.
"""

from collections.abc import Sequence

from mtm_review.domain.finding import Finding, Screen, Severity, Suppressed, SuppressionReason

ALIKE = frozenset({Screen.OLDER_ADULT, Screen.DURATION})
"""The screens that may say the same of one drug."""
_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


def told_once(findings: Sequence[Finding]) -> tuple[list[Finding], list[Suppressed]]:
    """The findings without those that another of the same medications makes needless, and these as suppressed."""
    alike = [finding for finding in findings if finding.screen in ALIKE]
    if len({finding.screen for finding in alike}) < 2:
        return list(findings), []
    first: dict[frozenset[str], Finding] = {}
    for finding in sorted(alike, key=_order):
        first.setdefault(_medications(finding), finding)
    kept: list[Finding] = []
    said: list[Suppressed] = []
    for finding in findings:
        graver = first.get(_medications(finding), finding) if finding.screen in ALIKE else finding
        if graver.screen is finding.screen:
            kept.append(finding)
        else:
            because = f"{finding.because} The finding {graver.rule_id} says it already."
            reason = SuppressionReason.POLICY
            said.append(Suppressed(finding.screen, finding.rule_id, finding.medications, reason, because))
    return kept, said


def _order(finding: Finding) -> tuple[int, bool, str]:
    return (_GRAVITY[finding.severity], finding.screen is not Screen.DURATION, finding.rule_id)


def _medications(finding: Finding) -> frozenset[str]:
    return frozenset(medication.medication_id for medication in finding.medications)
