"""Which findings come first, and which are left out because a list nobody reads helps nobody.

Rank is severity × confidence × tier × whether prescribers or pharmacies differ, in whole numbers, so that it is the
same on every machine; ties are broken by rule and id. Only so many are shown; the rest stay visible as suppressed by
policy. A contraindicated finding is never left out. Prescribers override most of the alerts they are shown; fewer and
graver ones are read (van der Sijs et al., JAMIA 2006;13:138).
"""

from collections.abc import Iterable

from mtm_review.domain.finding import Confidence, Finding, Severity, Suppressed, SuppressionReason

_SEVERITY = {Severity.CONTRAINDICATED: 64, Severity.MAJOR: 16, Severity.MODERATE: 4, Severity.MINOR: 1}
_CONFIDENCE = {Confidence.REPORTED: 4, Confidence.INFERRED_HIGH: 3, Confidence.INFERRED_LOW: 1}
_TIER = {1: 4, 2: 3, 3: 1}


def score(finding: Finding) -> int:
    """The weight of a finding; larger comes first."""
    weight = _SEVERITY[finding.severity] * _CONFIDENCE[finding.confidence] * _TIER[finding.tier]
    return weight * (3 if finding.prescribers_differ or finding.pharmacies_differ else 2)


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """All findings in order, with `rank` counted from 1."""
    order = sorted(findings, key=lambda f: (-score(f), f.rule_id, f.finding_id))
    return [finding._replace(rank=place) for place, finding in enumerate(order, start=1)]


def shown(findings: list[Finding], limit: int, by: str = "") -> tuple[list[Finding], list[Suppressed]]:
    """The first `limit` findings and every contraindicated one; the others as suppressed by policy (`by` which)."""
    if len(findings) <= limit:
        return findings, []
    kept = [f for f in findings if f.rank <= limit or f.severity is Severity.CONTRAINDICATED]
    left = [f for f in findings if f.rank > limit and f.severity is not Severity.CONTRAINDICATED]
    return kept, [
        Suppressed(
            finding.screen,
            finding.rule_id,
            finding.medications,
            SuppressionReason.POLICY,
            f"{finding.because} Not among the {limit} findings to be shown{by}.",
        )
        for finding in left
    ]
