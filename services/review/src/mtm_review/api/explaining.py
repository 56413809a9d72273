"""Why a rule fires or is silent: each of its steps, for a list that is not kept or a kept review."""

from typing import Annotated

from fastapi import Query
from mtm_shared.contracts import replay as wire
from mtm_shared.contracts.screening import Finding, Suppressed
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import KeptReviews, Known, Reader, ReviewId
from mtm_review.api.shapes import made_by_answer, medications_of, patient_of
from mtm_review.usecases.explaining import Explained, explain_review, explain_rule

router = Router(prefix="/v1", tags=["replays"])
_FAILURES = problem_responses(404, s409="The screen of this rule cannot tell its steps.")


@router.post("/screenings/explain", responses=_FAILURES, summary="Why does a rule fire, or not? Stores nothing")
async def explain_screening(body: wire.ExplainRequest, known: Known, _: Reader) -> wire.Explanation:
    """Each step of the rule for this member; `options` change nothing about it."""
    patient = patient_of(body, known.vocabulary)
    medications = medications_of(body.medications, known.vocabulary)
    return _answer(explain_rule(body.rule_id, patient, medications, body.as_of, known))


@router.get("/reviews/{review_id}/explain", responses=_FAILURES, summary="Why does a rule fire in a review, or not?")
async def explain_kept_review(
    review_id: ReviewId,
    rule_id: Annotated[str, Query(pattern=r"^[A-Za-z0-9._:+-]{1,128}$")],
    reviews: KeptReviews,
    known: Known,
    _: Reader,
) -> wire.Explanation:
    """Each step of the rule for the review's member and list as they stand, by today's knowledge."""
    return _answer(explain_review(rule_id, await reviews.get(review_id), known))


def _answer(told: Explained) -> wire.Explanation:
    return wire.Explanation(
        rule_id=told.rule_id,
        screen=told.screen.value,
        severity=told.severity.value,
        fires=told.fires,
        steps=[wire.Step.model_validate(step, from_attributes=True) for step in told.steps],
        findings=[Finding.model_validate(each, from_attributes=True) for each in told.findings],
        suppressed=[Suppressed.model_validate(each, from_attributes=True) for each in told.suppressed],
        made_by=made_by_answer(told.made_by),
    )
