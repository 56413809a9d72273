"""The work on a review: reconciliation, decisions, consultation, completion. One function for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from mtm_review.domain.consultation import ConsultationRules, checked
from mtm_review.domain.lifecycle import (
    annotate,
    complete,
    decide,
    finding_of,
    record_consultation,
    refuse_if_completed,
    screened_again,
    told_what_changed,
    with_answer,
)
from mtm_review.domain.patient import Allergy, Lab
from mtm_review.domain.review import Change, Consultation, Decided, ListedMedication, Review, TodoItem
from mtm_review.domain.todo import draft_item, encouragement
from mtm_review.usecases.display import display_name
from mtm_review.usecases.knowledge import condition_name
from mtm_review.usecases.listing import as_said, understood_again, with_status
from mtm_review.usecases.opening import all_gaps, screen_lines
from mtm_review.usecases.policies import Payer
from mtm_review.usecases.ports import Expertise, Precondition, Reviews
from mtm_review.usecases.understanding import patient_understood_again, understand


class MedicationNotListed(Exception):
    """A reconciliation names a medication that the review does not list; `position` is its place in the request."""

    def __init__(self, position: int) -> None:
        super().__init__("the review lists no such medication")
        self.position = position


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was said of one medication: of a listed one by its id, or a new one by an identifier.

    `said` holds only what was said: a field that nobody mentioned stays as it is.
    """

    medication_id: str | None
    ndc: str | None = None
    rxcui: str | None = None
    name: str | None = None
    said: dict[str, Any] = field(default_factory=dict)


async def reconcile(
    review_id: str,
    author: str,
    told: Sequence[Reconciled],
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Takes what the member says into the list and screens the whole of it again."""
    review = await _for_change(reviews, review_id, unchanged)
    refuse_if_completed(review)
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    for position, one in enumerate(told):
        _take(lines, one, position, expertise)
    count = len(told)
    change = Change(f"{count} medication{'' if count == 1 else 's'} reconciled", author, now)
    return await _save(reviews, screened_anew(review, lines, expertise, change))


async def answer_condition(
    review_id: str,
    code: str,
    answer: str,
    author: str,
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Notes what was said of a condition on record or inferred and screens again; what that changed is told."""
    review = await _for_change(reviews, review_id, unchanged)
    refuse_if_completed(review)
    answered = replace(review, patient=with_answer(review, code, answer))
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    after = screened_anew(answered, lines, expertise, Change(f"condition {code} {answer}", author, now))
    return await _save(reviews, told_what_changed(review, after))


def screened_anew(review: Review, lines: Sequence[ListedMedication], expertise: Expertise, change: Change) -> Review:
    """The review with this list, its patient and payer screened as of its day."""
    patient = patient_understood_again(review.patient, expertise.vocabulary)
    review = replace(review, patient=patient)
    medications = with_status(lines, patient, review.as_of)
    payer = Payer(review.program_id, review.contract_id)
    screened = screen_lines(expertise, patient, medications, review.as_of, payer)
    return screened_again(review, medications, replace(screened, not_checked=all_gaps(review, screened)), change)


def _take(lines: list[ListedMedication], one: Reconciled, position: int, expertise: Expertise) -> None:
    if one.medication_id is None:
        lines.append(_added(one, next_id(lines), expertise))
        return
    for place, line in enumerate(lines):
        if line.medication_id == one.medication_id:
            lines[place] = _corrected(line, one.said)
            return
    raise MedicationNotListed(position)


def next_id(lines: Sequence[ListedMedication]) -> str:
    """An id that no line of the list has."""
    taken = {line.medication_id for line in lines}
    number = len(lines) + 1
    while f"m{number}" in taken:
        number += 1
    return f"m{number}"


def _added(one: Reconciled, medication_id: str, expertise: Expertise) -> ListedMedication:
    understood = understand(expertise.vocabulary, one.ndc, one.rxcui, one.name)
    line = ListedMedication(
        medication_id=medication_id,
        name=display_name(understood.drug, one.name or one.ndc or one.rxcui or ""),
        status="active",
        source="reported",
        ndc=one.ndc,
        rxcui=one.rxcui,
        given=one.name,
        drug=understood.drug,
        problem=understood.problem,
        problem_detail=understood.detail,
    )
    return _corrected(line, {"status": "active", **one.said})


def _corrected(line: ListedMedication, said: dict[str, Any]) -> ListedMedication:
    status = said.get("status")
    line = line if status is None else as_said(line, status)
    return replace(line, **{name: value for name, value in said.items() if name != "status"})


async def decide_finding(
    review_id: str,
    finding_id: str,
    decided: Decided,
    topic: str | None,
    actions: tuple[str, ...],
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
) -> Review:
    """Keeps a decision; an accepted finding becomes a to-do item, as given or drafted in the member's language."""
    review = await _for_change(reviews, review_id, unchanged)
    finding = finding_of(review, finding_id)
    draft = draft_item(review, finding, expertise.wording, condition_name(expertise.knowledge, finding))
    item = replace(draft, topic=topic or draft.topic, actions=actions or draft.actions)
    return await _save(reviews, decide(review, finding_id, decided, item))


async def keep_consultation(
    review_id: str,
    consultation: Consultation,
    reviews: Reviews,
    rules: ConsultationRules,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Keeps the record of the interactive consultation; raises what `checked` raises."""
    review = await _for_change(reviews, review_id, unchanged)
    refuse_if_completed(review)
    held = checked(review, consultation, rules, now.date())
    return await _save(reviews, record_consultation(review, held, now))


async def complete_review(
    review_id: str,
    author: str,
    items: tuple[TodoItem, ...],
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Closes the review for good."""
    review = await _for_change(reviews, review_id, unchanged)
    closing = encouragement(review.language, expertise.wording)
    return await _save(reviews, complete(review, items, closing, author, now))


async def annotate_review(
    review_id: str,
    author: str,
    said: dict[str, Any],
    reviews: Reviews,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Changes the working notes or the planned day; what `said` does not mention stays."""
    review = await _for_change(reviews, review_id, unchanged)
    notes: str | None = said.get("notes", review.notes)
    scheduled_for: date | None = said.get("scheduled_for", review.scheduled_for)
    return await _save(reviews, annotate(review, notes, scheduled_for, author, now))


async def record_facts(
    review_id: str,
    author: str,
    said: dict[str, Any],
    allergies: tuple[Allergy, ...] | None,
    labs: tuple[Lab, ...] | None,
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """Replaces allergies or laboratory results (None keeps them), with what else is `said`, and screens again."""
    review = await _for_change(reviews, review_id, unchanged)
    refuse_if_completed(review)
    given = {"allergies": allergies, "labs": labs}
    told = {name: facts for name, facts in given.items() if facts is not None}
    recorded = replace(review, patient=replace(review.patient, **told), **said)  # type: ignore[arg-type]
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    change = Change(f"{' and '.join([*told, *sorted(said)])} recorded", author, now)
    return await _save(reviews, screened_anew(recorded, lines, expertise, change))


async def _for_change(reviews: Reviews, review_id: str, unchanged: Precondition) -> Review:
    review = await reviews.for_change(review_id)
    unchanged(review)
    return review


async def _save(reviews: Reviews, review: Review) -> Review:
    await reviews.save(review)
    return review
