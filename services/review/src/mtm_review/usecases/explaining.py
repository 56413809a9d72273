"""Why a rule fires or not for a member: of a request that is not kept, or of a kept review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mtm_review.domain.explaining import explain
from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient
from mtm_review.domain.review import KeptFinding, KeptSuppressed, MadeBy, Review
from mtm_review.domain.ruled import Step
from mtm_review.domain.situation import situation_of
from mtm_review.usecases.listing import as_screened, understood_again, with_status
from mtm_review.usecases.ports import Expertise
from mtm_review.usecases.screening import kept_finding, kept_suppressed, made_by
from mtm_review.usecases.understanding import patient_understood_again


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation in the words that a review keeps."""

    rule_id: str
    screen: Screen
    severity: Severity
    fires: bool
    steps: tuple[Step, ...]
    findings: tuple[KeptFinding, ...]
    suppressed: tuple[KeptSuppressed, ...]
    made_by: MadeBy


def explain_rule(
    rule_id: str,
    patient: Patient,
    medications: Sequence[Medication],
    as_of: date,
    expertise: Expertise,
    names: dict[str, str] | None = None,
    program_id: str | None = None,
) -> Explained:
    """Each step of the rule for this member; raises `RuleNotFound` and `CannotExplain`."""
    told = explain(rule_id, situation_of(patient, medications, as_of, expertise.knowledge))
    return Explained(
        rule_id=rule_id,
        screen=told.screen,
        severity=told.severity,
        fires=told.fires,
        steps=told.steps,
        findings=tuple(kept_finding(finding, names or {}) for finding in told.findings),
        suppressed=tuple(kept_suppressed(item, names or {}) for item in told.suppressed),
        made_by=made_by(expertise, as_of, program_id),
    )


def explain_review(rule_id: str, review: Review, expertise: Expertise) -> Explained:
    """The same of a kept review as it stands, by today's vocabulary and knowledge."""
    patient = patient_understood_again(review.patient, expertise.vocabulary)
    lines = with_status(
        [understood_again(line, expertise.vocabulary) for line in review.medications], patient, review.as_of
    )
    names = {line.medication_id: line.name for line in lines}
    medications = [as_screened(line) for line in lines]
    return explain_rule(rule_id, patient, medications, review.as_of, expertise, names, review.program_id)
