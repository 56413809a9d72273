"""Screens a list of medications and says what made the answer. Stores nothing."""

from collections.abc import Iterable, Sequence
from datetime import date

from mtm_review.domain.finding import Finding, InferredCondition, Screening, Suppressed
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient
from mtm_review.domain.review import KeptFinding, KeptInferred, KeptSuppressed, MadeBy, NamedMedication, Screened
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.usecases.ports import Expertise


def made_by(
    expertise: Expertise, as_of: date, program_id: str | None = None, policy_version: str | None = None
) -> MadeBy:
    """The versions that an answer rests on."""
    return MadeBy(
        rules_fingerprint=expertise.knowledge.fingerprint,
        vocabulary_version=expertise.vocabulary.version,
        knowledge_version=expertise.knowledge.version,
        service_version=expertise.service_version,
        as_of=as_of,
        program_id=program_id,
        policy_version=policy_version,
    )


def screen_medications(
    expertise: Expertise,
    patient: Patient,
    medications: Sequence[Medication],
    as_of: date,
    options: ScreeningOptions,
) -> Screening:
    """The findings on the given medications, by the knowledge that this service holds."""
    return screen(patient, medications, as_of, expertise.knowledge, options)


def as_kept(screening: Screening, made: MadeBy, names: dict[str, str]) -> Screened:
    """The screening in the words that a review keeps; `names` are the list's, so that both read alike."""
    return Screened(
        findings=tuple(kept_finding(finding, names) for finding in screening.findings),
        suppressed=tuple(kept_suppressed(suppressed, names) for suppressed in screening.suppressed),
        not_checked=screening.not_checked,
        coverage=screening.coverage,
        made_by=made,
        inferred=tuple(_inferred(inferred, names) for inferred in screening.inferred),
    )


def _named(medications: Iterable[Medication], names: dict[str, str]) -> tuple[NamedMedication, ...]:
    return tuple(
        NamedMedication(
            medication_id=medication.medication_id,
            name=names.get(medication.medication_id, medication.name),
            rxcui=medication.drug.rxcui if medication.drug is not None else None,
        )
        for medication in medications
    )


def kept_finding(finding: Finding, names: dict[str, str]) -> KeptFinding:
    """A finding in the words that a review keeps."""
    return KeptFinding(
        finding_id=finding.finding_id,
        screen=finding.screen.value,
        rule_id=finding.rule_id,
        dur_code=finding.dur_code,
        severity=finding.severity.value,
        tier=finding.tier,
        confidence=finding.confidence.value,
        medications=_named(finding.medications, names),
        condition=finding.condition,
        because=finding.because,
        consequence=finding.consequence,
        recommendation=finding.recommendation,
        evidence=finding.evidence,
        citation=finding.citation,
        rank=finding.rank,
    )


def kept_suppressed(suppressed: Suppressed, names: dict[str, str]) -> KeptSuppressed:
    """What was suppressed in the words that a review keeps."""
    return KeptSuppressed(
        screen=suppressed.screen.value,
        rule_id=suppressed.rule_id,
        medications=_named(suppressed.medications, names),
        reason=suppressed.reason.value,
        because=suppressed.because,
    )


def _inferred(inferred: InferredCondition, names: dict[str, str]) -> KeptInferred:
    return KeptInferred(
        condition=inferred.condition,
        name=inferred.name,
        confidence=inferred.confidence.value,
        because=inferred.because,
        medications=_named(inferred.medications, names),
    )
