"""The work on a review: reconciliation, decisions, consultation, completion. Each answers the review as it stands."""

from typing import Annotated

from fastapi import Path
from mtm_shared.contracts import review as wire
from mtm_shared.storage.session import Transaction
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Ongoing, PopulationSource, ReviewId, RulesOfConsultation
from mtm_review.api.examples import ConsultationBody, DecisionBody, MedicationsBody
from mtm_review.api.review_shapes import consultation_of, decided_of, items_of, reconciled_of
from mtm_review.usecases.completing import complete_and_tell
from mtm_review.usecases.working import answer_condition, decide_finding, keep_consultation, reconcile

router = Router(prefix="/v1", tags=["reviews"])
FindingId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
ConditionCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["I50.9"])]
_FAILURES = problem_responses(404, s409="The review is completed, or was changed at the same moment.")


@router.post("/reviews/{review_id}/medications", responses=_FAILURES, summary="Reconcile medications with the member")
async def reconcile_medications(body: MedicationsBody, work: Ongoing) -> wire.Review:
    """Adds medications (OTC, herbal and supplements too) or says more of listed ones, and screens the list again.

    Findings that were decided keep their decision.
    """
    told = [reconciled_of(medication) for medication in body.medications]
    return work.answer(
        await reconcile(work.review_id, body.author, told, work.reviews, work.known, work.unchanged, work.now)
    )


@router.post("/reviews/{review_id}/findings/{finding_id}/decision", responses=_FAILURES, summary="Decide on a finding")
async def decide_on_finding(
    review_id: ReviewId, finding_id: FindingId, body: DecisionBody, work: Ongoing
) -> wire.Review:
    """An accepted finding becomes a to-do item, as given or drafted in the member's language."""
    decided = decided_of(body, work.now)
    actions = tuple(body.actions)
    return work.answer(
        await decide_finding(
            review_id, finding_id, decided, body.topic, actions, work.reviews, work.known, work.unchanged
        )
    )


@router.post(
    "/reviews/{review_id}/conditions/{code}", responses=_FAILURES, summary="Confirm or deny a condition on record"
)
async def answer_for_condition(
    review_id: ReviewId, code: ConditionCode, body: wire.ConditionAnswer, work: Ongoing
) -> wire.Review:
    """Screens again: a denied condition silences its findings, and they are listed as suppressed."""
    return work.answer(
        await answer_condition(
            review_id, code, body.answer, body.author, work.reviews, work.known, work.unchanged, work.now
        )
    )


@router.post("/reviews/{review_id}/consultation", responses=_FAILURES, summary="Record the interactive consultation")
async def record_consultation(body: ConsultationBody, work: Ongoing, rules: RulesOfConsultation) -> wire.Review:
    """When, how, with whom and by whom; recording again corrects the record.

    Refused with the rule: a day ahead or before the enrolment, one that is not in real time, a provider outside the
    list, and somebody in the member's place where the member could take part.
    """
    held = consultation_of(body)
    return work.answer(await keep_consultation(work.review_id, held, work.reviews, rules, work.unchanged, work.now))


@router.post(
    "/reviews/{review_id}/complete",
    responses=problem_responses(
        404, s409="Completed already, no consultation recorded, or a serious finding has no decision."
    ),
    summary="Complete a review",
)
async def complete_open_review(
    body: wire.CompletionRequest, work: Ongoing, session: Transaction, population: PopulationSource
) -> wire.Review:
    """Closes the review for good; a to-do list that would be empty gets one item that encourages.

    A comprehensive review that the member declined, or that was held after the member had left, is not completed.
    """
    items = items_of(body.todo_items)
    return work.answer(
        await complete_and_tell(
            session, work.review_id, body.author, items, population, work.known, work.unchanged, work.now
        )
    )
