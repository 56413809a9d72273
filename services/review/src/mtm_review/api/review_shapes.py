"""The wire of stored reviews, in and out. A kept review has the wire's field names, so that it is read as it is."""

from datetime import datetime

from mtm_shared.contracts import review as wire
from mtm_shared.contracts.review import Consultation, MedicationReconciliation, TodoItemIn

from mtm_review.api.shapes import allergy_of, lab_of
from mtm_review.domain import review as kept
from mtm_review.domain.patient import Allergy, Lab
from mtm_review.domain.review import Decided, Decision, TodoItem
from mtm_review.storage.reviews import ReviewLine
from mtm_review.usecases.ports import Understands
from mtm_review.usecases.working import Reconciled

_IDENTIFIERS = frozenset({"medication_id", "ndc", "rxcui", "name"})


def review_answer(review: kept.Review) -> wire.Review:
    """The review as it stands."""
    return wire.Review.model_validate(review, from_attributes=True)


def line_answer(line: ReviewLine) -> wire.ReviewSummary:
    """The review in a list."""
    return wire.ReviewSummary.model_validate(line, from_attributes=True)


def reconciled_of(given: MedicationReconciliation) -> Reconciled:
    """What was said of one medication; fields that the caller left out stay unsaid."""
    said = given.model_dump(include=given.model_fields_set - _IDENTIFIERS)
    return Reconciled(given.medication_id, given.ndc, given.rxcui, given.name, said)


def decided_of(body: wire.FindingDecision, now: datetime) -> Decided:
    """The decision, made now."""
    return Decided(Decision(body.decision), body.reason, body.author, now)


def facts_of(
    body: wire.ReviewPatch, vocabulary: Understands
) -> tuple[tuple[Allergy, ...] | None, tuple[Lab, ...] | None]:
    """The allergies and laboratory results that the body names, each None where it is kept."""
    allergies = None if body.allergies is None else tuple(allergy_of(one, vocabulary) for one in body.allergies)
    return allergies, None if body.labs is None else tuple(lab_of(one) for one in body.labs)


def consultation_of(body: Consultation) -> kept.Consultation:
    """The record of the consultation."""
    return kept.Consultation(**body.model_dump())


def items_of(given: list[TodoItemIn]) -> tuple[TodoItem, ...]:
    """To-do items that do not come from a finding."""
    return tuple(TodoItem(item.topic, tuple(item.actions)) for item in given)
