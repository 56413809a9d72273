"""What a pharmacist asks in a consultation, told from what the review holds and what it lacks.

The first of the three components of a comprehensive review is done behind the scenes: the record is screened, and
what it cannot tell becomes a question. Grave findings come first, then conditions that only drugs show, then gaps of
the list, because directions and reasons are what the written summary needs.
"""

from dataclasses import dataclass

from mtm_review.domain.review import ListedMedication, Review

_GRAVITY = ("contraindicated", "major", "moderate", "minor")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask."""

    about: str
    subject: str
    question: str
    finding_id: str | None = None
    medication_id: str | None = None


def questions_of(review: Review) -> list[Question]:
    """Everything to ask, the most important first."""
    listed = [line for line in review.medications if line.status == "active"]
    return [
        *_findings(review),
        *(
            Question("condition", one.name, f"Ask whether it is known: {one.because}", None, None)
            for one in review.inferred
        ),
        *(question for line in listed for question in _gaps(line)),
        *_allergies(review),
        Question("medication", "other products", "Ask about over-the-counter products, herbals, vitamins and samples."),
    ]


def _findings(review: Review) -> list[Question]:
    undecided = [finding for finding in review.findings if finding.decided is None]
    undecided.sort(key=lambda finding: (_GRAVITY.index(finding.severity), finding.rank))
    return [
        Question(
            "adherence" if finding.screen == "adherence" else "finding",
            " and ".join(medication.name for medication in finding.medications),
            finding.recommendation,
            finding.finding_id,
        )
        for finding in undecided
    ]


def _gaps(line: ListedMedication) -> list[Question]:
    asked = []
    if not line.directions:
        asked.append(Question("medication", line.name, "Ask how it is taken.", None, line.medication_id))
    if not line.reason:
        asked.append(Question("medication", line.name, "Ask what it is taken for.", None, line.medication_id))
    return asked


def _allergies(review: Review) -> list[Question]:
    if review.allergies or (review.consultation is not None and review.consultation.allergies):
        return []
    return [Question("allergies", "allergies", "Ask about allergies and side effects: none are on record.")]
