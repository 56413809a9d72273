"""What may be done to a review, and when: decisions, reconciliation, consultation, completion.

Each step is a function from a review to the next one and leaves a line in `changes`. A comprehensive review needs
its interactive consultation before it is complete (42 CFR 423.153(d)(1)(vii)(B)), and no finding that may do serious
harm is left without a decision. After completion nothing changes: what the member holds on paper is what is stored.
"""

from dataclasses import replace
from datetime import date, datetime

from mtm_review.domain.patient import ANSWERED, CONFIRMED, INFERRED, Condition, Patient
from mtm_review.domain.review import (
    Change,
    Consultation,
    Decided,
    Decision,
    KeptFinding,
    ListedMedication,
    Review,
    ReviewKind,
    ReviewStatus,
    Screened,
    TodoItem,
)

MUST_BE_DECIDED = frozenset({"contraindicated", "major"})


class ReviewCompleted(Exception):
    """The review is complete; nothing about it changes any more."""


class ConsultationRequired(Exception):
    """A comprehensive review cannot be completed before its consultation is recorded."""


class FindingsUndecided(Exception):
    """Findings that may do serious harm have no decision yet."""

    def __init__(self, finding_ids: tuple[str, ...]) -> None:
        super().__init__(f"findings without a decision: {', '.join(finding_ids)}")
        self.finding_ids = finding_ids


class FindingNotFound(Exception):
    """The review has no such finding."""


class ConditionNotFound(Exception):
    """The review knows no such condition."""


def with_answer(review: Review, code: str, answer: str) -> Patient:
    """The patient after what was said of a condition by its code (dotted or not), or `ConditionNotFound`.

    One that only drugs show comes on record when it is confirmed or denied, and leaves it again when that is unknown.
    """
    patient = review.patient
    plain = code.replace(".", "").upper()

    def named(condition: Condition) -> bool:
        return code in (condition.given, condition.code, condition.snomed) or condition.icd10 == plain

    if any(named(condition) for condition in patient.conditions):
        told = (_answered(one, answer) if named(one) else one for one in patient.conditions)
        return replace(patient, conditions=tuple(one for one in told if one is not None))
    if all(inferred.condition != code for inferred in review.inferred):
        raise ConditionNotFound
    if answer == "unknown":
        return patient
    added = Condition(code, code=code, source=ANSWERED, denied=answer == "denied")
    return replace(patient, conditions=(*patient.conditions, added))


def _answered(condition: Condition, answer: str) -> Condition | None:
    """The condition after the answer; None where it stood on record only because of an earlier answer."""
    if condition.source == ANSWERED and answer == "unknown":
        return None
    if condition.source in (INFERRED, CONFIRMED):
        condition = replace(condition, source=CONFIRMED if answer == "confirmed" else INFERRED)
    return replace(condition, denied=answer == "denied")


def refuse_if_completed(review: Review) -> None:
    """Raise `ReviewCompleted` when the review is."""
    if review.status is ReviewStatus.COMPLETED:
        raise ReviewCompleted


def _next(review: Review, change: str, author: str, at: datetime) -> Review:
    refuse_if_completed(review)
    return replace(review, version=review.version + 1, changes=(*review.changes, Change(change, author, at)))


def finding_of(review: Review, finding_id: str) -> KeptFinding:
    """The review's finding with this id, or `FindingNotFound`."""
    for finding in review.findings:
        if finding.finding_id == finding_id:
            return finding
    raise FindingNotFound


def decide(review: Review, finding_id: str, decided: Decided, item: TodoItem) -> Review:
    """Keep the decision on a finding; `item` joins the to-do list if it is accepted, and leaves it otherwise."""
    finding_of(review, finding_id)
    changed = _next(review, f"finding {finding_id} {decided.decision}", decided.author, decided.at)
    others = tuple(kept for kept in review.todo_items if kept.finding_id != finding_id)
    return replace(
        changed,
        findings=tuple(
            replace(finding, decided=decided) if finding.finding_id == finding_id else finding
            for finding in review.findings
        ),
        todo_items=(*others, item) if decided.decision is Decision.ACCEPTED else others,
    )


def screened_again(
    review: Review, medications: tuple[ListedMedication, ...], screened: Screened, change: Change
) -> Review:
    """The review with another list and its findings; a finding that was decided keeps its decision, and its place.

    A decided finding that no longer fires (the duplicate was stopped, say) stays after the current ones: it is the
    record of why the list changed.
    """
    decided = {finding.finding_id: finding for finding in review.findings if finding.decided is not None}
    current = tuple(
        replace(finding, decided=decided[finding.finding_id].decided) if finding.finding_id in decided else finding
        for finding in screened.findings
    )
    shown = {finding.finding_id for finding in current}
    settled = tuple(finding for finding_id, finding in decided.items() if finding_id not in shown)
    return replace(
        _next(review, change.change, change.author, change.at),
        medications=medications,
        findings=(*current, *settled),
        suppressed=screened.suppressed,
        not_checked=screened.not_checked,
        coverage=screened.coverage,
        made_by=screened.made_by,
        inferred=screened.inferred,
    )


def told_what_changed(before: Review, after: Review) -> Review:
    """The review whose last change also says how many findings came and went by it, where any did."""
    decided = {finding.finding_id for finding in after.findings if finding.decided is not None}
    old = {finding.finding_id for finding in before.findings} - decided
    new = {finding.finding_id for finding in after.findings} - decided
    if old == new:
        return after
    last = after.changes[-1]
    text = f"{last.change}; findings: {len(new - old)} new, {len(old - new)} gone"
    return replace(after, changes=(*after.changes[:-1], replace(last, change=text)))


def record_consultation(review: Review, consultation: Consultation, at: datetime) -> Review:
    """Keep the consultation; a later record corrects an earlier one."""
    change = "consultation recorded" if review.consultation is None else "consultation corrected"
    return replace(_next(review, change, consultation.author, at), consultation=consultation)


def annotate(review: Review, notes: str | None, scheduled_for: date | None, author: str, at: datetime) -> Review:
    """Replace the pharmacist's working notes and the day that the review is planned for."""
    changed = [
        name
        for name, before, after in (
            ("notes", review.notes, notes),
            ("scheduled_for", review.scheduled_for, scheduled_for),
        )
        if before != after
    ]
    change = f"{' and '.join(changed)} changed" if changed else "saved without a change"
    return replace(_next(review, change, author, at), notes=notes, scheduled_for=scheduled_for)


def complete(review: Review, items: tuple[TodoItem, ...], encouragement: TodoItem, author: str, at: datetime) -> Review:
    """Close the review; a to-do list that would be empty gets `encouragement` as its only item.

    Raises `ReviewCompleted`, `ConsultationRequired` or `FindingsUndecided`.
    """
    closed = _next(review, "review completed", author, at)
    if review.kind is ReviewKind.CMR and review.consultation is None:
        raise ConsultationRequired
    undecided = tuple(
        finding.finding_id
        for finding in review.findings
        if finding.decided is None and finding.severity in MUST_BE_DECIDED
    )
    if undecided:
        raise FindingsUndecided(undecided)
    todo_items = (*review.todo_items, *items) or (encouragement,)
    return replace(closed, status=ReviewStatus.COMPLETED, completed_at=at, todo_items=todo_items)
